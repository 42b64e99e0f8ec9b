"""Figures say what they claim, and compare like with like."""

import figures
import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 0.5, 7.0),
        ([1.0, 2.0], 0.5, 1.0),
        ([1.0, 2.0, 3.0], 0.5, 2.0),
        ([*map(float, range(1, 101))], 0.95, 95.0),
        ([*map(float, range(1, 101))], 0.99, 99.0),
        ([*map(float, range(1, 101))], 1.0, 100.0),
    ],
)
def test_percentile(values, share, expected):
    assert figures.percentile(values, share) == expected


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=200),
    st.sampled_from([0.01, 0.5, 0.95, 0.99, 1.0]),
)
def test_percentile_is_the_smallest_value_that_covers_the_share(values, share):
    ranked = sorted(values)
    found = figures.percentile(ranked, share)
    covered = sum(value <= found for value in ranked)
    smaller = sum(value < found for value in ranked)

    assert covered >= share * len(ranked) - 1e-9
    assert smaller < share * len(ranked)


def test_rate_and_ratio_without_a_base():
    assert figures.rate(10, 0) == 0
    assert figures.ratio(10, 0) is None
    assert figures.ratio(1, 3) == 0.333


def _result(label, what, batch, users, records, requests=0.0):
    return {
        "label": label,
        "what": what,
        "batch": batch,
        "users": users,
        "records_per_s": records,
        "requests_per_s": requests,
        **{"p50_ms": 1.0, "p95_ms": 2.0, "p99_ms": 3.0, "errors": 0, "wrong": 0},
        "cores": {"server": 1.0, "client": 0.1, "other": 0.0},
    }


RESULTS = [
    _result("floor", "floor", 1, 2, 400.0),
    _result("floor", "floor", 1000, 2, 2000.0),
    _result("bare", "bare", 1, 1, 100.0, 100.0),
    _result("bare", "bare", 1, 4, 200.0, 200.0),
    _result("spar", "resolve", 1, 4, 150.0, 150.0),
    _result("spar", "resolve", 1000, 4, 1200.0, 1.2),
    _result("spar", "link", 1000, 4, 90.0, 0.1),
    _result("peer", "resolve", 1000, 4, 300.0, 0.3),
    _result("peer", "link", 1000, 8, 10.0, 0.1),
]


def test_ratios_compare_cells_of_the_same_size():
    single, batch, link = figures.add_ratios(RESULTS)[4:7]

    assert single["of_floor"] == 0.375
    assert single["of_bare"] == 0.75
    assert "of_peer" not in single
    assert batch["of_floor"] == 0.6
    assert batch["of_peer"] == 4.0
    assert "of_bare" not in batch
    assert "of_floor" not in link
    assert "of_peer" not in link


def test_what_is_done_later_is_compared_with_what_is_done_at_once():
    bare = _result("bare", "bare", 1, 4, 200.0, 200.0)
    link = _result("spar", "link", 1000, 4, 100.0)
    intake = _result("spar", "intake", 1000, 4, 500.0) | {"p50_ms": 2.5}
    drain = _result("spar", "drain", 1000, 4, 80.0)

    *_bases, intake, drain = figures.add_ratios([bare, link, intake, drain])

    assert intake["times_bare"] == 2.5
    assert drain["of_link"] == 0.8
    assert "of_link" not in intake


def test_what_sealing_costs_is_a_share_of_the_whole():
    plain = _result("spar", "resolve", 1000, 4, 100_000.0)
    sealed = _result("spar", "jws", 1000, 4, 80_000.0)
    other = _result("spar", "jwe", 1, 4, 80_000.0)

    *_plain, sealed, other = figures.add_ratios([plain, sealed, other])

    assert sealed["share"] == 0.2
    assert other["share"] is None


def test_processor_time_counts_who_does_the_work():
    result = _result("spar", "resolve", 1000, 4, 100_000.0)
    result["cores"] = {"server": 1.0, "db": 0.5, "client": 0.3, "other": 0.2}
    unwatched = result | {"cores": {"client": 0.3, "other": 1.0}}

    assert figures.cpu_microseconds(result) == 15.0
    assert figures.cpu_microseconds(result | {"what": "floor"}) == 8.0
    assert figures.cpu_microseconds(result | {"records_per_s": 0.0}) is None
    assert figures.cpu_microseconds(unwatched) is None


def test_pages_and_searches_have_bare_ones_of_their_own():
    names = ("page-bare", "route", "bare", "page-overview", "search")
    results = [_result("spar", name, 1, 20, 1.0) for name in names]
    for result, slow in zip(results, (40.0, 10.0, 2.0, 60.0, 25.0), strict=True):
        result["p95_ms"] = slow

    *bases, page, search = figures.add_ratios(results)

    assert page["p95_times"] == 1.5
    assert search["p95_times"] == 2.5
    assert not any("p95_times" in base for base in bases)


def test_every_line_of_the_table_has_every_column():
    lines = figures.table(figures.add_ratios(RESULTS)).splitlines()

    assert len(lines) == len(RESULTS) + 2
    assert {line.count("|") for line in lines} == {len(figures.COLUMNS) + 1}
    assert "| 0.60 |" in lines[7]


def test_rounds_become_medians_and_errors_add_up():
    rounds = [_result("spar", "link", 1000, 4, speed) for speed in (9.0, 1.0, 5.0)]
    rounds[0]["errors"] = rounds[2]["errors"] = 2
    rounds[1]["cores"] = {"server": 0.5, "client": 0.3, "other": 0.8}
    rounds[2]["of_peer"] = 7.0
    single = _result("spar", "link", 1, 4, 3.0)

    link, other = figures.medians([*rounds, single])

    assert link["records_per_s"] == 5.0
    assert link["errors"] == 4
    assert link["cores"] == {"server": 1.0, "client": 0.1, "other": 0.0}
    assert link["of_peer"] == 7.0
    assert other["records_per_s"] == 3.0
