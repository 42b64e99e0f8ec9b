from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class G2PSparMappingVersion(models.Model):
    """Finds the changes that a chart counts by provider."""

    _inherit = "g2p.spar.mapping.version"

    # compute_sudo: the snapshot is for those who may read whole numbers, the provider
    # is told to everybody.
    provider_id = fields.Many2one(
        "g2p.spar.provider",
        "Provider after",
        compute="_compute_provider_id",
        search="_search_provider_id",
        compute_sudo=True,
    )

    @api.depends("after")
    def _compute_provider_id(self):
        numbers = {one: (one.after or {}).get("provider_id") for one in self}
        known = self.env["g2p.spar.provider"].browse(set(numbers.values())).exists()
        for version, number in numbers.items():
            version.provider_id = number if number in known.ids else False

    def _search_provider_id(self, operator, value):
        if operator == "any":
            # A part of a name was asked for.
            operator, value = "in", self.env["g2p.spar.provider"].search(value).ids
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda _model, alias, _query: _by_provider(alias, value)
        )


def _by_provider(alias, numbers):
    """Say in SQL that a line's provider is one of these; False: none that exists."""
    provider = SQL("(%s->>'provider_id')::int", SQL.identifier(alias, "after"))
    known = [number for number in numbers if number]
    found = SQL("%s = ANY(%s)", provider, known)
    if len(known) == len(numbers):
        return found
    return SQL(
        "(%s OR NOT EXISTS (SELECT FROM g2p_spar_provider p WHERE p.id = %s))",
        found,
        provider,
    )
