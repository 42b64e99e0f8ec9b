"""From samples to figures, and from figures to the table."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

import machine


@dataclass
class Summary:
    """What one cell of the grid came to.

    :param records_per_s: items answered rightly, a second
    :param requests_per_s: requests answered, a second
    :param p50_ms: latency which half of the requests did not exceed; and so on
    :param errors: requests without an answer of status 200
    :param wrong: items answered wrongly, or not at all
    :param first_problem: the first thing that was wrong
    :param cores: processors used by server, db, client and others
    :param worked: ids of the watched processes that worked, the busiest first
    :param bytes_per_answer: of the floor only
    :param exhausted: whether the messages ran out before the time did
    """

    seconds: float
    requests: int
    records_per_s: float
    requests_per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: int = 0
    wrong: int = 0
    first_problem: str = ""
    cores: dict[str, float] = field(default_factory=dict)
    worked: list[int] = field(default_factory=list)
    bytes_per_answer: int = 0
    exhausted: bool = False


def summarize(samples: Sequence, seconds: float, before, after) -> Summary:
    """Count and rank the requests of one window.

    :param samples: judged
    :param seconds: length of the window
    """
    latencies = sorted(sample.latency for sample in samples)
    verdicts = [sample.verdict for sample in samples]
    problems = (verdict.problem for verdict in verdicts if verdict.problem)
    return Summary(
        seconds=round(seconds, 2),
        requests=len(samples),
        records_per_s=round(rate(sum(v.right for v in verdicts), seconds), 1),
        requests_per_s=round(rate(len(samples), seconds), 2),
        p50_ms=milliseconds(latencies, 0.50),
        p95_ms=milliseconds(latencies, 0.95),
        p99_ms=milliseconds(latencies, 0.99),
        errors=sum(sample.status != 200 for sample in samples),
        wrong=sum(v.wrong for v in verdicts),
        first_problem=next(problems, ""),
        cores=machine.cores(before, after),
        worked=machine.busiest(before, after, set()),
    )


def summarize_one(right: int, count: int, problem: str, before, after) -> Summary:
    """Sum up one request that brought many rows.

    :param right: rows that were done
    :param count: rows that were sent
    :param problem: what to say when some were not done
    """
    seconds = after.at - before.at
    return Summary(
        seconds=round(seconds, 2),
        requests=1,
        records_per_s=round(rate(right, seconds), 1),
        requests_per_s=0.0,
        p50_ms=0.0,
        p95_ms=0.0,
        p99_ms=0.0,
        wrong=count - right,
        first_problem="" if right == count else problem,
        cores=machine.cores(before, after),
        worked=machine.busiest(before, after, set()),
    )


def rate(count: float, seconds: float) -> float:
    """How many a second; 0 when there was no time."""
    return count / seconds if seconds > 0 else 0.0


def percentile(ranked: Sequence[float], share: float) -> float:
    """The smallest value which at least ``share`` of all do not exceed.

    :param ranked: in ascending order, at least one
    :param share: above 0, at most 1
    """
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def milliseconds(ranked: Sequence[float], share: float) -> float:
    """A percentile of seconds in milliseconds; 0 when there are none."""
    return round(1000 * percentile(ranked, share), 3) if ranked else 0.0


def ratio(value: float, base: float) -> float | None:
    """``value`` as a multiple of ``base``; none when there is no base."""
    return round(value / base, 3) if base else None


def add_ratios(results: Iterable[dict]) -> list[dict]:
    """Compare results of one run with each other.

    Records a second of a resolve to those of the floor of the same batch; requests
    a second of a resolve of one ID to those of the bare route with as many users;
    the usual latency of an intake to that of the bare route with as many users;
    records a second of a drain to those of the same links done at once; records a
    second of ours to those of the peer in the same cell. Of a signed or encrypted
    resolve, the share of its processor time that the plain one does without. Of a
    page the p95, by that of the bare page; of a search, by that of the route that
    answers who is logged in at once.
    """
    results = [dict(result) for result in results]
    floors = {r["batch"]: r["records_per_s"] for r in results if r["what"] == "floor"}
    bare = {r["users"]: r["requests_per_s"] for r in results if r["what"] == "bare"}
    latency = {r["users"]: r["p50_ms"] for r in results if r["what"] == "bare"}
    slow = {(r["what"], r["users"]): r["p95_ms"] for r in results}
    links = {_cell(r)[1:]: r["records_per_s"] for r in results if _is_ours(r, "link")}
    plain = {_cell(r)[1:]: r for r in results if _is_ours(r, "resolve")}
    peers = {_cell(r): r["records_per_s"] for r in results if r["label"] == "peer"}
    for result in results:
        result["cpu_us"] = cpu_microseconds(result)
        if result["what"] == "resolve":
            base = floors.get(result["batch"], 0)
            result["of_floor"] = ratio(result["records_per_s"], base)
            if result["batch"] == 1:
                base = bare.get(result["users"], 0)
                result["of_bare"] = ratio(result["requests_per_s"], base)
        if base := slow.get(_base_of(result)):
            result["p95_times"] = ratio(result["p95_ms"], base)
        if result["what"] in ("jws", "jwe"):
            result["share"] = _share(result, plain.get(_cell(result)[1:]))
        if result["what"] == "intake":
            base = latency.get(result["users"], 0)
            result["times_bare"] = ratio(result["p50_ms"], base)
        if result["what"] == "drain":
            base = links.get(_cell(result)[1:], 0)
            result["of_link"] = ratio(result["records_per_s"], base)
        if result["label"] == "spar" and _cell(result) in peers:
            base = peers[_cell(result)]
            result["of_peer"] = ratio(result["records_per_s"], base)
    return results


def medians(results: Iterable[dict]) -> list[dict]:
    """One result for each cell of several rounds: the median of every figure.

    Errors and wrong items are added up instead: one of them is one too many.
    """
    rounds: dict[tuple, list[dict]] = {}
    for result in results:
        rounds.setdefault((result["label"], *_cell(result)), []).append(result)
    return [_median(same) for same in rounds.values()]


def _median(same: Sequence[dict]) -> dict:
    merged = dict(same[-1])
    for name in MEASURED:
        values = [result[name] for result in same if result.get(name) is not None]
        if values:
            merged[name] = statistics.median(values)
    for name in ("errors", "wrong"):
        merged[name] = sum(result[name] for result in same)
    merged["cores"] = {
        name: statistics.median(result["cores"][name] for result in same)
        for name in same[-1]["cores"]
    }
    return merged


def cpu_microseconds(result: dict) -> float | None:
    """Processor time that the server and its database spent on a record.

    The floor has no server: there, the loops that read and write count.

    :return: none when nothing of it was watched, or nothing was answered
    """
    names = ("db", "client") if result["what"] == "floor" else ("server", "db")
    used = [result["cores"][name] for name in names if name in result["cores"]]
    if not used or not result["records_per_s"]:
        return None
    return round(1e6 * sum(used) / result["records_per_s"], 1)


def _share(result: dict, plain: dict | None) -> float | None:
    """Part of the processor time of a sealed resolve that a plain one does without."""
    spent = plain and cpu_microseconds(plain)
    if not spent or not result["cpu_us"]:
        return None
    return round(1 - spent / result["cpu_us"], 3)


def _is_ours(result: dict, what: str) -> bool:
    return result["label"] == "spar" and result["what"] == what


def _cell(result: dict) -> tuple:
    return result["what"], result["batch"], result["users"]


#: What pages and searches are called; both are compared by their slowest answers.
BARE_PAGE, SEARCHES = "page-bare", ("search", "place")
BARE_ROUTE = "route"
BARE_LIST = "list-bare"
#: How the names of cells begin, and the cell that they are compared with.
_BASES = {
    ("page-",): BARE_PAGE,
    ("list-", "find-", "group-", "dashboard"): BARE_LIST,
}
#: Comparisons of cells, in the order of their columns.
RATIOS = (
    "of_floor",
    "of_bare",
    "share",
    "times_bare",
    "p95_times",
    "of_link",
    "of_peer",
)
#: Figures of which the table shows the median of all rounds.
MEASURED = (
    "records_per_s",
    "requests_per_s",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "cpu_us",
    *RATIOS,
)
COLUMNS = (
    "who",
    "what",
    "items",
    "users",
    "records/s",
    "requests/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "errors",
    "wrong",
    "of floor",
    "of bare route",
    "share of sealing",
    "p50 by bare route's",
    "p95 by bare's",
    "of link",
    "of peer",
    "CPU us/record",
    "cores server/db/client/other",
    "worker MB",
    "kB cold/warm",
    "requests cold/warm",
    "slowest request, its p95 ms",
)


def table(results: Iterable[dict]) -> str:
    """The results as one Markdown table."""
    lines = [COLUMNS, ("---",) * len(COLUMNS), *map(_line, results)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _line(result: dict) -> tuple[str, ...]:
    used = result["cores"]
    shares = [used.get(name) for name in ("server", "db", "client", "other")]
    return (
        result["label"],
        result["what"],
        f"{result['batch']:,}",
        str(result["users"]),
        f"{result['records_per_s']:,.0f}",
        f"{result['requests_per_s']:,.1f}",
        *(f"{result[name]:,.2f}" for name in ("p50_ms", "p95_ms", "p99_ms")),
        str(result["errors"]),
        str(result["wrong"]),
        *(_multiple(result.get(name)) for name in RATIOS),
        "" if result["cpu_us"] is None else f"{result['cpu_us']:,.1f}",
        "/".join("-" if share is None else f"{share:.2f}" for share in shares),
        ", ".join(f"{value:.0f}" for value in result.get("worker_mb", [])),
        "/".join(f"{one['bytes'] / 1000:.1f}" for one in _weights(result)),
        "/".join(str(one["requests"]) for one in _weights(result)),
        _slowest(result),
    )


def _slowest(result: dict) -> str:
    """The slowest request of a cell that has several."""
    found = result.get("slowest")
    return f"{found['name']} {found['p95_ms']:,.0f}" if found else ""


def _weights(result: dict) -> list[dict]:
    """What a page weighs, cold and warm; nothing for what is no page."""
    return [result[name] for name in ("cold", "warm") if name in result]


def _base_of(result: dict) -> tuple[str, int] | None:
    """Name and users of the cell whose slowest answers are the measure."""
    if result["what"] in SEARCHES:
        return BARE_ROUTE, result["users"]
    for kinds, base in _BASES.items():
        if result["what"].startswith(kinds) and result["what"] != base:
            return base, result["users"]
    return None


def _multiple(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def as_record(summary: Summary, **facts) -> dict:
    """A summary with the facts of its cell, ready for JSON."""
    return {**facts, **asdict(summary)}
