"""Cells of the officer's workbench: its first page, its lists, its jobs, an export."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import figures
import jobs
import load
import machine
import papers
from desk import Desk
from figures import Summary
from messages import Body
from place import Place
from screens import Click
from wire import Target

#: As many officers as there are workers.
USERS = 2
#: Odoo's own list of countries, the measure of ours.
BARE = figures.BARE_LIST
DASHBOARD = "dashboard"
PERIODS = (30, 90, 365)
#: Screens by the paths of their actions, all that the menus of the registry open.
PATHS = (
    *("mappings", "history", "changes-that-wait", "failed-payments"),
    *("alerts", "shared-addresses", "intakes", "exports", "consents"),
    *("notices", "messages", "calls", "callbacks", "files", "contacts"),
    *("identities", "logins", "failed-logins", "purges", "personal-data"),
    *("mappings-over-time", "mappings-by-provider", "mappings-by-state"),
    *("mappings-by-channel", "changes", "changes-by-channel", "changes-by-user"),
    *("alert-rules", "payment-dates", "policies", "retention", "name-checks"),
    *("allowed-addresses", "partners", "purposes", "issuers", "own-keys"),
    *("other-mappers", "login-providers", "providers", "provider-kinds"),
    *("branches", "address-types", "identifier-types", "strategies"),
    *("agent-captures", "agent-devices"),
)
#: Those with one line for each ID or change: what their searches offer is measured.
LARGE = PATHS[: PATHS.index("callbacks")]
OPENED = tuple(f"list-{path}" for path in PATHS)
FOUND = tuple(f"find-{path}" for path in LARGE)
GROUPED = tuple(f"group-{path}" for path in LARGE)
EXPORT = "export"
#: Until each request of a cell has been sent once.
MOST_SECONDS = 300
LISTS = (BARE, DASHBOARD, *OPENED, *FOUND, *GROUPED)
JOBS = jobs.WHATS
#: In the order of measuring.
WHATS = (*LISTS, EXPORT, *JOBS)
#: Without groups of everything, which take their time in a large registry.
USUAL = tuple(what for what in WHATS if what not in GROUPED)
_CALL_PATH = "/web/dataset/call_kw/{operation}"
_COUNTRIES = {
    "domain": [],
    "specification": {"name": {}, "code": {}},
    "limit": 80,
    "offset": 0,
    "order": "",
    "count_limit": 10_001,
}
_BANK = "SELECT id FROM g2p_spar_provider WHERE code = 'bank07'"


class Workbench:
    """The workbench of a place.

    :param place: the running system
    """

    def __init__(self, place: Place):
        self._place = place
        with place.connection() as connection:
            papers.ensure(connection, place.stored)
        jobs.prepare(place)
        self._desk = Desk(place.spar.url, place.database)
        self._target = Target("desk", place.spar.url, _CALL_PATH)

    def measure(self, cell, times) -> tuple[Summary, dict]:
        """Run one cell.

        :param cell: a ``grid.Cell``
        :param times: a ``grid.Times``
        :return: and what else is to be told of it
        """
        if cell.what in JOBS:
            return jobs.measure(self._place, cell.what)
        if cell.what == EXPORT:
            return self._export(), {}
        clicks = self._clicks(cell.what)
        pool = [click.body(self._desk.headers) for click in clicks]
        seen = self._once(pool, cell.users)
        users = load.Load(self._target, pool, cell.users)
        summary = load.measure(users, times.seconds, 0.0, self._place.watched)
        if not summary.requests:
            summary = with_latencies(summary, [*seen, *users.samples])
        return summary, {"slowest": slowest(seen, users.samples)}

    def _once(self, pool: list[Body], users: int) -> list[load.Sample]:
        """Send each request once, which warms up, and leaves none out."""
        first = load.Load(self._target, pool, users, once=True)
        first.start()
        first.wait(MOST_SECONDS)
        first.stop()
        return first.samples

    def _clicks(self, what: str) -> list[Click]:
        """The requests of a cell, which are sent one after the other."""
        if what == BARE:
            click = self._desk.click("res.country", "web_search_read", **_COUNTRIES)
            return [click]
        if what == DASHBOARD:
            ask = partial(self._desk.click, "g2p.spar.dashboard", "get_figures")
            return [ask(days=days) for days in PERIODS]
        kind, _dash, path = what.partition("-")
        screen = self._desk.screen(path)
        offered = {"find": screen.lists, "group": screen.groups}.get(kind)
        return offered or [screen.opened]

    def _export(self) -> Summary:
        """Fetch the mappings of one bank, a fortieth of all, as a CSV file."""
        place, staff = self._place, self._desk.staff
        with place.connection() as connection, connection.cursor() as cursor:
            cursor.execute(_BANK)
            (bank,) = cursor.fetchone()
        [export] = staff.call("g2p.spar.export", "create", [{"provider_id": bank}])
        watched = machine.tree(place.server_pid)
        machine.forget_peaks(watched)
        before = machine.snapshot(place.watched)
        url = f"{place.spar.url}/spar/export/{export}.csv"
        with staff.session.get(url, stream=True, timeout=1200) as answer:
            count = sum(block.count(b"\n") for block in answer.iter_content(1 << 16))
        after = machine.snapshot(place.watched)
        return jobs.summary(before, after, count - 1)


def with_latencies(summary: Summary, samples: Sequence[load.Sample]) -> Summary:
    """The summary of a window that was shorter than any answer, with latencies."""
    ranked = sorted(sample.latency for sample in samples)
    verdicts = [sample.judged().verdict for sample in samples]
    return replace(
        summary,
        requests=len(ranked),
        p50_ms=figures.milliseconds(ranked, 0.50),
        p95_ms=figures.milliseconds(ranked, 0.95),
        p99_ms=figures.milliseconds(ranked, 0.99),
        errors=sum(sample.status != 200 for sample in samples),
        wrong=sum(verdict.wrong for verdict in verdicts),
        first_problem=next((v.problem for v in verdicts if v.problem), ""),
    )


def slowest(
    seen: Sequence[load.Sample], samples: Sequence[load.Sample]
) -> dict[str, str | float]:
    """The request of a cell whose slow answers were the slowest.

    :param seen: the first answer of each, which counts where it is the only one
    :return: its name and the 95th percentile of its milliseconds
    """
    latencies = {sample.body.ids[0]: [sample.latency] for sample in seen}
    measured: dict[str, list[float]] = {}
    for sample in samples:
        measured.setdefault(sample.body.ids[0], []).append(sample.latency)
    worst = {
        name: figures.milliseconds(sorted(found), 0.95)
        for name, found in (latencies | measured).items()
    }
    name = max(worst, key=worst.__getitem__)
    return {"name": name, "p95_ms": worst[name]}
