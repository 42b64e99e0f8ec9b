from datetime import datetime

from freezegun import freeze_time

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin
from odoo.addons.g2p_spar_mapper.tests.common import (
    BANK_FA,
    NATIONAL_ID,
    MapperCase,
    account_of,
)

NOON = datetime.fromisoformat("2026-05-04 12:00")
PARTNER = Origin("api", sender="pbms-a", reason="Changed at the desk")


class WatchCase(MapperCase):
    """One rule at a time, at fixed times, on mappings of the test alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["g2p.spar.alert.rule"].search([]).active = False

    def rule(self, **values):
        return self.env["g2p.spar.alert.rule"].create({"name": "Test"} | values)

    def look(self, rule, at=NOON):
        """Let a rule look at a moment. :return: its alerts, oldest first"""
        with freeze_time(at):
            rule._look()
        return self.env["g2p.spar.alert"].search(
            [("rule_id", "=", rule.id)], order="id"
        )

    def move(self, *names, to="1", at=NOON, origin=PARTNER, user=None):
        """Give persons who are linked another address."""
        items = [
            LinkItem(f"ref-{name}", NATIONAL_ID % name, fa=BANK_FA % to)
            for name in names
        ]
        with freeze_time(at):
            return self.mapper(user).update(items, origin)

    def link_at(self, at, *names, **values):
        with freeze_time(at):
            return self.link(*names, **values)

    def account(self, name, number):
        """An account of a person's own, which differs from the others of hers."""
        return f"{account_of(name)}{number}"
