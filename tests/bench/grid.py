"""The cells of the benchmark, and how each is measured."""

import itertools
import math
import random
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import bulk
import floor
import intake
import later
import load
import machine
import messages
import rows
import sealed
import seed
import visits
import workbench
from branches import LENGTHS
from figures import Summary, as_record
from messages import Body
from place import Place
from portal import Portal
from wire import Target
from workbench import Workbench

USERS = (1, 4, 8)
#: Acknowledged at once, done later.
LATER = ("intake", "drain", "callback", "file", "import")
_REGISTRY = (*messages.OPERATIONS, *sealed.WHATS)
WHATS = ("floor", "bare", *_REGISTRY, *visits.WHATS, *LATER, *workbench.WHATS)
#: Operations on rows that must be there.
PREPARED = ("update", "unlink")
WRITING = ("link", "update", "unlink", *visits.WHATS, *LATER)
_BATCHES = {
    "floor": (1, 100, 1000, 2000),
    "bare": (1,),
    "resolve": (1, 100, 1000, 2000),
    "link": (1, 1000),
    "update": (1, 1000),
    "unlink": (1000,),
    "jws": (1000,),
    "jwe": (1000,),
    "intake": (1, 1000),
    "drain": (1, 1000),
    "callback": (1,),
    "file": (1_000_000,),
    "import": (1_000_000,),
    **dict.fromkeys((*visits.PAGES, visits.ROUTE, visits.JOURNEY), (1,)),
    "search": LENGTHS,
    "place": (6,),
    **dict.fromkeys(workbench.WHATS, (1,)),
}
#: Cells with one number of users only.
_USERS = {
    "floor": (floor.PROCESSES,),
    **dict.fromkeys((*sealed.WHATS, "drain"), (4,)),
    **dict.fromkeys(("callback", "file", "import"), (1,)),
    **dict.fromkeys((*visits.PAGES, visits.ROUTE, *visits.SEARCHES), (visits.USERS,)),
    visits.JOURNEY: (visits.JOURNEY_USERS,),
    **dict.fromkeys(workbench.LISTS, (workbench.USERS,)),
    **dict.fromkeys((workbench.EXPORT, *workbench.JOBS), (1,)),
}
#: Names that stand for many cells.
_NAMED = {
    "portal": visits.WHATS,
    "workbench": workbench.USUAL,
    "workbench-groups": workbench.GROUPED,
}
#: What is no cell of ours, by its name in the table.
_LABELS = {"floor": "floor"} | dict.fromkeys(
    ("bare", *visits.BASES, workbench.BARE), "bare"
)
_MOST_REQUESTS = 2_000
_UPDATED_ROWS = 200_000
#: As ``Times.most``, for resolves that can be sent only once.
_MOST_RESOLVED = 120_000
_POOL_ITEMS = 300_000
_POOL_BODIES = 20_000
#: Rows between two cells, and how many such ranges the numbers of a use hold.
_APART, _RANGES = 1_000_000, 90
#: Items in a message when rows are linked beforehand, through the interface.
PREPARED_BATCH = 1000


class Cell(NamedTuple):
    """One line of the table.

    :param what: floor, bare, resolve, link, update, unlink, intake, drain or callback
    :param batch: items in a message
    :param users: how many send at the same time; the floor has processes
    """

    what: str
    batch: int
    users: int


class Times(NamedTuple):
    """How long a cell runs.

    :param seconds: measured
    :param warmup: seconds before the clock starts
    :param most: items a second for which a writing cell gets messages; a faster
        server runs out of them early, and the table's figures say so
    """

    seconds: float
    warmup: float
    most: int = 60_000


def all_cells() -> list[Cell]:
    """The whole grid but the workbench, in :func:`order`."""
    return cells_of(what for what in WHATS if what not in workbench.WHATS)


def cells_of(whats: Iterable[str]) -> list[Cell]:
    """All cells of some names, in :func:`order`."""
    return order(
        Cell(what, batch, users)
        for what in whats
        for batch in _BATCHES[what]
        for users in _USERS.get(what, USERS)
    )


def quick_cells() -> list[Cell]:
    """The cells that the targets speak of."""
    chosen = [Cell("floor", batch, floor.PROCESSES) for batch in (1, 1000)]
    chosen += [Cell(what, 1, users) for what in ("bare", "resolve") for users in (1, 4)]
    chosen += [
        Cell(what, 1000, 4) for what in (*messages.OPERATIONS, *sealed.WHATS, "drain")
    ]
    chosen += [Cell("intake", batch, 4) for batch in (1, 1000)]
    chosen += _with_comparisons(Cell("page-overview", 1, visits.USERS))
    chosen += _with_comparisons(Cell("search", 4, visits.USERS))
    return order([*chosen, Cell("callback", 1, 1)])


