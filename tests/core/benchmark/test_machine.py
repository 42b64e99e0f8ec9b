"""Processor time is given to whom it belongs."""

import os
import subprocess
import sys

import machine
from machine import Snapshot


def test_what_nobody_watched_is_other():
    before = Snapshot(10.0, {"server": 1.0, "client": 5.0, "machine": 100.0}, {})
    after = Snapshot(14.0, {"server": 5.0, "client": 6.0, "machine": 107.0}, {})

    assert machine.cores(before, after) == {
        "server": 1.0,
        "client": 0.25,
        "other": 0.5,
    }


def test_ticks_of_the_clock_do_not_make_less_than_nothing():
    before = Snapshot(0.0, {"client": 0.0, "machine": 0.0}, {})
    after = Snapshot(1.0, {"client": 1.0, "machine": 0.98}, {})

    assert machine.cores(before, after)["other"] == 0.0


def test_only_processes_that_worked_are_named_the_busiest_first():
    before = Snapshot(0.0, {}, {1: 0.0, 2: 3.0, 3: 1.0})
    after = Snapshot(1.0, {}, {1: 9.0, 2: 3.5, 3: 1.0, 4: 0.7})

    assert machine.busiest(before, after, {1}) == [4, 2]


def test_a_tree_has_the_children_of_children():
    inner = "input()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", outer], stdin=subprocess.PIPE
    ) as process:
        while len(machine.tree(process.pid)) < 2 and process.poll() is None:
            pass
        found = machine.tree(os.getpid())
        expected = set(machine.tree(process.pid))
        process.communicate(b"\n")

    assert len(expected) == 2
    assert {os.getpid(), process.pid} <= expected | set(found)
    assert expected <= set(found)


def test_a_process_that_is_gone_has_no_memory_and_no_time():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()

    assert machine.resident_megabytes(process.pid) == 0.0
    assert machine.snapshot({"gone": process.pid}).used["gone"] == 0.0


def test_a_snapshot_knows_our_own_work():
    before = machine.snapshot({"us": os.getpid(), "none": 0})
    while machine.snapshot({}).used["client"] - before.used["client"] < 0.05:
        sum(range(10_000))
    after = machine.snapshot({"us": os.getpid(), "none": 0})

    assert after.used["us"] > before.used["us"]
    assert "none" not in after.used
    assert machine.resident_megabytes(os.getpid()) > 1


def test_a_peak_is_remembered_until_it_is_forgotten():
    program = "x = bytearray(50_000_000); del x; print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        peak = machine.peak_megabytes(process.pid)
        machine.forget_peaks([process.pid])
        later = machine.peak_megabytes(process.pid)
        process.communicate(b"\n")

    assert peak > 45
    assert later < peak - 40
    assert machine.peak_megabytes(process.pid) == 0.0
