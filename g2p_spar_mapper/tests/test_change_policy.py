from psycopg2.errors import CheckViolation, ForeignKeyViolation

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..core.reason import Cause
from .change_common import ChangeCase


@tagged("post_install", "-at_install")
class TestChangePolicy(ChangeCase):
    def bank(self):
        """Another bank, at which nobody has an account."""
        return self.env["g2p.spar.provider"].create(
            {"name": "Other", "code": "otherbank", "kind_id": self.kind.id}
        )

    def test_the_summary_says_what_will_happen(self):
        policy = self.policy(
            by_portal=True,
            by_staff=True,
            provider_ids=[(6, 0, self.provider.ids)],
            changes=2,
            days=30,
        )
        self.assertEqual(
            policy.summary.splitlines(),
            [
                "The new address is at: Test Bank.",
                "The change comes by: Beneficiary, Staff.",
                "The address was changed at least 2 times in the last 30 days.",
                "The change waits 24 hours, unless somebody else agrees to it before.",
                "Until then payments go to the old address.",
                "The first address of an ID never waits.",
            ],
        )

    def test_the_summary_follows_the_form(self):
        with Form(self.env["g2p.spar.change.policy"]) as form:
            form.name = "New"
            form.effect = "approve"
            form.payment = "stop"
            self.assertIn("until somebody else than who asked", form.summary)
            self.assertIn("nothing is paid", form.summary)
            form.by_agent = True
            self.assertIn("Field agent", form.summary)

    def test_what_makes_no_sense_is_refused(self):
        table = [
            ({"hours": 0}, ValidationError),
            ({"changes": 1, "days": 0}, ValidationError),
            ({"hours": -1}, CheckViolation),
            ({"hours": 99999}, CheckViolation),
            ({"changes": -1}, CheckViolation),
        ]
        for values, refusal in table:
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(refusal),
                self.cr.savepoint(),
            ):
                self.policy(**values)

    def test_a_policy_in_use_stays(self):
        policy = self.policy()
        self.link("ana")
        self.update("ana", "777")
        with self.assertRaisesRegex(UserError, "Archive"), self.cr.savepoint():
            policy.unlink()
        self.decide("withdraw", "ana")
        with self.assertRaisesRegex(UserError, "Archive"), self.cr.savepoint():
            policy.unlink()
        self.policy().unlink()

    def test_the_order_of_the_list_decides(self):
        first, second = self.policy(sequence=5), self.policy(sequence=6, effect="none")
        self.link("ana", "bea")
        self.assertTrue(self.update("ana", "777").due_at)
        second.sequence = 1
        self.assertIsNone(self.update("bea", "777").due_at)
        self.assertTrue(first.active)

    def test_an_exception_does_not_grow_when_what_it_names_is_archived(self):
        bank = self.bank()
        id_type = self.env["g2p.spar.id.type"].create(
            {"name": "Card", "code": "test_card", "template": "card:{id}@test"}
        )
        self.link("ana")
        self.policy(sequence=2)
        for values in (
            {"provider_ids": [Command.set(bank.ids)]},
            {"id_type_ids": [Command.set(id_type.ids)]},
        ):
            with self.subTest(values):
                free = self.policy(effect="none", sequence=1, **values)
                bank.active = id_type.active = False
                self.assertEqual(self.update("ana", "777").cause, Cause.WAITING)
                self.assertNotIn("Whenever", free.summary)
                self.decide("withdraw", "ana")
                bank.active = id_type.active = True
                free.active = False

    def test_what_a_policy_names_is_not_deleted(self):
        bank = self.bank()
        id_type = self.env["g2p.spar.id.type"].create(
            {"name": "Card", "code": "test_card", "template": "card:{id}@test"}
        )
        self.policy(effect="none", provider_ids=[Command.set(bank.ids)])
        self.policy(effect="none", id_type_ids=[Command.set(id_type.ids)])
        for record in (bank, id_type):
            with (
                self.subTest(record),
                mute_logger("odoo.sql_db"),
                self.assertRaises(ForeignKeyViolation),
                self.cr.savepoint(),
            ):
                record.unlink()

    # === THE TEST BOX === #

    def test_the_box_says_what_the_service_does(self):
        policy = self.policy(by_portal=True, changes=1, days=30)
        box = Form(self.env["g2p.spar.change.policy.test"].with_user(self.officer))
        box.channel = "portal"
        self.assertEqual(box.verdict, "At once: no policy fits.")
        box.past_count = 1
        box.past_days = 3
        self.assertEqual(box.policy_id, policy)
        self.assertEqual(box.verdict, policy.summary)
        for days in (31, 2**31 - 1):
            box.past_days = days
            self.assertFalse(box.policy_id)
        box.past_days = 3
        box.channel = "api"
        self.assertFalse(box.policy_id)
        box.channel = "portal"
        box.is_first = True
        self.assertIn("never waits", box.verdict)
