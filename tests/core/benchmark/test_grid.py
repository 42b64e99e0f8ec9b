"""Cells are measured on rows of their own, and beside what they are compared with."""

import grid
import later
import orjson
import pytest
import rows
import soak
from grid import Cell, Times

TIMES = Times(0.2, 0.1)


def test_a_resolve_brings_its_comparisons():
    assert grid.only_cells("resolve:1000:4") == [
        Cell("floor", 1000, 2),
        Cell("resolve", 1000, 4),
    ]
    assert grid.only_cells("link:1:8,resolve:1:4") == [
        Cell("floor", 1, 2),
        Cell("bare", 1, 4),
        Cell("resolve", 1, 4),
        Cell("link", 1, 8),
    ]
    assert grid.only_cells("drain:1000:4,intake:1:4") == [
        Cell("bare", 1, 4),
        Cell("link", 1000, 4),
        Cell("intake", 1, 4),
        Cell("drain", 1000, 4),
    ]
    assert grid.only_cells("search:2:20,page-login:1:20") == [
        Cell("page-bare", 1, 20),
        Cell("page-login", 1, 20),
        Cell("route", 1, 20),
        Cell("search", 2, 20),
    ]


@pytest.mark.parametrize("name", ["resolve", "resolve:1", "erase:1:1", "link:x:1"])
def test_a_cell_that_does_not_exist_is_refused(name):
    with pytest.raises(ValueError, match=r"."):
        grid.only_cells(name)


def test_what_is_compared_stands_side_by_side():
    cells = grid.all_cells()
    place = {cell: number for number, cell in enumerate(cells)}

    for users in grid.USERS:
        assert place[Cell("resolve", 1, users)] == place[Cell("bare", 1, users)] + 1
    for batch in (100, 1000, 2000):
        assert place[Cell("resolve", batch, 1)] == place[Cell("floor", batch, 2)] + 1
    written = [cell.what in grid.WRITING for cell in cells]
    assert written == sorted(written)


def test_the_grid_has_each_cell_once():
    cells = grid.all_cells()

    assert len(set(cells)) == len(cells) == 4 + 3 + 12 + 6 + 6 + 3 + 9 + 2 + 1 + 1 + 17
    assert set(grid.quick_cells()) <= set(cells)


@pytest.mark.parametrize(("batch", "count"), [(1, 300), (1000, 30), (10**6, 2)])
def test_what_waits_is_worked_off_in_some_seconds(batch, count):
    assert later.drained(3.0, batch) == count
    pool = later.pool_of(2, 3, rows.LINK_FROM)
    assert [len(set(body.ids)) for body in pool] == [3, 3]
    assert all(body.is_later for body in pool)


@pytest.mark.parametrize("what", ["link", "unlink"])
def test_ids_are_linked_and_unlinked_once(what):
    cell = Cell(what, 1000, 4)
    first = grid.first_row(cell, 3)
    ids = [i for body in grid.make_pool(cell, TIMES, 100, first) for i in body.ids]

    assert len(set(ids)) == len(ids) >= 4000
    assert len(ids) <= grid.rows_needed(cell, TIMES)


def test_an_update_never_writes_the_address_that_is_there():
    cell = Cell("update", 1000, 4)
    times = Times(8.0, 0.0)
    count = grid.rows_needed(cell, times)
    pool = list(grid.make_pool(cell, times, 100, rows.UPDATE_FROM))
    turn = count // cell.batch

    assert len(pool) > turn
    assert pool[0].ids == pool[turn].ids
    first = rows.fa_of(rows.UPDATE_FROM)
    assert len({first, _address(pool[0]), _address(pool[turn])}) == 3


def _address(body):
    """The address of the first item of a message."""
    message = orjson.loads(b"id".join(body.pieces))
    return message["message"]["update_request"][0]["fa"]


def test_cells_do_not_meet():
    starts = {
        grid.first_row(Cell(what, 1000, 4), fresh)
        for what in ("link", "update", "unlink")
        for fresh in range(90)
    }
    assert len(starts) == 270
    assert min(starts) >= rows.UPDATE_FROM
    for seconds in (10, 1000):
        times = Times(seconds, 2)
        assert grid.rows_needed(Cell("unlink", 1000, 8), times) <= 1_000_000


def test_updates_give_a_row_many_addresses():
    assert len({rows.fa_of(5, salt) for salt in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("sizes", "flat"),
    [
        ([100.0], True),
        ([80.0, 120.0, 121.0, 120.0, 121.0, 122.0], True),
        ([100.0, 100.0, 100.0, 104.0, 108.0, 112.0], True),
        ([100.0, 110.0, 120.0, 130.0, 140.0, 150.0], False),
        ([200.0 + minute for minute in range(60)], False),
    ],
)
def test_growth_of_memory_is_seen(sizes, flat):
    assert soak.is_flat(sizes) is flat
