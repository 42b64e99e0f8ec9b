"""Another server of the protocol, measured by the same cells."""

import itertools
import random

import grid
import load
import messages
from figures import as_record
from grid import Cell, Times
from wire import Target


class Peer:
    """Measures the same cells on another server of the protocol.

    It is reached through its interface alone: what ``update`` and ``unlink`` need is
    linked first, untimed, and what ``resolve`` asks for must be there already.

    :param target: the other server
    :param times: for each cell
    :param stored: number of rows that it holds
    :param watched: its topmost processes by name, 0 for what cannot be watched
    """

    def __init__(
        self, target: Target, times: Times, stored: int, watched: dict[str, int]
    ):
        self._target = target
        self._times = times
        self._stored = stored
        self._watched = watched
        self._fresh = itertools.count(random.SystemRandom().randrange(10**6))

    def measure(self, cell: Cell) -> dict:
        """Run one cell."""
        first = grid.first_row(cell, next(self._fresh))
        if cell.what in grid.PREPARED:
            self._link(first, grid.rows_needed(cell, self._times))
        pool = grid.make_pool(cell, self._times, self._stored, first)
        users = load.Load(
            self._target, pool, cell.users, once=cell.what in ("link", "unlink")
        )
        summary = load.measure(users, *self._times[:2], self._watched)
        return as_record(summary, label="peer", **cell._asdict())

    def _link(self, first: int, count: int) -> None:
        blocks = messages.blocks(
            first, count // grid.PREPARED_BATCH, grid.PREPARED_BATCH
        )
        pool = [messages.make_link(block) for block in blocks]
        users = load.Load(self._target, pool, 2, once=True)
        users.start()
        users.wait(3600)
        users.stop()
