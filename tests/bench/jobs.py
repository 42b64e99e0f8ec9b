"""Jobs of the registry that nobody waits for: alerts, daily counts.

Each is run by an Odoo of its own, as its scheduled action does, and undone, so that
it finds the same in the next run.
"""

import json
import re

import figures
import machine
from figures import Summary
from place import Place

from spar_env import server
from spar_env.console import run_logged, step

ALERTS_FIRST, ALERTS, COUNTS = "alerts-first", "alerts", "counts"
WHATS = (ALERTS_FIRST, ALERTS, COUNTS)
_MARK = "BENCH "
_PREFACE = f"""
import json, resource, time
def told(seconds):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    env.cr.rollback()
    print({_MARK!r} + json.dumps([seconds, peak]))
def timed(work):
    env.flush_all()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
rules = env["g2p.spar.alert.rule"].search([("active", "=", True)])
"""
#: Each rule looks by itself and in a transaction of its own.
_ALERTS = """
rules.looked_at = {since}
told([timed(rule._look) for rule in rules])
"""
SCRIPTS = {
    ALERTS_FIRST: _ALERTS.format(since="False"),
    # As the scheduled action finds it: looked last a quarter of an hour ago.
    ALERTS: "from datetime import datetime, timedelta\n"
    + _ALERTS.format(since="datetime.utcnow() - timedelta(minutes=15)"),
    COUNTS: """
told([timed(env["g2p.spar.tally.day"]._count_open),
    timed(env["g2p.spar.tally.address"]._cron_count)])
""",
}
#: Counts the whole history, and finds the alerts of a registry that is watched.
_PREPARE = """
days = env["g2p.spar.tally.day"]
while days._count_open()[1]:
    env.cr.commit()
env["g2p.spar.tally.address"]._cron_count()
env["g2p.spar.alert.rule"]._cron_look()
env.cr.commit()
"""
_IS_PREPARED = "SELECT count(*) FROM g2p_spar_tally_day WHERE is_final"
#: Days of the history, but for those that are still open.
_ENOUGH_DAYS = 700


def prepare(place: Place) -> None:
    """Count what was seeded, once for a database."""
    if int(place.cluster.sql(_IS_PREPARED, database=place.database)) < _ENOUGH_DAYS:
        with step("the whole history is counted and watched"):
            _shell(place, _PREPARE)


def measure(place: Place, what: str) -> tuple[Summary, dict]:
    """Run the parts of a job, one after the other.

    :return: and the largest memory of its process, in megabytes
    """
    before = machine.snapshot(place.watched)
    seconds, peak = read(_shell(place, _PREFACE + SCRIPTS[what]))
    after = machine.snapshot(place.watched)
    return summary(before, after, 0, seconds), {"worker_mb": [round(peak, 1)]}


def read(output: str) -> tuple[list[float], float]:
    """What a job printed: seconds of each part, and megabytes.

    :raise ValueError: it printed nothing of that kind
    """
    found = re.search(rf"^.*{_MARK}(.*)$", output, re.MULTILINE)
    if not found:
        raise ValueError(f"The job told nothing: {output[-500:]}")
    seconds, peak = json.loads(found[1])
    return seconds, peak


def summary(before, after, count: int, latencies: list[float] = ()) -> Summary:
    """Figures of what was done once.

    :param count: of mappings that came out of it
    :param latencies: seconds of its parts; none: it had one
    """
    passed = after.at - before.at
    ranked = sorted(latencies or [passed])
    return Summary(
        seconds=round(sum(ranked), 2),
        requests=len(ranked),
        records_per_s=round(figures.rate(count, passed), 1),
        requests_per_s=0.0,
        p50_ms=figures.milliseconds(ranked, 0.50),
        p95_ms=figures.milliseconds(ranked, 0.95),
        p99_ms=figures.milliseconds(ranked, 0.99),
        cores=machine.cores(before, after),
        worked=machine.busiest(before, after, set()),
    )


def _shell(place: Place, script: str) -> str:
    """Run Odoo's shell with a script; return what it printed."""
    own = place.server.settings
    log = own.run / "odoo-job.log"
    command = [own.odoo_bin, "shell", "-c", own.conf, "-d", own.db]
    run_logged(
        [*command, "--no-http", "--workers=0"],
        log,
        "The lines above name the cause; mend it and run the benchmark again.",
        env=server.environment(own),
        cwd=own.run,
        stdin=script,
    )
    return log.read_text()
