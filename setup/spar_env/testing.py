"""``make test``: every test there is, from a checkout with nothing prepared.

Three runners one after the other, each counted; a test that was skipped counts as
failed, since nobody would see what it no longer proves. The addons' tests run in a
database and a cluster of their own below ``.run/test``.
"""

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import browser, database, server, system
from .console import say, step
from .postgres import Cluster
from .settings import Settings

QUICK = ("tests/environment", "tests/architecture", "tests/core")
# These run before, or are no tests.
NOT_BLACK_BOX = (*QUICK, "tests/addons", "tests/bench", "tests/superset")
# Odoo's own checks of addons. Left out is what searches the whole checkout, where the
# virtual environment lies, and what the design decides otherwise: the service has
# verbs named like methods of the ORM, and composite indexes serve two purposes.
ODOO_CHECKS = "test_lint"
ODOO_CHECK_CLASSES = ("RoutesLinter", "TestNaming", "TestTestHoles")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
SKIPPED = re.compile(r": skipped |SkipTest")
RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:)", re.MULTILINE)
COMPLAINT = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
# Of a JUnit report: attributes of a suite, and the same as children of a test.
BAD_COUNTS = ("failures", "errors", "skipped")
BAD_TAGS = ("failure", "error", "skipped")
# Lines of Odoo's log that say nothing about this project.
HARMLESS = (
    re.compile(r"odoo\.tools\.config: .*unknown option"),
    re.compile(r"odoo\.addons\.base\.models\.ir_actions_report: .*wkhtmltopdf"),
)
# What is kept of a long output is its end: the list of what failed fits into that.
LONGEST_LIST = 37
LONGEST_LINE = 200


@dataclass(frozen=True)
class Count:
    """Outcome of one runner.

    :param int passed: tests that passed
    :param int failed: tests that failed, ended in an error, or were skipped
    :param tuple faults: a line for each of those: the test, and what it said
    """

    passed: int = 0
    failed: int = 0
    faults: tuple[str, ...] = field(default=(), compare=False)

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.faults + other.faults,
        )

    def summary(self) -> str:
        """What failed, a line each, and last ``N passed, N failed``."""
        shown = [f"    {line[:LONGEST_LINE]}" for line in self.faults[:LONGEST_LIST]]
        left_out = len(self.faults) - len(shown)
        return "\n".join(
            [
                *(["Failed:"] if shown else []),
                *shown,
                *([f"    and {left_out} more"] if left_out else []),
                f"{self.passed} passed, {self.failed} failed",
            ]
        )


def test(settings: Settings) -> int:
    """Run all tests; print what failed and, last, ``N passed, N failed``.

    :return: 0 when there were tests and none failed
    """
    scratch = replace(
        settings,
        run=settings.run / "test",
        db="spar_test",
        port=server.free_port(),
        workers=0,
    )
    chromium = browser.ensure(settings)
    cluster = system.prepare(scratch, tests=True)
    environ = _environment(scratch, chromium)
    try:
        total = quick_tests(scratch, environ)
        total += addon_tests(scratch, cluster, environ)
        total += black_box_tests(scratch, environ)
    finally:
        system.down(scratch)
    say(total.summary())
    return 0 if total.passed and not total.failed else 1


def test_superset(settings: Settings) -> int:
    """Run the tests of the dashboard in a Superset, which is fetched for them.

    :return: 0 when there were tests and none failed
    """
    chromium = browser.ensure(settings)
    system.prepare(settings, tests=True)
    environ = _environment(settings, chromium)
    count = _pytest(settings, environ, "superset", ["tests/superset"])
    say(count.summary())
    return 0 if count.passed and not count.failed else 1


def quick_tests(settings: Settings, environ: dict[str, str]) -> Count:
    """Tests without a database, and the examples in the docstrings of ``core/``."""
    folders = [name for name in QUICK if (settings.root / name).exists()]
    return _pytest(settings, environ, "quick", folders)


def addon_tests(settings: Settings, cluster: Cluster, environ: dict[str, str]) -> Count:
    """Install the addons in a database made anew and run their tests with Odoo.

    A WARNING or ERROR in Odoo's log fails like a test.
    """
    examples = (settings.root / "tests" / "addons").glob("*/__manifest__.py")
    names = [*settings.addons(), *sorted(path.parent.name for path in examples)]
    database.create(settings, cluster)
    log = settings.run / "odoo-test.log"
    command = [settings.odoo_bin, "-c", settings.conf, "-d", settings.db]
    command += ["-i", ",".join([*names, ODOO_CHECKS])]
    tags = [f"/{name}" for name in names]
    tags += [f"/{ODOO_CHECKS}:{name}" for name in ODOO_CHECK_CLASSES]
    command += ["--test-tags", ",".join(tags), "--stop-after-init", "--workers=0"]
    with step(f"Odoo tests of {', '.join(names)}"), log.open("w") as sink:
        done = subprocess.run(
            list(map(str, command)),
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=environ,
            cwd=settings.run,
            check=False,
        )
    return read_log(log.read_text(errors="replace"), done.returncode)


