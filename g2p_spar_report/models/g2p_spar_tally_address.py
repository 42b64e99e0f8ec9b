from odoo import api, fields, models

from odoo.addons.g2p_spar_mapper.const import WHOLE_NUMBERS

from . import counting


class G2PSparTallyAddress(models.Model):
    """An address to which several IDs are linked, and how many.

    Reports tell addresses apart by the number of this record: it says nothing
    about the account, which a digest of an account number would not keep secret,
    as there are so few numbers that all of them can be tried.
    """

    _name = "g2p.spar.tally.address"
    _description = "Address of Several IDs"
    _order = "id_count desc, id desc"
    _log_access = False
    _rec_name = "id"

    fa_key = fields.Char(
        "Address key", required=True, readonly=True, groups=WHOLE_NUMBERS
    )
    provider_id = fields.Many2one(
        "g2p.spar.provider", readonly=True, ondelete="restrict", index=True
    )
    id_count = fields.Integer("IDs", required=True, readonly=True)
    counted_at = fields.Datetime(required=True, readonly=True)

    _fa_key_uniq = models.UniqueIndex("(fa_key)", "This address is counted already.")

    @api.model
    def _cron_count(self):
        """Count the addresses anew that are shared, or changed since the last time.

        The first time, all addresses are looked at, in their index.
        """
        now = fields.Datetime.now()
        last = self.search([], order="counted_at desc", limit=1).counted_at
        counting.count_addresses(self.env.cr, last or None, now)
        self.invalidate_model(flush=False)

    def action_open_mappings(self):
        """Open the IDs that are linked to the address."""
        self.ensure_one()
        self.check_access("read")
        # The key finds the mappings; it is not told.
        fa_key = self.sudo().fa_key
        # Which of them the user sees is decided when they are shown.
        mappings_sudo = self.env["g2p.spar.mapping"].sudo()
        found_sudo = mappings_sudo.search(
            [("fa_key", "=", fa_key), ("state", "!=", "unlinked")]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "g2p_spar_mapper.g2p_spar_mapping_action"
        )
        return action | {"domain": [("id", "in", found_sudo.ids)], "path": False}
