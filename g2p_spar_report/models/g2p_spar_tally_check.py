from odoo import fields, models

from odoo.addons.g2p_spar_mapper.models.g2p_spar_verification import RUNGS

LEVELS = [("0", "Not checked"), *RUNGS]


class LooseMany2one(fields.Many2one):
    """A reference that neither locks its target nor keeps it from being deleted.

    Counts are made anew from the registry: they must not stand in its way.
    """

    def update_db_foreign_key(self, model, column):
        """Leave the column without a foreign key."""


class G2PSparTallyCheck(models.Model):
    """How well the present address of a linked ID has been checked.

    Only of IDs that stand elsewhere than on the first rung, where most are. Kept so
    that a count needs to look only at what has changed since the last one. Filled
    by ``g2p.spar.tally.day``; nobody writes it by hand.
    """

    _name = "g2p.spar.tally.check"
    _description = "Check of a Linked Address"
    _log_access = False

    mapping_id = LooseMany2one("g2p.spar.mapping", required=True, readonly=True)
    level = fields.Selection(LEVELS, required=True, readonly=True)

    _mapping_id_uniq = models.UniqueIndex(
        "(mapping_id)", "This ID has a level already."
    )
    _level_idx = models.Index("(level, mapping_id)")


class G2PSparVerification(models.Model):
    """Checks are found by their time: a count looks at the newest alone."""

    _inherit = "g2p.spar.verification"

    _checked_at_idx = models.Index("(checked_at)")


class G2PSparMapping(models.Model):
    """Leads from a level of the dashboard to the IDs that have it."""

    _inherit = "g2p.spar.mapping"

    tally_check_ids = fields.One2many(
        "g2p.spar.tally.check", "mapping_id", "Counted Level", readonly=True
    )
