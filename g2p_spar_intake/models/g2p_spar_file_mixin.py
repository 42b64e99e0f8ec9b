import logging
import time
from contextlib import nullcontext
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError, unseal

from ..core.errors import UnfitFile
from ..core.piece import Piece, Splitter, take
from . import file_store
from .transaction import begin_read_committed, end_transaction

_logger = logging.getLogger(__name__)

#: Rows that are worked off in one transaction: what a part costs beside its rows was
#: measured to be a third of all at a thousand. One who pauses waits for so many.
PART_ROWS = 4000
#: How long a job goes on, so that its worker is given back.
SLOT_SECONDS = 2
#: A part that was begun so often and never ended is put aside with its file.
MAX_TRIES = 6


class G2PSparFileMixin(models.AbstractModel):
    """A file that is worked off part by part, each part one transaction.

    What a part does in the registry, its results and how far the file has come are
    there together or not at all, so a worker may be killed at any moment: the
    committed number of rows is the truth, and work goes on from there. The file's
    row is locked meanwhile, and the lock of a killed worker is gone.

    The rows of a file are done in their order, and the files of one owner one after
    the other.
    """

    _name = "g2p.spar.file.mixin"
    _description = "File That Is Worked Off in Parts"

    #: What is woken to work files off; see ``g2p.spar.wake``.
    _wake_kind: tuple[str, str, str]
    #: Column that says whose a file is.
    _owner_column: str
    #: What the keys of files are sealed for.
    _key_purpose: str
    #: States in which something is to be done.
    _due_states = ("received", "working")
    #: What may go wrong with one part, and be better the next time.
    _passing_faults = (UnfitFile, SealError, AccessError, OSError)

    # === FIELDS === #

    problem = fields.Char(readonly=True)
    size = fields.Integer(string="Bytes", readonly=True)
    total = fields.Integer(string="Rows", readonly=True)
    completed = fields.Integer(string="Rows Worked Off", default=0, readonly=True)
    succeeded = fields.Integer(string="Granted", default=0, readonly=True)
    refused = fields.Integer(compute="_compute_refused")
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime(string="Begun On", readonly=True)
    finished_at = fields.Datetime(string="Worked Off On", readonly=True)
    tries = fields.Integer(
        default=0, readonly=True, help="How often a part was begun in vain."
    )
    next_at = fields.Datetime(string="Left Alone Until", readonly=True)
    worked_at = fields.Datetime(readonly=True)
    # What only the service reads.
    name_on_disk = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    sealed_key = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    offset = fields.Integer(readonly=True, groups=fields.NO_ACCESS)

    # === COMPUTE METHODS === #

    @api.depends("completed", "succeeded")
    def _compute_refused(self):
        for file in self:
            file.refused = file.completed - file.succeeded

    @api.depends("completed", "total")
    def _compute_progress(self):
        for file in self:
            file.progress = 100 * file.completed / file.total if file.total else 100

    # === JOBS === #

    @api.private
    def work_off(self):
        """Work files off for a moment; the body of a job."""
        until = time.monotonic() + SLOT_SECONDS
        while file := self._pick():
            file._carry_out()
            if time.monotonic() > until:
                self._wake()
                break
        # What is woken after the commit is woken now, not with the next part.
        end_transaction(self.env.cr)

    def _cron_sweep(self):
        """Wake somebody where a file is due."""
        if self._is_due():
            self.env["g2p.spar.wake"].sweep(self._wake_kind)

    def _is_due(self) -> bool:
        """Whether a file waits to be worked off."""
        now = fields.Datetime.now()
        is_open = fields.Domain("state", "in", self._due_states)
        is_free = fields.Domain("next_at", "=", False) | fields.Domain(
            "next_at", "<=", now
        )
        return bool(self.search(is_open & is_free, limit=1))

    def _wake(self):
        """Have files worked off as soon as this transaction is committed."""
        self.env["g2p.spar.wake"].after_commit(self._wake_kind)

    # === BUSINESS METHODS === #

    def _pick(self):
        """Begin a part of the file that has waited longest.

        A file waits for the earlier ones of its owner, so that what was sent first
        is done first; those of different owners take turns.

        :return: the file, noted as begun but not locked any more
        """
        cr = self.env.cr
        begin_read_committed(cr)
        # The count of tries may be lost in a crash; a result may not.
        cr.execute("SET LOCAL synchronous_commit TO off")
        begun = self.env.execute_query(self._begin(fields.Datetime.now()))
        end_transaction(cr)
        self.env.invalidate_all()
        return self.browse(row[0] for row in begun)

    def _begin(self, now) -> SQL:
        """Return the statement that begins a part of the file to go on with.

        :param now: naive UTC
        """
        return SQL(
            """
            UPDATE %(table)s SET tries = tries + 1,
                state = CASE state WHEN 'received' THEN 'working' ELSE state END,
                started_at = coalesce(started_at, %(now)s),
                worked_at = clock_timestamp() AT TIME ZONE 'UTC'
            WHERE id = (
                SELECT f.id FROM %(table)s f
                WHERE f.state IN %(due)s
                    AND (f.next_at IS NULL OR f.next_at <= %(now)s)
                    AND NOT EXISTS (
                        SELECT 1 FROM %(table)s earlier
                        WHERE earlier.%(owner)s = f.%(owner)s AND earlier.id < f.id
                            AND earlier.state IN %(due)s
                    )
                ORDER BY f.worked_at NULLS FIRST, f.id
                LIMIT 1 FOR UPDATE OF f SKIP LOCKED
            )
            RETURNING id
            """,
            table=SQL.identifier(self._table),
            owner=SQL.identifier(self._owner_column),
            due=self._due_states,
            now=now,
        )

    def _carry_out(self):
        """Work one part off."""
        self.ensure_one()
        cr = self.env.cr
        try:
            with self._guard():
                self._do_part()
                self.env.flush_all()
        except self._passing_faults as fault:
            cr.rollback()
            self.env.invalidate_all()
            self._note_fault(self._say_fault(fault))
        end_transaction(cr)
        self.env.invalidate_all()

    def _guard(self):
        """Return a context in which a part is worked off."""
        return nullcontext()

    def _do_part(self):
        """Do the next rows, and note how far the file has come."""
        raise NotImplementedError

    def _lock(self, first: int) -> bool:
        """Lock the file for this transaction.

        :param first: number of the row that comes next
        :return: whether nobody else has it and that is still so
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM %s WHERE id = %s AND state IN %s AND completed = %s
                FOR UPDATE SKIP LOCKED
                """,
                SQL.identifier(self._table),
                self.id,
                self._due_states,
                first - 1,
            )
        )
        return bool(rows)

    def _read_pieces(self, key: bytes) -> list[Piece]:
        """Cut the next rows out of the file."""
        blocks = self._read_blocks_on_disk(key, self.offset)
        count = min(PART_ROWS, self.total - self.completed)
        pieces = take(self._get_splitter(), blocks, count)
        if not pieces:
            raise UnfitFile("The file on disk ends before its last row.")
        return pieces

    def _get_splitter(self) -> Splitter:
        """Return what cuts the file into rows from its offset on."""
        raise NotImplementedError

    def _read_blocks_on_disk(self, key: bytes, offset: int = 0):
        return file_store.read_file(
            self.env.cr.dbname, self.name_on_disk, key, self.size, offset
        )

    def _get_key(self) -> bytes:
        """Return the key of this file.

        :raise SealError: the server's key is missing or another one
        """
        self.ensure_one()
        return unseal(self.sealed_key, self._key_purpose)

    def _remove_from_disk(self):
        """Delete the file as soon as this transaction is committed."""
        remove, name = file_store.remove, self.name_on_disk
        dbname = self.env.cr.dbname
        if name:
            self.env.cr.postcommit.add(lambda: remove(dbname, name))

    @api.model
    def _names_on_disk(self) -> set[str]:
        """Return the names of the files that are still needed."""
        waiting = self.search([("state", "not in", ("done", "cancelled"))])
        return set(filter(None, waiting.mapped("name_on_disk")))

    # === WHAT WENT WRONG === #

    def _is_worn_out(self) -> bool:
        """Whether a part was begun so often that it will never end."""
        return self.tries > MAX_TRIES

    def _say_fault(self, fault: Exception) -> str:
        """Say what went wrong; where files lie on the server is nobody's business."""
        if isinstance(fault, OSError):
            _logger.warning("%s %s cannot be read: %s", self._name, self.id, fault)
            return self.env._("The file cannot be read from the disk of the server.")
        return str(fault)

    def _note_fault(self, problem: str):
        """Leave a file alone for a while, longer each time, or for good."""
        if self.tries >= MAX_TRIES:
            self._put_aside(problem)
            return
        pause = timedelta(seconds=2**self.tries)
        self.write({"next_at": fields.Datetime.now() + pause, "problem": problem})

    def _put_aside(self, problem: str):
        """Give a file up until somebody decides."""
        self.write({"state": "failed", "problem": problem})
