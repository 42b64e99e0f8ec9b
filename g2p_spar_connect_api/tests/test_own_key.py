from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..core.access_token import MOST_TOKEN_SECONDS
from ..models.g2p_spar_own_key import ROTATION_DAYS
from .common import SenderCase


@tagged("post_install", "-at_install")
class TestOwnKey(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = cls.env["g2p.spar.own.key"]
        cls.keys.search([]).unlink()
        cls.admin = cls._staff("admin")

    def _states(self):
        return sorted(self.keys.search([]).mapped("state"))

    def test_first_use_makes_keys(self):
        key = self.keys.get_signing_key()

        self.assertEqual(self._states(), ["current", "next"])
        self.assertTrue(key.is_private)
        self.assertEqual(self.keys.get_signing_key().thumbprint(), key.thumbprint())
        self.assertIn(key.thumbprint(), self.keys.get_public_keys())

    def test_each_purpose_has_keys_of_its_own(self):
        token = self.keys.get_signing_key()
        message = self.keys.get_signing_key("message")

        self.assertNotEqual(token.thumbprint(), message.thumbprint())
        self.assertEqual(set(self.keys.get_public_keys()), self._kids("token"))
        self.assertNotIn(message.thumbprint(), self.keys.get_public_keys())

    def test_keys_for_encryption(self):
        self.keys.ensure_all()
        for algorithm, kind in (("RSA-OAEP-256", "RSA"), ("ECDH-ES", "EC")):
            key = self.keys.search(
                [("algorithm", "=", algorithm), ("state", "=", "current")]
            )
            with self.subTest(algorithm):
                private = self.keys.get_private_keys("encryption")[key.kid]
                self.assertEqual((private.key_type, private.is_private), (kind, True))
                self.assertEqual(private.thumbprint(), key.kid)
                self.assertNotIn(key.kid, self.keys.get_private_keys("token"))

    def test_nobody_is_to_encrypt_for_a_retired_key(self):
        """It still opens what was encrypted before."""
        self.keys._ensure("encryption", "ECDH-ES")
        former = self.keys.search(
            [("purpose", "=", "encryption"), ("state", "=", "current")]
        )
        self.keys._rotate("encryption", "ECDH-ES")

        published = [key["kid"] for key in self.keys.get_key_set()["keys"]]

        self.assertNotIn(former.kid, published)
        self.assertEqual(len(published), 2)
        self.assertIn(former.kid, self.keys.get_private_keys("encryption"))

    def _kids(self, purpose):
        return set(self.keys.search([("purpose", "=", purpose)]).mapped("kid"))

    def test_private_half_is_sealed(self):
        private = self.keys.get_signing_key().as_dict(private=True)["d"]

        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM g2p_spar_own_key")

        self.assertNotIn(private, str(self.env.cr.fetchall()))

    def test_private_half_is_nobodys_to_read(self):
        self.keys.get_signing_key()
        key = self.keys.search([], limit=1).with_user(self.admin)

        self.assertNotIn("private_sealed", key.read()[0])
        with self.assertRaises(AccessError):
            key.read(["private_sealed"])

    def test_rotate(self):
        self.keys.get_signing_key()
        upcoming = self.keys.search([("state", "=", "next")])

        self.keys.with_user(self.admin).action_rotate()

        self.assertEqual(self._states(), ["current", "next", "retired"])
        self.assertEqual(upcoming.state, "current")
        self.assertEqual(self.keys.get_signing_key().thumbprint(), upcoming.kid)

    def test_rotate_is_the_administrators(self):
        for user in (self.viewer, self.officer, self.manager, self.api_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.keys.with_user(user).action_rotate()

    def test_cron_rotates_old_keys_only(self):
        self.keys.get_signing_key()
        current = self.keys.search([("state", "=", "current")])

        self.keys._cron_rotate()
        self.assertEqual(current.state, "current")

        current.current_from -= timedelta(days=ROTATION_DAYS)
        self.keys._cron_rotate()
        self.assertEqual(current.state, "retired")

    def test_retired_key_stays_as_long_as_its_tokens(self):
        self.keys.get_signing_key()
        self.keys._rotate()
        retired = self.keys.search([("state", "=", "retired")])
        longest = timedelta(seconds=MOST_TOKEN_SECONDS)

        retired.retired_at = fields.Datetime.now() - longest + timedelta(minutes=5)
        self.keys._cron_rotate()
        self.assertTrue(retired.exists())

        retired.retired_at -= timedelta(minutes=10)
        self.keys._cron_rotate()
        self.assertFalse(retired.exists())
        self.assertEqual(len(self.keys.get_public_keys()), 2)

    def test_slots_are_rotated_one_by_one(self):
        self.keys.ensure_all()
        before = self._kids("encryption")
        token = self.keys.search([("purpose", "=", "token"), ("state", "=", "current")])

        token.current_from -= timedelta(days=ROTATION_DAYS)
        self.keys._cron_rotate()

        self.assertEqual(token.state, "retired")
        self.assertEqual(self._kids("encryption"), before)
