"""The command line means what it says, and a bad answer is not a success."""

import json

import pytest
import run


@pytest.mark.parametrize(
    ("arguments", "seconds", "warmup", "cells"),
    [
        ([], 10.0, 2.0, 64),
        (["--quick"], 3.0, 1.0, 20),
        (["--quick", "--seconds", "5"], 5.0, 1.0, 20),
        (["--only", "resolve:1000:4", "--warmup", "0"], 10.0, 0.0, 2),
        (["--only", "portal"], 10.0, 2.0, 17),
        (["--only", "workbench-groups"], 10.0, 2.0, 13),
    ],
)
def test_options(arguments, seconds, warmup, cells):
    options = run.parse(arguments)

    assert (options.seconds, options.warmup) == (seconds, warmup)
    assert len(run.chosen_cells(options)) == cells


@pytest.mark.parametrize(
    ("result", "is_bad"),
    [
        ({"label": "spar", "errors": 0, "wrong": 0}, False),
        ({"label": "spar", "errors": 1, "wrong": 0}, True),
        ({"label": "bare", "errors": 0, "wrong": 1}, True),
        ({"label": "peer", "errors": 9, "wrong": 9}, False),
        ({"label": "soak", "errors": 0, "wrong": 2, "flat": True}, True),
        ({"label": "soak", "errors": 0, "wrong": 0, "flat": True}, False),
        ({"label": "soak", "errors": 0, "wrong": 0, "flat": False}, True),
    ],
)
def test_only_our_own_wrong_answers_fail_the_run(result, is_bad):
    assert run.bad(result) is is_bad


def test_figures_are_kept_as_lines_of_json(tmp_path):
    path = run.write(tmp_path, {"fsync": "on"}, [{"what": "floor"}, {"what": "bare"}])
    about, *results = map(json.loads, path.read_text().splitlines())

    assert about["fsync"] == "on"
    assert results == [{"what": "floor"}, {"what": "bare"}]
