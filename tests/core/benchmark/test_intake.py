"""The list that is brought in has the benchmark's rows, and each step is timed."""

import csv

import intake
import rows


def test_the_list_has_the_rows(tmp_path):
    path = intake.write_list(tmp_path / "list.csv", 3, 7)
    with path.open(newline="") as source:
        found = list(csv.DictReader(source))
    assert [one["fa"] for one in found] == [rows.fa_of(n) for n in (7, 8, 9)]
    assert found[0]["reference_id"] == "7"


def test_each_step_is_timed_from_the_end_of_the_one_before(monkeypatch):
    moments = iter([10.0, 12.5, 12.75])
    monkeypatch.setattr(intake.time, "perf_counter", lambda: next(moments))
    clock = intake.Clock()
    clock.note("upload")
    clock.note("read")
    assert clock.steps == {"upload": 2.5, "read": 0.25}
