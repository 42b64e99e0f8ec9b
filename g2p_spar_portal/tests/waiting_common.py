from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin, WaitingItem
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID

#: The account that is asked for in these tests.
NEW = "999000111"
LIFE = {"valid_days": 365, "grace_days": 30, "warn_days": "30, 7"}


class WaitingMixin:
    """Changes that wait, and links that end, of the people of ``MapperCase``."""

    def policy(self, **values):
        """A policy that has every change wait a day."""
        usual = {"name": "A day to object", "effect": "wait", "hours": 24}
        return self.env["g2p.spar.change.policy"].create(usual | values)

    def ask(self, name="amina", channel="staff", number=NEW):
        """Have somebody ask for another account of a person. :return: the outcome"""
        item = LinkItem("ref", NATIONAL_ID % name, BANK_FA % number)
        [outcome] = self.mapper().update([item], Origin(channel=channel))
        return outcome

    def decide(self, step, name="amina"):
        """Apply or withdraw what waits of a person. :return: the outcome"""
        item = WaitingItem("ref", NATIONAL_ID % name)
        service = self.mapper(self.officer)
        [outcome] = getattr(service, step)([item], Origin(channel="staff"))
        return outcome

    def pending(self, name="amina"):
        """All changes of a person that waited or wait, the newest first."""
        return self.env["g2p.spar.pending.change"].search(
            [("mapping_id", "in", self.mapping(name).ids)]
        )

    def ends_in(self, days, name="amina"):
        """Let links last a year, and that of a person end some days from now."""
        mapping = self.mapping(name)
        mapping.id_type_id.write(LIFE)
        end = fields.Datetime.now() + timedelta(days=days)
        self.env.cr.execute(
            SQL(
                "UPDATE g2p_spar_mapping SET valid_until = %s WHERE id = %s",
                end,
                mapping.id,
            )
        )
        mapping.invalidate_recordset()
