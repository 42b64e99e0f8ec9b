import itertools
from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.g2p_spar_fa_reference.core.mask import mask_number
from odoo.addons.g2p_spar_fa_reference.core.seal import seal

from ..core import mark
from ..core.day import guess_order
from ..core.encoding import EncodingFinder
from ..core.errors import UnfitFile
from ..core.kind import find_format
from ..core.matching import (
    DATES,
    SCRIPT_ID_FORM,
    Matching,
    Part,
    check_matching,
    digest_names,
    guess_fields,
    is_of_scripts,
)
from ..core.table import Table, read_csv, write_table
from ..core.tokens import KEYED
from ..core.workbook import measure, read_workbook
from . import file_store
from .g2p_spar_intake import KEY_PURPOSE

#: Bytes of a file at most.
BYTE_LIMIT = 2**30
#: A file up to so many bytes is read while its officer waits.
_SMALL = {"csv": 2**23, "xlsx": 2**20}
#: And of a workbook, unpacked.
_SMALL_INSIDE = 2**24
#: The column of the file of refused rows that is not the officer's.
REASON_COLUMN = "not_taken_in_because"
_HEAD = 16
#: Rows from which examples and dates are taken.
_SAMPLE = 200


class G2PSparIntake(models.Model):
    """Files at the door: written to disk while they arrive, read once, made plain."""

    _inherit = "g2p.spar.intake"

    # === AT THE DOOR === #

    @api.private
    def receive(self, filename: str, blocks: Iterable[bytes]):
        """Take a file in.

        :param blocks: its bytes, in order
        :return: its intake
        :raise AccessError: the user may not
        :raise UserError: it cannot be used; nothing of it is kept
        """
        self._check_manager()
        # No transaction stays open while a slow browser sends.
        self.env.cr.rollback()
        dbname = self.env.cr.dbname
        try:
            with file_store.new_file(dbname) as (writer, name):
                head, encoding = _take(writer, blocks)
                stored = writer.close(name)
                format_ = find_format(head)
                encoding = encoding.close() if format_ == "csv" else None
        except UnfitFile as error:
            raise UserError(self._say_unfit(error)) from error
        intake = self._create_for(filename, format_, encoding, stored)
        # What officers may not write is written by their upload.
        intake_sudo = intake.sudo()
        if not intake_sudo._is_read_soon():
            self._wake()
            return intake
        try:
            intake_sudo._read_file()
        except UnfitFile as error:
            file_store.remove(dbname, stored.name)
            raise UserError(self._say_unfit(error)) from error
        return intake

    def _create_for(self, filename, format_, encoding, stored):
        """Create the record of a stored file."""
        # No officer may create these records but through this upload.
        intake_sudo = self.sudo().create(
            {
                "filename": "".join(filter(str.isprintable, filename))[:200] or "list",
                "format": format_,
                "encoding": encoding,
                "digest": stored.digest,
                "user_id": self.env.uid,
                "received_at": fields.Datetime.now(),
                "size": stored.size,
                "name_on_disk": stored.name,
                "sealed_key": seal(stored.key, KEY_PURPOSE),
            }
        )
        return self.browse(intake_sudo.id)

    def _say_unfit(self, error: UnfitFile) -> str:
        """Say in the user's language why a file cannot be used."""
        sentence = self.env._(error.sentence)
        return sentence % error.values if error.values else sentence

    # === READING === #

    def _read_file(self):
        """Read the file once, and keep its rows in the one form that work knows.

        :raise UnfitFile: it cannot be read
        """
        self.ensure_one()
        old = self.name_on_disk
        table = self._open_table()
        sample = list(itertools.islice(table.rows, _SAMPLE))
        rows = _Counted(itertools.chain(sample, table.rows))
        with file_store.new_file(self.env.cr.dbname) as (writer, name):
            blocks = write_table(Table(table.names, rows))
            first = next(blocks)
            writer.take(first)
            for block in blocks:
                writer.take(block)
            stored = writer.close(name)
        self.write(
            {
                "name_on_disk": stored.name,
                "sealed_key": seal(stored.key, KEY_PURPOSE),
                "size": stored.size,
                "total": rows.count,
                "start": len(first),
                "offset": len(first),
                "state": "draft",
                "tries": 0,
                "problem": False,
            }
        )
        self._guess(table.names, sample)
        remove, dbname = file_store.remove, self.env.cr.dbname
        self.env.cr.postcommit.add(lambda: remove(dbname, old))

    def _is_read_soon(self) -> bool:
        """Whether the file is read so fast that its officer may wait for it."""
        if self.size > _SMALL[self.format]:
            return False
        return self.format == "csv" or measure(self._open_on_disk()) <= _SMALL_INSIDE

    def _open_table(self) -> Table:
        if self.format == "csv":
            blocks = self._read_blocks_on_disk(self._get_key())
            return read_csv(blocks, self.encoding)
        return read_workbook(self._open_on_disk())

    def _open_on_disk(self):
        dbname, key = self.env.cr.dbname, self._get_key()
        return file_store.open_file(dbname, self.name_on_disk, key, self.size)

    # === WHAT THE COLUMNS MEAN === #

    def _guess(self, names, sample):
        """Match the columns as they were matched before, or by their names."""
        known = self._recall(names)
        fa_type = self._find_fa_type(names, known)
        parts = {part.name: part.id for part in fa_type.part_ids}
        fields_ = known.fields if known else guess_fields(names, _parts_of(fa_type))
        self.write(
            {
                "fa_type_id": fa_type.id,
                "column_ids": [
                    (0, 0, self._column_values(number, name, field, sample, parts))
                    for number, (name, field) in enumerate(
                        zip(names, fields_, strict=True)
                    )
                ],
                "constant_ids": [
                    (0, 0, {"part_id": parts[name], "value": value})
                    for name, value in (known.constants if known else ())
                    if name in parts
                ],
                **self._settings_of(known, names, fields_, sample),
            }
        )

    def _find_fa_type(self, names, known: Matching | None):
        """Return the type of address whose parts the columns name best."""
        types = self.env["g2p.spar.fa.type"].search([("part_ids", "!=", False)])
        if known:
            return types.filtered(lambda fa_type: fa_type.code == known.fa_type)
        counts = {
            fa_type: sum(
                field.startswith("part:")
                for field in guess_fields(names, _parts_of(fa_type))
            )
            for fa_type in types
        }
        best = max(counts, key=counts.get, default=types.browse())
        return best if counts.get(best) else types.browse()

    def _settings_of(self, known: Matching | None, names, fields_, sample) -> dict:
        texts = [
            mark.read(row[place])[1]
            for place, field in enumerate(fields_)
            if field in DATES
            for row in sample
            if len(row) > place
        ]
        order = guess_order(texts)
        if known:
            return {
                "operation": known.operation,
                "id_form": known.id_form,
                "token": known.token,
                "partner": known.partner,
                # What the file itself tells counts more than the one before.
                "date_order": order or known.date_order or False,
            }
        if is_of_scripts(names):
            # Their first column is a national ID, which need not be stored.
            return {"id_form": SCRIPT_ID_FORM, "token": KEYED}
        return {"date_order": order or False}

    def _column_values(self, number, name, field, sample, parts) -> dict:
        """Return the values of a column; its example is masked."""
        cells = [row[number] for row in sample if len(row) > number and row[number]]
        kinds = [mark.read(cell)[0] for cell in cells]
        note = False
        if mark.NUMBER in kinds and field not in ("name", ""):
            note = self.env._(
                "Numbers, not text: zeros in front of them, if there were any, are"
                " lost."
            )
        return {
            "number": number + 1,
            "name": name,
            "example": _example(cells[0], field) if cells else False,
            "note": note,
            **self.env["g2p.spar.intake.column"]._read_field(field, parts),
        }

    def _remember(self, matching: Matching):
        """Keep what the officer's own columns mean.

        The reasons of refused rows are not among them, so that a list and the file
        of its refused rows are known by the same names.
        """
        names = [column.name or "" for column in self.column_ids]
        pairs = zip(names, matching.fields, strict=True)
        own = tuple(field for name, field in pairs if name != REASON_COLUMN)
        memory = self.env["g2p.spar.intake.memory"]
        memory.remember(_digest_of(names), matching._replace(fields=own))

    def _recall(self, names) -> Matching | None:
        """Return what columns of these names meant, none where they are new."""
        known = self.env["g2p.spar.intake.memory"].recall(_digest_of(names))
        if not known or len(known.fields) != len(own_names(names)):
            return None
        fields_ = iter(known.fields)
        return known._replace(
            fields=tuple("" if n == REASON_COLUMN else next(fields_) for n in names)
        )

    def _get_matching(self) -> Matching:
        """Return what was said of the columns."""
        self.ensure_one()
        fields_ = tuple(column.field for column in self.column_ids)
        has_parts = any(field.startswith("part:") for field in fields_)
        return Matching(
            self.operation,
            fields_,
            self.fa_type_id.code if has_parts else None,
            tuple((c.part_id.name, c.value) for c in self.constant_ids),
            self.id_form,
            self.token,
            self.partner or "",
            self.date_order or "",
        )

    def _check_matching(self) -> Matching:
        """Return what was said of the columns.

        :raise UserError: no row could be read so
        """
        matching = self._get_matching()
        needed = {
            part.name: part.required and part.source in ("typed", "provider", "branch")
            for part in self.fa_type_id.part_ids
        }
        try:
            check_matching(matching, needed)
        except UnfitFile as error:
            labels = {part.name: part.label for part in self.fa_type_id.part_ids}
            if "part" in error.values:
                error.values["part"] = labels[error.values["part"]]
            raise UserError(self._say_unfit(error)) from error
        return matching