def order(cells: Iterable[Cell]) -> list[Cell]:
    """Cells in the order of measuring, each once.

    Reads come before writes, and what is compared stands side by side: the speed of
    a machine that is shared with others changes from minute to minute.
    """
    return sorted(set(cells), key=_place_of)


def _place_of(cell: Cell) -> tuple:
    kind = WHATS.index(cell.what)
    if cell.what in (*visits.WHATS, *workbench.WHATS):
        return 1, kind, cell.batch, cell.users
    if cell.what in WRITING:
        return 2 + (cell.what in LATER), kind, cell.batch, cell.users
    return 0, cell.batch, 0 if cell.what == "floor" else cell.users, kind


def only_cells(text: str) -> list[Cell]:
    """Cells by name, with those that they are compared with.

    :param text: for example ``resolve:1000:4,link:1:8``; ``portal``, ``workbench``
        and ``workbench-groups`` stand for many
    :raise ValueError: there is no such cell
    """
    chosen: list[Cell] = []
    for name in text.split(","):
        cells = cells_of(_NAMED[name]) if name in _NAMED else [parse_cell(name)]
        for cell in cells:
            chosen += _with_comparisons(cell)
    return order(chosen)


def _with_comparisons(cell: Cell) -> list[Cell]:
    """A cell behind those that it is compared with."""
    bases = []
    if cell.what == "resolve":
        bases.append(Cell("floor", cell.batch, floor.PROCESSES))
    if cell.what in sealed.WHATS:
        bases.append(Cell("resolve", cell.batch, cell.users))
    if cell.what == "drain":
        bases.append(Cell("link", cell.batch, cell.users))
    if cell.what in visits.PAGES:
        bases.append(Cell(visits.BARE, 1, cell.users))
    if cell.what in visits.SEARCHES:
        bases.append(Cell(visits.ROUTE, 1, cell.users))
    if cell.what in workbench.LISTS:
        bases.append(Cell(workbench.BARE, 1, cell.users))
    if (cell.what, cell.batch) == ("resolve", 1) or cell.what == "intake":
        bases.append(Cell("bare", 1, cell.users))
    return [*bases, cell]


def parse_cell(name: str) -> Cell:
    """Read ``what:batch:users``.

    :raise ValueError: it is no such name
    """
    what, batch, users = name.strip().split(":")
    if what not in WHATS:
        raise ValueError(f"{what} is not one of {', '.join(WHATS)}")
    return Cell(what, int(batch), int(users))


