"""The test run counts honestly: what is skipped or complained about has failed."""

import pytest

from spar_env.testing import Count, complaints, read_log, read_report

STAMP = "2026-11-23 03:03:20,390 5999"
RESULT = f"{STAMP} INFO db odoo.tests.result: {{}} failed, {{}} error(s) of {{}} tests"


@pytest.mark.parametrize(
    ("lines", "code", "count"),
    [
        ([RESULT.format(0, 0, 12)], 0, Count(12, 0)),
        ([RESULT.format(1, 2, 12)], 1, Count(9, 3)),
        ([RESULT.format(0, 0, 12)], 1, Count(11, 1)),
        ([RESULT.format(0, 0, 0)], 0, Count(0, 1)),
        ([], 0, Count(0, 1)),
        (
            [
                f"{STAMP} INFO db odoo.tests: skipped T.test_a : no x",
                RESULT.format(0, 0, 9),
            ],
            0,
            Count(8, 1),
        ),
        (
            [f"{STAMP} WARNING db odoo.x: careful", RESULT.format(0, 0, 9)],
            0,
            Count(8, 1),
        ),
        (
            [f"{STAMP} ERROR db odoo.x: broken", RESULT.format(0, 0, 9)],
            0,
            Count(8, 1),
        ),
    ],
)
def test_log_of_odoo(lines, code, count):
    assert read_log("\n".join(lines), code) == count


def test_a_failed_test_is_counted_once_and_shown_with_its_traceback():
    error = f"{STAMP} ERROR db odoo.x: ERROR: T.test_a\nTraceback:\n  the place\nE: why"
    log = f"{error}\n{STAMP} INFO db odoo.x: fine\n{RESULT.format(0, 1, 9)}"

    count = read_log(log, 1)

    assert count == Count(8, 1)
    assert complaints(log) == [error]
    assert count.faults == ("db odoo.x: ERROR: T.test_a: E: why",)


@pytest.mark.parametrize(
    ("attributes", "code", "count"),
    [
        ('tests="5" failures="0" errors="0" skipped="0"', 0, Count(5, 0)),
        ('tests="5" failures="1" errors="1" skipped="1"', 1, Count(2, 3)),
        ('tests="5" failures="0" errors="0" skipped="1"', 0, Count(4, 1)),
        ('tests="5" failures="0" errors="0" skipped="0"', 2, Count(5, 1)),
    ],
)
def test_report_of_pytest(tmp_path, attributes, code, count):
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite {attributes}/></testsuites>")

    assert read_report(report, code) == count


def test_a_missing_report_is_a_failure(tmp_path):
    assert read_report(tmp_path / "none.xml", 0) == Count(0, 1)
    assert read_report(tmp_path / "none.xml", 3).faults == (
        "none tests ended with code 3",
    )


def test_a_report_names_each_test_that_did_not_pass(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="4" failures="1" errors="1" skipped="1">'
        '<testcase classname="tests.a" name="one"/>'
        '<testcase classname="tests.a" name="two">'
        '<failure message="assert 1 == 2&#10;and more"/></testcase>'
        '<testcase classname="tests.a" name="three"><error message="no"/></testcase>'
        '<testcase classname="tests.b" name="four"><skipped message="x"/></testcase>'
        "</testsuite></testsuites>"
    )

    assert read_report(report, 1).faults == (
        "tests.a.two: assert 1 == 2",
        "tests.a.three: no",
        "tests.b.four: x",
    )


@pytest.mark.parametrize(
    ("lines", "code", "fault"),
    [
        ([], 1, "Odoo: 0 passed, 1 failed (code 1)"),
        ([RESULT.format(0, 0, 12)], 1, "Odoo: 11 passed, 1 failed (code 1)"),
        ([f"{STAMP} WARNING db odoo.x: careful"], 0, "db odoo.x: careful"),
    ],
)
def test_what_odoo_complains_of_is_named(lines, code, fault):
    assert read_log("\n".join(lines), code).faults == (fault,)


def test_the_summary_names_what_failed_and_ends_with_the_counts():
    total = Count(3, 1, ("a.one: no",)) + Count(2, 1, ("b.two: never",))

    assert total.summary().splitlines() == [
        "Failed:",
        "    a.one: no",
        "    b.two: never",
        "5 passed, 2 failed",
    ]
    assert Count(5, 0).summary() == "5 passed, 0 failed"


def test_the_summary_is_short_whatever_happened():
    lines = Count(0, 100, ("x" * 999,) * 100).summary().splitlines()

    assert len(lines) <= 40
    assert max(map(len, lines)) <= 204
    assert lines[-2:] == ["    and 63 more", "0 passed, 100 failed"]
