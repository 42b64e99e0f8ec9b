"""All screens of the back office are measured, and the slowest request is told."""

import re
from pathlib import Path

import grid
import jobs
import load
import past
import pytest
import screens
import workbench
from figures import Summary, add_ratios
from messages import Body

ROOT = Path(__file__).resolve().parents[3]
_ACTION = re.compile(r'<record [^>]*model="ir.actions.act_window">.*?</record>', re.S)
_PATH = re.compile(r'<field name="path">spar-([a-z-]+)</field>')
_KINDS = re.compile(r'<field name="view_mode">([a-z,]+)</field>')


def listed_paths():
    """Paths of all actions of the addons that show a list."""
    for file in ROOT.glob("g2p_spar_*/views/*.xml"):
        for action in _ACTION.findall(file.read_text()):
            path, kinds = _PATH.search(action), _KINDS.search(action)
            if path and (not kinds or "list" in kinds[1]):
                yield path[1]


def test_each_screen_with_a_list_has_a_cell():
    assert sorted(set(listed_paths()) - set(workbench.PATHS)) == []
    assert sorted(set(workbench.PATHS) - set(listed_paths())) == []


def test_the_workbench_has_each_cell_once_beside_a_list_of_odoo():
    cells = grid.only_cells("workbench,workbench-groups")

    assert [cell.what for cell in cells] == list(workbench.WHATS)
    assert grid.only_cells("dashboard:1:2") == [
        grid.Cell("list-bare", 1, 2),
        grid.Cell("dashboard", 1, 2),
    ]


def test_lists_are_compared_with_a_list_of_odoo():
    common = {"label": "spar", "batch": 1, "users": 2, "records_per_s": 1.0}
    common |= {"requests_per_s": 1.0, "p50_ms": 1.0}
    bare = {**common, "what": "list-bare", "p95_ms": 50.0}
    results = [{**common, "what": w, "p95_ms": 100.0} for w in ("dashboard", "find-x")]

    compared = add_ratios([{**one, "cores": {}} for one in (bare, *results)])

    assert [one.get("p95_times") for one in compared] == [None, 2.0, 2.0]


def sample(name, seconds):
    """An answer to a request."""
    return load.Sample(0.0, seconds, Body("", (), [name], None), 200, b"")


def test_the_slowest_request_is_told():
    quick = [sample("a", 0.1)] * 100

    assert workbench.slowest([sample("b", 9.0)], [*quick, sample("b", 0.2)]) == {
        "name": "b",
        "p95_ms": 200.0,
    }
    assert workbench.slowest([sample("b", 9.0)], quick)["p95_ms"] == 9000.0


def test_answers_slower_than_the_window_are_told():
    empty = Summary(1.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)
    body = screens.Click("a", "x", "y", {}).body({})
    answers = [
        load.Sample(0.0, 2.0, body, 200, b'{"result": 1}'),
        load.Sample(0.0, 4.0, body, 200, b'{"error": "no"}'),
    ]

    summary = workbench.with_latencies(empty, answers)

    assert (summary.p50_ms, summary.p95_ms) == (2000.0, 4000.0)
    assert (summary.requests, summary.errors, summary.wrong) == (2, 0, 1)


def test_a_job_tells_its_seconds_and_its_memory():
    assert jobs.read("noise\nBENCH [[0.5, 1.5], 120.5]\nbye") == ([0.5, 1.5], 120.5)
    with pytest.raises(ValueError, match="told nothing"):
        jobs.read("Traceback")


def test_the_past_has_all_kinds_alike():
    assert len(past.KINDS) == 20
    assert past.KINDS.count("update") == 6