class Ours:
    """Measures cells on the registry.

    :param place: the running system
    :param times: for each cell
    :param doors: its portal, where cells of that are measured
    :param desk: its workbench, where cells of that are
    """

    def __init__(
        self,
        place: Place,
        times: Times,
        doors: Portal | None = None,
        desk: Workbench | None = None,
    ):
        self._place = place
        self._doors, self._desk = doors, desk
        self._times = times
        # New IDs for every run, although what a run adds is taken away after it.
        self._fresh = itertools.count(random.SystemRandom().randrange(10**6))

    def measure(self, cell: Cell) -> dict:
        """Run one cell."""
        place = self._place
        more: dict = {}
        if cell.what == "floor":
            summary = floor.measure(
                place.dsn,
                place.stored,
                cell.batch,
                self._times.seconds,
                self._times.warmup,
                place.postmaster_pid,
            )
        elif cell.what == "bare":
            pool = bare_pool(place.stored)
            summary = self._load(place.bare, pool, cell)
        elif cell.what == "file":
            return self._measure_file(cell)
        elif cell.what == "import":
            return self._measure_import(cell)
        elif cell.what in visits.WHATS:
            summary, more = visits.measure(self._doors, cell, self._times)
        elif cell.what in workbench.WHATS:
            summary, more = self._desk.measure(cell, self._times)
        elif cell.what in LATER:
            summary = self._measure_later(cell)
        elif cell.what in sealed.WHATS:
            summary = self._measure_sealed(cell)
        else:
            first = self._prepare(cell)
            pool = make_pool(cell, self._times, place.stored, first)
            summary = self._load(place.spar, pool, cell)
        facts = {"worker_mb": self._worker_memory(summary), **cell._asdict(), **more}
        return as_record(summary, label=_LABELS.get(cell.what, "spar"), **facts)

    def _measure_later(self, cell: Cell) -> Summary:
        first = first_row(cell, next(self._fresh))
        if cell.what == "drain":
            count = later.drained(self._times.seconds, cell.batch)
            pool = later.pool_of(count, cell.batch, first)
            return later.drain(self._place, pool, cell.users)
        pool = later.pool_of(_bodies(cell, self._times), cell.batch, first)
        if cell.what == "callback":
            return later.callback(self._place, pool, self._times)
        return later.intake(self._place, pool, cell.users, self._times)

    def _measure_file(self, cell: Cell) -> dict:
        first = first_row(cell, next(self._fresh))
        summary, peaks = bulk.measure(self._place, cell.batch, first)
        facts = cell._asdict()
        return as_record(summary, label="spar", worker_mb=peaks, **facts)

    def _measure_import(self, cell: Cell) -> dict:
        first = first_row(cell, next(self._fresh))
        summary, peaks, steps = intake.measure(self._place, cell.batch, first)
        facts = cell._asdict() | {"steps": steps}
        return as_record(summary, label="spar", worker_mb=peaks, **facts)

    def _measure_sealed(self, cell: Cell) -> Summary:
        count = _bodies(cell, self._times._replace(most=_MOST_RESOLVED))
        plain = messages.random_resolves(
            count, cell.batch, self._place.stored, cell.users
        )
        target, pool = sealed.make(self._place, cell.what, plain)
        users = load.Load(target, pool, cell.users, once=True)
        return load.measure(users, *self._times[:2], self._place.watched)

    def clean(self) -> None:
        """Take away what the writing cells have added."""
        with self._place.connection() as connection:
            seed.ensure(connection, self._place.stored)

    def _load(self, target: Target, pool: list[Body], cell: Cell) -> Summary:
        users = load.Load(
            target, pool, cell.users, once=cell.what in ("link", "unlink")
        )
        return load.measure(users, *self._times[:2], self._place.watched)

    def _prepare(self, cell: Cell) -> int:
        """Store the rows that an update or unlink will change.

        :return: number of the first row of the cell
        """
        first = first_row(cell, next(self._fresh))
        if cell.what in PREPARED:
            count = rows_needed(cell, self._times)
            with self._place.connection() as connection:
                with connection, connection.cursor() as cursor:
                    reference = seed.read_reference(cursor)
                    seed.insert(cursor, reference, first, count)
                seed.tidy(connection)
        return first

    def _worker_memory(self, summary: Summary) -> list[float]:
        """Megabytes of Odoo's processes that took part, the largest first."""
        ours = set(machine.tree(self._place.server_pid))
        sizes = [machine.resident_megabytes(p) for p in summary.worked if p in ours]
        return sorted((round(size, 1) for size in sizes if size), reverse=True)


def first_row(cell: Cell, fresh: int) -> int:
    """Number of the first row of a cell: far from those of every other cell.

    :param fresh: another number for each cell of each run
    """
    if cell.what in ("link", *LATER):
        return rows.LINK_FROM + fresh * _APART
    starts = {"update": rows.UPDATE_FROM, "unlink": rows.UNLINK_FROM}
    return starts.get(cell.what, 0) + fresh % _RANGES * _APART


def rows_needed(cell: Cell, times: Times) -> int:
    """How many rows a writing cell can use at most, in whole messages."""
    wanted = _bodies(cell, times) * cell.batch
    if cell.what == "update":
        wanted = min(wanted, _UPDATED_ROWS)
    return math.ceil(wanted / PREPARED_BATCH) * PREPARED_BATCH


def make_pool(cell: Cell, times: Times, stored: int, first: int) -> list[Body]:
    """The messages of a cell.

    :param stored: number of rows in the registry
    :param first: number of the first row to write
    """
    if cell.what == "resolve":
        count = max(1, min(_POOL_BODIES, _POOL_ITEMS // cell.batch))
        return messages.random_resolves(count, cell.batch, stored, cell.users)
    make: Callable[[range], Body] = {
        "link": messages.make_link,
        "unlink": messages.make_unlink,
    }.get(cell.what)
    if make:
        blocks = messages.blocks(first, _bodies(cell, times), cell.batch)
        return [make(block) for block in blocks]
    return list(_updates(cell, times, first))


def bare_pool(stored: int) -> list[Body]:
    """Requests to the bare route about rows drawn at random."""
    draw = random.Random(0)
    return [messages.make_bare(draw.randrange(stored)) for _ in range(_POOL_BODIES)]


def _updates(cell: Cell, times: Times, first: int) -> Iterator[Body]:
    """Updates of the same rows over and over, each time with a new address."""
    turn = rows_needed(cell, times) // cell.batch
    for number in range(_bodies(cell, times)):
        start = first + number % turn * cell.batch
        yield messages.make_update(range(start, start + cell.batch), 1 + number // turn)


def _bodies(cell: Cell, times: Times) -> int:
    """How many messages a writing cell can send at most."""
    most = min(_MOST_REQUESTS, times.most / cell.batch)
    count = math.ceil(most * (times.seconds + times.warmup)) + cell.users
    return min(count, _APART // cell.batch)