def _example(cell: str, field: str) -> str:
    """Return a cell as an example: dates say nothing of a person, all else may."""
    text = mark.read(cell)[1][:60]
    return text if field in DATES else mask_number(text)


class _Counted:
    """Rows that are counted while they are read."""

    def __init__(self, rows):
        self._rows = rows
        self.count = 0

    def __iter__(self):
        for row in self._rows:
            self.count += 1
            yield row


def _take(writer, blocks: Iterable[bytes]) -> tuple[bytes, EncodingFinder]:
    """Write a file to disk. :return: its first bytes, and who knows its encoding

    :raise UnfitFile: it is too large
    """
    head, finder = b"", EncodingFinder()
    for block in blocks:
        if len(head) < _HEAD:
            head += block[: _HEAD - len(head)]
        writer.take(block)
        finder.feed(block)
        if writer.size > BYTE_LIMIT:
            raise UnfitFile(
                "The file is larger than %(limit)s megabytes: split it.",
                limit=BYTE_LIMIT // 2**20,
            )
    return head, finder


def _digest_of(names) -> str:
    """Return what is remembered by: the officer's own columns."""
    return digest_names(own_names(names))


def own_names(names: Iterable[str]) -> list[str]:
    """Return the names of the officer's own columns."""
    return [name for name in names if name != REASON_COLUMN]


def _parts_of(fa_type) -> list[Part]:
    """Return the parts of a type of address that somebody has to give."""
    return [
        Part(part.name, part.label, tuple((part.aliases or "").split(",")))
        for part in fa_type.part_ids
        if part.source in ("typed", "provider", "branch")
    ]
