from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin, Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation
from odoo.addons.g2p_spar_mapper.models.messages import SENTENCES

from ..core.cell import guard
from ..core.clashes import CONTRADICTED, ClashFinder, unpack_clashes
from ..core.csv_rows import CsvRecords, read_cells, write_cells
from ..core.errors import UnfitFile
from ..core.matching import Matching
from ..core.piece import split
from ..core.row import Refused, RowReader, give_back
from .g2p_spar_intake_capture import key_of
from .g2p_spar_intake_reading import REASON_COLUMN, own_names
from .messages import REASONS, say_outcome, say_refused
from .transaction import begin_read_committed

#: Days the refused rows are kept.
REFUSED_DAYS = 30
_BATCH = 500
#: What an item says of a person: all that follows its reference and the ID.
_SAID = slice(LinkItem._fields.index("id") + 1, None)


class Rows(NamedTuple):
    """Some rows of a file, read.

    :param first: number of the first of them, from 1
    :param cells: as they stand in the file
    :param items: what the registry gets; the reason in the place of a refused one
    :param captures: when and where each was captured, or none
    :param end: offset of the row behind them
    """

    first: int
    cells: list[list[str]]
    items: list
    captures: list
    end: int


class G2PSparIntake(models.Model):
    """Lists are tried and done part by part; see ``g2p.spar.file.mixin``."""

    _inherit = "g2p.spar.intake"

    def _do_part(self):
        """Do what comes next: read the file, compare its rows, or do some of them."""
        if self._is_worn_out():
            self._put_aside(self.env._("It was begun too often and never ended."))
            return
        matching = None if self.state == "reading" else self._get_matching()
        if matching is None or self.clashes_of != matching.digest:
            self._prepare(matching)
            return
        rows = self._read_rows(matching, self._read_pieces(self._get_key()))
        rows = self._ask_others(matching, rows)
        begin_read_committed(self.env.cr)
        self.env.invalidate_all()
        if not self._lock(rows.first):
            return
        self._do_rows(matching, rows)
        if self.completed == self.total:
            self._finish("checked" if self.state == "checking" else "done")

    def _put_aside(self, problem: str):
        self.paused_from = self.state
        return super()._put_aside(problem)

    def _get_splitter(self):
        return CsvRecords(self.offset)

    # === BEFORE THE FIRST ROW === #

    def _prepare(self, matching: Matching | None):
        """Read the file, or look for rows that contradict each other.

        Both go over the whole file once and begin anew when they are killed.
        """
        begin_read_committed(self.env.cr)
        self.env.invalidate_all()
        if not self._lock(1):
            return
        if matching is None:
            self._read_unfit_too()
            return
        clashes = self._find_clashes(matching) if self.total else None
        self.write(
            {
                "clashes": clashes and clashes.pack(),
                "clashes_of": matching.digest,
                "tries": 0,
            }
        )
        if not self.total:
            self._finish("checked" if self.state == "checking" else "done")

    def _read_unfit_too(self):
        """Read the file; one that cannot be read will not be better the next time."""
        try:
            self._read_file()
        except UnfitFile as error:
            self._put_aside(self._say_unfit(error))

    def _find_clashes(self, matching: Matching):
        """Compare all rows of the file with each other."""
        finder, number, batch = ClashFinder(), 1, []
        blocks = self._read_blocks_on_disk(self._get_key(), self.start)
        for piece in split(CsvRecords(self.start), blocks):
            batch.append(piece.raw)
            if len(batch) == _BATCH:
                self._compare(finder, matching, batch, number)
                number += len(batch)
                batch = []
        self._compare(finder, matching, batch, number)
        return finder.close()

    def _compare(self, finder, matching: Matching, raws: Sequence[bytes], first: int):
        """Note whom some rows are about, and what they say."""
        reader = self._get_reader(matching)
        reference = self.env["g2p.spar.strategy"].get_reference()
        for number, cells in enumerate(read_cells(raws, ",", first), first):
            item = reader.read(cells, number)
            if not isinstance(item, Refused):
                # Each form of an ID has one key; what is no ID is its own.
                key = key_of(reference, item.id) or item.id
                finder.add(number, key, item[_SAID])

    def _get_reader(self, matching: Matching) -> RowReader:
        zone = ZoneInfo(self.user_id.tz or "UTC")
        return RowReader(matching, zone)

    # === ROWS === #

    def _read_rows(self, matching: Matching, pieces) -> Rows:
        """Read some rows, and find what was said of them before."""
        first = self.completed + 1
        cells = read_cells([piece.raw for piece in pieces], ",", first)
        packed = bytes(self.clashes) if self.clashes else b""
        items = self._read_items(matching, cells, first, unpack_clashes(packed))
        captures = self._read_captures(matching, cells, items)
        return Rows(first, cells, items, captures, pieces[-1].end)

    def _read_items(self, matching: Matching, cells, first: int, clashes) -> list:
        reader = self._get_reader(matching)
        items = [reader.read(row, number) for number, row in enumerate(cells, first)]
        found = clashes.find(first, len(items))
        for place, (kind, other) in found.items():
            # What is done already is answered as such; but nothing is unlinked twice.
            if kind == CONTRADICTED or matching.operation == "unlink":
                items[place] = Refused(kind, other=other)
        return items

    def _ask_others(self, matching: Matching, rows: Rows) -> Rows:
        """Have those items done that live in other registries.

        Other servers may be slow, so nothing is locked here.
        """
        items = _without_refused(rows.items)
        if self.state == "running":
            items = self._mapper().forward(
                Operation(matching.operation), items, self._make_origin()
            )
        return rows._replace(
            items=[
                asked if isinstance(asked, Refused) else answered
                for asked, answered in zip(rows.items, items, strict=True)
            ]
        )

    def _mapper(self):
        """Return the service, with the rights of who ran the list, or looks at it."""
        user = self.env.user
        if user._is_superuser():
            # A job has no rights of its own.
            user = self.runner_id or self.user_id
        return self.env["g2p.spar.mapper"].with_user(user)

    def _make_origin(self) -> Origin:
        return Origin(
            channel="import",
            sender=self.source or None,
            transaction_id=f"intake-{self.id}",
            reason=self.env._("Intake of %s", self.filename),
        )

    def _ask_registry(
        self, matching: Matching, items: Sequence, captures: Sequence, is_trial: bool
    ):
        """Do some items, or say what would become of them.

        :param items: a reason in the place of a refused row
        :param captures: see :class:`Rows`
        :rtype: list[Outcome]
        """
        operation, mapper = Operation(matching.operation), self._mapper()
        asked = _without_refused(items)
        outcomes = [None] * len(asked)
        for device, places in self._group_by_device(captures).items():
            chosen = [asked[place] for place in places]
            origin = self._origin_of(device)
            if is_trial:
                answers = mapper.foresee(operation, chosen, origin)
            else:
                answers = getattr(mapper, operation.value)(chosen, origin)
            for place, answer in zip(places, answers, strict=True):
                outcomes[place] = answer
        return outcomes

    def _do_rows(self, matching: Matching, rows: Rows):
        """Do some rows and keep those that are refused."""
        is_trial = self.state == "checking"
        items = self._hold_newer(matching, rows.items, rows.captures)
        outcomes = self._ask_registry(matching, items, rows.captures, is_trial)
        speaking = self.with_context(lang=(self.runner_id or self.user_id).lang)
        tally, refused = Counter(self.tally or {}), []
        reasons = self._find_reason_places()
        for cells, item, outcome in zip(rows.cells, items, outcomes, strict=True):
            tally[_name_of(item, outcome)] += 1
            if isinstance(item, Refused) or not outcome.succeeded:
                own = give_back(matching, cells, reasons)
                refused.append([*own, speaking._say(item, outcome)])
        if refused:
            parts = self.env["g2p.spar.intake.part"]
            raw = write_cells([list(map(guard, row)) for row in refused])
            parts.keep(self, self._get_key(), rows.first, raw)
        self.write(
            {
                "completed": self.completed + len(items),
                "succeeded": self.succeeded + len(items) - len(refused),
                "offset": rows.end,
                "tally": dict(tally),
                "tries": 0,
                "next_at": False,
                "problem": False,
            }
        )

    def _find_reason_places(self) -> set[int]:
        """Return which columns say why rows were refused before."""
        return {
            place
            for place, column in enumerate(self.column_ids)
            if column.name == REASON_COLUMN
        }

    def _say(self, item, outcome: Outcome) -> str:
        """Say in words what became of a row, or would."""
        if isinstance(item, Refused):
            names = [column.name for column in self.column_ids]
            return say_refused(self.env, item, names)
        return say_outcome(self.env, outcome)

    def _tell_tally(self) -> str:
        """Tell how many rows had which outcome, one outcome a line."""
        lines = []
        for name, count in sorted(
            (self.tally or {}).items(), key=lambda pair: -pair[1]
        ):
            if name in REASONS:
                sentence = self.env._(REASONS[name])
                what = sentence % _ANY
            else:
                what = self.env._(SENTENCES[Cause[name]])
            lines.append(f"{count} × {what}")
        return "\n".join(lines)

    # === THE END === #

    def _finish(self, state: str):
        """End a trial or the list itself, in the transaction of its last rows."""
        self.ensure_one()
        now = fields.Datetime.now()
        values = {"state": state, "finished_at": now, "next_at": False}
        if state in ("done", "cancelled"):
            values["expires_at"] = now + timedelta(days=REFUSED_DAYS)
            self._remove_from_disk()
        self.write(values)

    @api.autovacuum
    def _gc_refused(self):
        """Delete refused rows whose time is over, with the key that opens them."""
        over = self.search(
            [("expires_at", "<", fields.Datetime.now()), ("sealed_key", "!=", False)]
        )
        self.env["g2p.spar.intake.part"].search([("file_id", "in", over.ids)]).unlink()
        over.write({"sealed_key": False, "clashes": False, "clashes_of": False})

    @api.private
    def read_refused(self):
        """Return the refused rows as CSV, in blocks.

        :rtype: Iterator[bytes]
        :raise AccessError: the user may not see whole numbers, or no intakes
        """
        self.ensure_one()
        self._check_manager()
        self.check_access("read")
        # Whose right was checked; officers read neither the key nor the parts.
        intake_sudo = self.sudo()
        names = own_names(column.name or "" for column in self.column_ids)
        yield write_cells([[*map(guard, names), REASON_COLUMN]])
        if intake_sudo.sealed_key:
            parts = intake_sudo.env["g2p.spar.intake.part"]
            for _first, raw in parts.read_parts(intake_sudo, intake_sudo._get_key()):
                yield raw


_ANY = {"column": "…", "other": "…"}


def _without_refused(items: Sequence) -> list:
    """Return items as the registry takes them: it does nothing of an outcome."""
    return [
        Outcome(Cause.ITEM_INVALID) if isinstance(item, Refused) else item
        for item in items
    ]


def _name_of(item, outcome: Outcome) -> str:
    """Return the name under which an outcome is counted."""
    return item.code if isinstance(item, Refused) else outcome.cause.name
