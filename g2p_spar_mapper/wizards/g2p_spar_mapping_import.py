import base64
import csv
import io
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..core.commands import Origin
from ..core.dump import DumpError, read_dump
from ..core.reason import Cause
from ..models.messages import SENTENCES

#: Rows of one call of the service, and of one transaction of ``import_path``.
CHUNK = 1000
REASON_COLUMN = "not_imported_because"


class G2PSparMappingImport(models.TransientModel):
    """Takes over the mappings of an earlier SPAR, through the service.

    The same file may be imported again: what is linked already stays as it is.
    Rows that are refused come back as a file of the same columns and the reason,
    to be mended and imported again.
    """

    _name = "g2p.spar.mapping.import"
    _description = "Import of mappings"

    data_file = fields.Binary("File", attachment=False)
    filename = fields.Char()
    source = fields.Char(
        "Where they come from",
        help="Kept in the history as the sender, such as: SPAR 1.0, Baraka district.",
    )
    state = fields.Selection([("draft", "File"), ("done", "Imported")], default="draft")
    linked_count = fields.Integer("Linked", readonly=True)
    known_count = fields.Integer("Linked before, unchanged", readonly=True)
    refused_count = fields.Integer("Not imported", readonly=True)
    refused_file = fields.Binary("Rows not imported", attachment=False, readonly=True)
    refused_filename = fields.Char(readonly=True)

    # === ACTION METHODS === #

    def action_import(self):
        """Import the file and show what came of it.

        :raise UserError: the file as a whole cannot be read; nothing is imported
        """
        self.ensure_one()
        if not self.data_file:
            raise UserError(self.env._("Choose the file with the mappings first."))
        refused = io.StringIO()
        with io.BytesIO(base64.b64decode(self.data_file)) as stream:
            tally = self._import_stream(stream, refused)
        self._show(tally, refused.getvalue())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import mappings"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _show(self, tally, refused):
        self.write(
            {
                "state": "done",
                "data_file": False,
                "linked_count": tally[Cause.DONE],
                "known_count": tally[Cause.UNCHANGED],
                "refused_count": tally.total()
                - tally[Cause.DONE]
                - tally[Cause.UNCHANGED],
                "refused_file": refused and base64.b64encode(refused.encode()),
                "refused_filename": "not_imported.csv",
            }
        )

    # === BUSINESS METHODS === #

    @api.private
    def import_path(self, path, refused_path):
        """Import a file of any length from a shell, a transaction a thousand rows.

        It may be interrupted and begun again: rows of finished transactions are
        found linked already.

        :param path: the dump, a CSV file in UTF-8
        :param refused_path: where to write the rows that are not imported
        :return: counts by cause
        :raise UserError: the file cannot be read from some line on
        """
        with (
            open(path, "rb") as stream,
            open(refused_path, "w", encoding="utf-8", newline="") as refused,
        ):
            return self._import_stream(stream, refused, self.env.cr.commit)

    def _import_stream(self, stream, refused, after_chunk=lambda: None):
        """Link all rows of a dump.

        :param stream: binary file
        :param refused: text file that takes the rows which are not imported
        :param after_chunk: called after each thousand rows
        :rtype: Counter
        """
        tally, writer = Counter(), None
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        try:
            for rows in split_every(CHUNK, read_dump(text)):
                for row, cause, detail in self._import_rows(rows):
                    tally[cause] += 1
                    if detail is not None:
                        writer = writer or _begin_refused(refused, row)
                        writer.writerow(row.values | {REASON_COLUMN: detail})
                after_chunk()
        except DumpError as error:
            raise UserError(self._say_unreadable(error)) from error
        except UnicodeDecodeError as error:
            raise UserError(
                self.env._("The file is not written in UTF-8. Export it as UTF-8.")
            ) from error
        return tally

    def _import_rows(self, rows):
        """Link some rows.

        :return: for each row (row, cause, sentence why not, None when it is
            linked), in an order of its own
        """
        active = [row for row in rows if row.active]
        origin = Origin(
            channel="import",
            sender=self.source or None,
            reason=self.env._("Import from an earlier SPAR"),
        )
        items = [row.item for row in active]
        outcomes = self.env["g2p.spar.mapper"].link(items, origin)
        told = [
            (row, outcome.cause, None if outcome.succeeded else self._say(outcome))
            for row, outcome in zip(active, outcomes, strict=True)
        ]
        inactive = self.env._("Not active in the earlier system.")
        return told + [
            (row, Cause.NOT_POSSIBLE, inactive) for row in rows if not row.active
        ]

    def _say(self, outcome):
        sentence = self.env._(SENTENCES[outcome.cause])
        return f"{sentence} {outcome.detail}" if outcome.detail else sentence

    def _say_unreadable(self, error):
        if error.code == "columns":
            return self.env._(
                "The first line must name the columns, among them id_value and"
                " fa_value. Missing: %s.",
                ", ".join(error.names),
            )
        return self.env._(
            "The file is not CSV as PostgreSQL writes it: line %s cannot be read.",
            error.line,
        )


def _begin_refused(refused, row):
    """Begin the file of refused rows with the columns of the dump."""
    names = [name for name in row.values if name != REASON_COLUMN]
    writer = csv.DictWriter(refused, [*names, REASON_COLUMN], extrasaction="ignore")
    writer.writeheader()
    return writer
