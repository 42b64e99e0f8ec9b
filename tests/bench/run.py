"""Measures the registry and prints one table; see README.md.

Run by ``make bench``; options go into SPAR_BENCH: ``make bench SPAR_BENCH=--quick``.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path

import figures
import grid
import messages
import place
import portal
import soak
import visits
import workbench
from grid import Cell
from peer import Peer
from wire import Target

from spar_env.console import SetupError, say
from spar_env.settings import Settings

USUAL, QUICK = grid.Times(10.0, 2.0), grid.Times(3.0, 1.0)
#: Processors that other programs may use without being mentioned.
NOISE = 0.2


def main() -> int:
    """Measure as the command line says.

    :return: exit code: 0, 1 when an answer was wrong or missing or
        memory grew, 130 after Ctrl-C
    """
    options = parse(sys.argv[1:])
    settings = Settings.from_environment()
    try:
        with place.running(settings, options.rows, soak=bool(options.soak)) as found:
            facts = place.about(found, settings)
            say(", ".join(f"{name} {value}" for name, value in facts.items()))
            if options.soak:
                results = [{"label": "soak", **soak.run(found, options.soak)}]
            else:
                results = _run_grid(found, options)
    except SetupError as error:
        sys.stderr.write(f"\nStopped: {error.problem}\nWhat to do: {error.advice}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped by you; the next run tidies up.\n")
        return 130
    path = write(settings.run / "bench", facts, results)
    if not options.soak:
        say("\n" + figures.table(figures.medians(results)))
    say(f"\nAll figures: {path}")
    return 1 if any(bad(result) for result in results) else 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few cells, 3 s each")
    parser.add_argument(
        "--only",
        help="what:batch:users,…, portal, workbench, workbench-groups",
    )
    parser.add_argument("--rows", type=int, default=place.USUAL_ROWS)
    parser.add_argument("--seconds", type=float, help="for each cell")
    parser.add_argument("--warmup", type=float, help="before each cell")
    parser.add_argument("--repeat", type=int, default=1, help="rounds; medians count")
    parser.add_argument("--soak", type=int, metavar="MINUTES", default=0)
    peer = parser.add_argument_group("another server, measured in the same run")
    peer.add_argument("--peer", metavar="URL", help="http://host:port, with the rows")
    peer.add_argument("--peer-path", default="/sync/{operation}")
    peer.add_argument("--peer-header", action="append", default=[], metavar="NAME=TEXT")
    peer.add_argument("--peer-pid", type=int, default=0, help="to account for its work")
    peer.add_argument("--peer-db-pid", type=int, default=0, help="of its database")
    peer.add_argument("--peer-most", type=int, default=10_000, metavar="ITEMS")
    options = parser.parse_args(arguments)
    usual = QUICK if options.quick else USUAL
    if options.seconds is None:
        options.seconds = usual.seconds
    if options.warmup is None:
        options.warmup = usual.warmup
    return options


def chosen_cells(options: argparse.Namespace) -> list[Cell]:
    """The cells which the options ask for."""
    if options.only:
        return grid.only_cells(options.only)
    return grid.quick_cells() if options.quick else grid.all_cells()


def bad(result: dict) -> bool:
    """Whether our own system answered wrongly, not at all, or grew."""
    if result["label"] == "peer":
        return False
    grew = result.get("flat") is False
    return bool(result.get("errors") or result.get("wrong") or grew)


def write(folder: Path, facts: dict, results: Iterable[dict]) -> Path:
    """Keep all figures as JSON lines, the first one about the run.

    :return: the file
    """
    now = datetime.now(timezone.utc)
    path = folder / f"results-{now:%Y%m%d-%H%M%S}.jsonl"
    lines = [{"at": now.isoformat(), **facts}, *results]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def _run_grid(found: place.Place, options: argparse.Namespace) -> list[dict]:
    """Measure all cells, round by round; each round is compared within itself."""
    times = grid.Times(options.seconds, options.warmup)
    cells = chosen_cells(options)
    with ExitStack() as stack:
        doors = None
        if any(cell.what in visits.WHATS for cell in cells):
            doors = stack.enter_context(portal.opened(found))
        desk = None
        if any(cell.what in workbench.WHATS for cell in cells):
            desk = workbench.Workbench(found)
        ours = grid.Ours(found, times, doors, desk)
        return _run_rounds(ours, cells, options, times)


def _run_rounds(
    ours: grid.Ours, cells: list[Cell], options: argparse.Namespace, times: grid.Times
) -> list[dict]:
    theirs = _peer(options, times)
    results = []
    for number in range(1, options.repeat + 1):
        try:
            measured = _measure(ours.measure, cells)
        finally:
            if any(cell.what in grid.WRITING for cell in cells):
                ours.clean()
        if theirs:
            shared = [cell for cell in cells if cell.what in messages.OPERATIONS]
            measured += _measure(theirs.measure, shared)
        compared = figures.add_ratios(measured)
        results += [{"round": number, **result} for result in compared]
    return results


def _peer(options: argparse.Namespace, times: grid.Times) -> Peer | None:
    if not options.peer:
        return None
    headers = dict(pair.split("=", 1) for pair in options.peer_header)
    return Peer(
        Target("peer", options.peer, options.peer_path, headers),
        times._replace(most=options.peer_most),
        options.rows,
        {"server": options.peer_pid, "db": options.peer_db_pid},
    )


def _measure(measure: Callable[[Cell], dict], cells: Iterable[Cell]) -> list[dict]:
    """Measure cell by cell, with a line on the screen for each."""
    results = []
    for cell in cells:
        result = measure(cell)
        results.append(result)
        name = f"{result['label']} {cell.what}:{cell.batch}:{cell.users}"
        speed = f"{result['records_per_s']:,.0f} records/s, p50 {result['p50_ms']} ms"
        problem = result["first_problem"] or "all right"
        early = ", ran out of messages" if result["exhausted"] else ""
        others = result["cores"]["other"]
        noisy = f", other programs used {others} cores" if others > NOISE else ""
        say(f"{name:24} {speed}, {problem}{early}{noisy}")
    return results


if __name__ == "__main__":
    sys.exit(main())
