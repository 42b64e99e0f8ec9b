from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import SenderCase


@tagged("post_install", "-at_install")
class TestReminder(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "spar_reminded", groups="g2p_spar_mapper.group_admin"
        )
        cls.sender.responsible_id = cls.admin

    def _in(self, days):
        return fields.Datetime.now() + timedelta(days=days)

    def _activities(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "g2p.spar.sender"), ("res_id", "=", self.sender.id)]
        )

    def _remind(self):
        self.env["g2p.spar.sender"]._cron_remind()
        return self._activities()

    def _endings(self):
        found = self.env["g2p.spar.sender"]._find_endings(self.sender)
        return [topic for topic, _moment in found.get(self.sender.id, [])]

    def test_what_ends_soon(self):
        table = [
            # values of the partner, days its secrets have left -> topics
            ({}, (None,), []),
            ({"valid_until": self._in(13)}, (None,), ["access"]),
            ({"valid_until": self._in(15)}, (None,), []),
            ({"valid_until": self._in(-1)}, (None,), []),
            ({"valid_until": self._in(3), "active": False}, (None,), []),
            ({}, (5,), ["secret"]),
            ({}, (5, None), []),
            ({}, (5, 30), []),
            ({}, (-5,), []),
            ({}, (-5, 9), ["secret"]),
            ({"valid_until": self._in(3)}, (9,), ["access", "secret"]),
        ]
        neutral = {"valid_until": False, "active": True}
        for values, days, topics in table:
            with self.subTest(values=values, days=days):
                self.sender.write(neutral | values)
                self._set_secrets(days)
                self.assertEqual(self._endings(), topics)
                self.assertIs(self.sender.ends_soon, bool(topics))

    def _set_secrets(self, days):
        self.sender.secret_ids.unlink()
        for left in days:
            self.new_secret(self.sender, overlap_days=999)
            newest = self.sender.secret_ids.sorted("id")[-1]
            newest.expires_at = left is not None and self._in(left)
        self.sender.invalidate_recordset()

    def test_the_responsible_is_reminded_once(self):
        self.sender.valid_until = self._in(3)
        activity = self._remind()
        self.assertEqual(activity.user_id, self.admin)
        self.assertEqual(activity.date_deadline, self.sender.valid_until.date())
        self.assertIn("ends on", activity.summary)
        self.assertEqual(self._remind(), activity)
        self.sender.valid_until = self._in(9)
        self.assertEqual(len(self._remind()), 2)

    def test_nobody_responsible_means_all_administrators(self):
        self.sender.write({"responsible_id": False, "valid_until": self._in(3)})
        self.assertIn(self.admin, self._remind().user_id)

    def test_nothing_ends_nobody_is_reminded(self):
        self.assertFalse(self._remind())

    def test_filter(self):
        domain = [("id", "=", self.sender.id), ("ends_soon", "=", True)]
        self.assertFalse(self.env["g2p.spar.sender"].search(domain))
        self.sender.valid_until = self._in(3)
        self.assertEqual(self.env["g2p.spar.sender"].search(domain), self.sender)
        domain[1] = ("ends_soon", "=", False)
        self.assertFalse(self.env["g2p.spar.sender"].search(domain))

    def test_secrets_may_have_a_life(self):
        self.sender.secret_days = 90
        self.new_secret(self.sender)
        newest = self.sender.secret_ids.sorted("id")[-1]
        left = newest.expires_at - fields.Datetime.now()
        self.assertAlmostEqual(left / timedelta(days=1), 90, delta=0.01)