def black_box_tests(settings: Settings, environ: dict[str, str]) -> Count:
    """Tests against a really running server, over HTTP and in a browser."""
    ignored = [f"--ignore={name}" for name in NOT_BLACK_BOX]
    return _pytest(settings, environ, "black-box", ["tests", *ignored])


def read_log(text: str, code: int) -> Count:
    """Count what Odoo's log of a test run says.

    :param text: the whole log
    :param code: exit code of Odoo
    """
    results = RESULT.findall(text) or [(0, 0, 0)]
    failed, errors, ran = map(sum, zip(*(map(int, r) for r in results), strict=True))
    bad = complaints(text)
    for complaint in bad:
        say(complaint)
    # A failed test is also an error in the log: not to be counted twice.
    failed = failed + errors or len(bad) or int(bool(code) or not ran)
    passed = max(ran - failed, 0)
    ending = f"Odoo: {passed} passed, {failed} failed (code {code})"
    say(f"    {ending}")
    faults = tuple(map(_fault_of, bad)) or (ending,) * bool(failed)
    return Count(passed, failed, faults)


def complaints(text: str) -> list[str]:
    """Records of a log that report a skip, a warning or an error, tracebacks included.

    :param text: the whole log; a record may go on over several lines
    """
    records = RECORD.split(text)
    return [record.rstrip() for record in records if _complains(record)]


def _fault_of(complaint: str) -> str:
    """A record of Odoo's log in one line: what it is about, and the error's own."""
    first, *more = complaint.splitlines()
    about = COMPLAINT.sub("", first)
    said = [line for line in more if not line.startswith((" ", "Traceback"))]
    return f"{about}: {said[0]}" if said else about


def _complains(record: str) -> bool:
    first = record.partition("\n")[0]
    if any(pattern.search(first) for pattern in HARMLESS):
        return False
    return bool(COMPLAINT.match(first) or SKIPPED.search(first))


def _pytest(
    settings: Settings, environ: dict[str, str], title: str, arguments: Sequence[str]
) -> Count:
    report = settings.run / f"{title}.xml"
    report.unlink(missing_ok=True)
    python = settings.venv / "bin" / "python"
    command = [python, "-m", "pytest", "-q", "-rs", f"--junitxml={report}"]
    command += ["-o", f"cache_dir={settings.cache / 'pytest'}"]
    with step(f"{title} tests"):
        code = subprocess.run(
            list(map(str, [*command, *arguments])),
            env=environ,
            cwd=settings.root,
            check=False,
        ).returncode
    return read_report(report, code)


def read_report(report: Path, code: int) -> Count:
    """Count what a JUnit report of pytest says; without one, one failure.

    :param code: exit code of pytest: not 0 counts as a failure also by itself
    """
    ending = (f"{report.stem} tests ended with code {code}",)
    if not report.exists():
        return Count(0, 1, ending)
    tree = ElementTree.parse(report)  # noqa: S314 - our own file
    passed = failed = 0
    for suite in tree.iter("testsuite"):
        bad = sum(int(suite.get(key, 0)) for key in BAD_COUNTS)
        passed += int(suite.get("tests", 0)) - bad
        failed += bad
    failed = max(failed, 1 if code else 0)
    return Count(passed, failed, _faults_of(tree) or ending * bool(failed))


def _faults_of(tree: ElementTree.ElementTree) -> tuple[str, ...]:
    """A line for each test of a JUnit report that did not pass."""
    return tuple(
        f"{case.get('classname')}.{case.get('name')}: "
        + fault.get("message", "").partition("\n")[0]
        for case in tree.iter("testcase")
        for fault in case
        if fault.tag in BAD_TAGS
    )


def _environment(settings: Settings, chromium: Path) -> dict[str, str]:
    """Variables for all runners; nothing is written into the checkout."""
    return {
        **server.environment(settings),
        browser.VARIABLE: str(chromium),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(settings.cache / "hypothesis"),
        "PYTHONPATH": str(settings.root / "setup"),
        # Odoo looks for Chromium by name.
        "PATH": os.pathsep.join([str(chromium.parent), os.environ.get("PATH", "")]),
    }
