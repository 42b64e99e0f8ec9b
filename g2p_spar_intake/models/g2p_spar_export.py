import hashlib
from collections.abc import Iterator

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from odoo.addons.g2p_spar_mapper.const import STATES, WHOLE_NUMBERS
from odoo.addons.g2p_spar_mapper.core.sandbox import MARK
from odoo.addons.g2p_spar_mapper.core.state import effective_state

from ..core.listing import Listed, write_listed, write_names

#: Mappings that are read at once.
_BATCH = 2000


class G2PSparExport(models.Model):
    """A list of mappings that somebody fetched: who, when, which, why.

    One record is one file, fetched once by who asked for it. It is there before the
    first row is sent, and nobody changes or deletes it.
    """

    _name = "g2p.spar.export"
    _description = "Export of Mappings"
    _order = "id desc"
    _rec_name = "exported_at"
    _log_access = False

    # === FIELDS === #

    user_id = fields.Many2one(
        "res.users", "Fetched by", readonly=True, required=True, ondelete="restrict"
    )
    exported_at = fields.Datetime("Asked For On", readonly=True, required=True)
    begun_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime("Sent Whole On", readonly=True)
    is_whole = fields.Boolean(
        "Whole Numbers",
        help="Tell IDs, account numbers and phones whole. Otherwise they are masked.",
    )
    reason = fields.Char("Why", help="Needed for whole numbers.")
    provider_id = fields.Many2one("g2p.spar.provider")
    id_type_id = fields.Many2one("g2p.spar.id.type", "ID Type")
    state = fields.Selection(STATES)
    count = fields.Integer("Rows", readonly=True)
    digest = fields.Char("SHA-256 of the File", readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("exported_at")
    @api.depends_context("lang", "uid")
    def _compute_display_name(self):
        for export in self:
            export.display_name = format_datetime(self.env, export.exported_at)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note who asks for what.

        :raise AccessError: whole numbers, and the user may not see them
        :raise UserError: whole numbers without a reason
        """
        open_fields = {"is_whole", "reason", "provider_id", "id_type_id", "state"}
        kept = []
        for vals in vals_list:
            chosen = {name: vals[name] for name in vals.keys() & open_fields}
            self._check_whole(chosen)
            now = fields.Datetime.now()
            kept.append({**chosen, "user_id": self.env.uid, "exported_at": now})
        return super().create(kept)

    def _check_whole(self, vals: dict):
        if not vals.get("is_whole"):
            return
        if not self.env.user.has_group(WHOLE_NUMBERS):
            raise AccessError(
                self.env._("You may not see whole numbers: export them masked.")
            )
        if not (vals.get("reason") or "").strip():
            raise UserError(self.env._("Say why you need whole numbers."))

    # === ACTION METHODS === #

    def action_download(self):
        """Fetch the file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/spar/export/{self.id}.csv",
            "target": "download",
        }

    # === BUSINESS METHODS === #

    @api.private
    def open(self) -> Iterator[bytes]:
        """Begin to send the file.

        :return: its blocks, read while they are sent
        :raise AccessError: another one asked for it, or a right is gone
        :raise UserError: it was fetched already
        """
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Somebody else asked for this list."))
        self._check_whole({"is_whole": self.is_whole, "reason": self.reason})
        if self.begun_at:
            raise UserError(
                self.env._("This list was fetched already: ask for a new one.")
            )
        # Nobody may write these records; that it was sent is noted here.
        self.sudo().begun_at = fields.Datetime.now()
        self.env.flush_all()
        return self._send(self.env.registry, self.id)

    @staticmethod
    def _send(registry, export_id: int) -> Iterator[bytes]:
        """Return the blocks in transactions of their own.

        That of the request has ended when the answer is sent. What is sent was
        judged before, so it is read as the system.
        """
        digest, count = hashlib.sha256(), 0
        with registry.cursor(readonly=True) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for block, rows in env["g2p.spar.export"].browse(export_id)._read_blocks():
                digest.update(block)
                count += rows
                yield block
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["g2p.spar.export"].browse(export_id).write(
                {
                    "count": count,
                    "digest": digest.hexdigest(),
                    "finished_at": fields.Datetime.now(),
                }
            )

    def _read_blocks(self) -> Iterator[tuple[bytes, int]]:
        """Return the blocks of the file and how many rows each has."""
        yield write_names(), 0
        after, now = 0, fields.Datetime.now()
        while rows := self._read_next(after):
            after = rows[-1][0]
            listed = [_to_listed(row, now) for row in rows]
            if self.state:
                listed = [row for row in listed if row.state == self.state]
            if listed:
                yield write_listed(listed, self.is_whole), len(listed)

    def _read_next(self, after: int) -> list[tuple]:
        """Read the next mappings, in the order of their ids; none of a sandbox."""
        filters = [SQL("m.id > %s", after), SQL("left(m.id_key, 1) <> %s", MARK)]
        if self.provider_id:
            filters.append(SQL("m.provider_id = %s", self.provider_id.id))
        if self.id_type_id:
            filters.append(SQL("m.id_type_id = %s", self.id_type_id.id))
        return self.env.execute_query(
            SQL(
                """
                SELECT m.id, m.id_value, m.fa_value, m.name, m.phone, m.valid_until,
                    m.state, m.hold_until, p.code
                FROM g2p_spar_mapping m
                LEFT JOIN g2p_spar_provider p ON p.id = m.provider_id
                WHERE %s ORDER BY m.id LIMIT %s
                """,
                SQL(" AND ").join(filters),
                _BATCH,
            )
        )


def _to_listed(row: tuple, now) -> Listed:
    _id, id_value, fa_value, name, phone, valid_until, state, hold_until, code = row
    now_state = effective_state(state, hold_until, valid_until, now)
    return Listed(id_value, fa_value, name, phone, valid_until, now_state, code)
