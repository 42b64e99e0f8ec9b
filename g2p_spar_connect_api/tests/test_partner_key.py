import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..core.jose.keys import read_keys
from .common import SenderCase
from .jose_samples import private_key, public_jwk
from .roles import ADMIN, AUDITOR, OTHERS
from .test_core_jose_keys import BEGIN, certificate


@tagged("post_install", "-at_install")
class TestPartnerKey(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = cls.env["g2p.spar.partner.key"]
        cls.wizard = cls.env["g2p.spar.partner.key.add"]
        cls.admin = cls._staff("admin")

    def _add(self, pasted, user=None, **values):
        """Paste keys as an administrator does. :return: the keys of the partner"""
        window = self.wizard.with_user(user or self.admin).with_context(
            default_sender_id=self.sender.id
        )
        form = Form(window)
        form.pasted = pasted
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_add()
        return self.sender.key_ids

    def test_paste(self):
        key = self._add(private_key().as_pem(private=False).decode())

        self.assertEqual(key.thumbprint, private_key().thumbprint())
        self.assertEqual(
            (key.kid, key.use, key.state), (key.thumbprint, "sig", "valid")
        )
        self.assertEqual((key.source, key.kind), ("pasted", "RSA"))

    def test_paste_a_certificate(self):
        key = self._add(certificate(private_key()))

        self.assertEqual(key.valid_from, BEGIN.replace(tzinfo=None))
        self.assertEqual(key.valid_until - key.valid_from, timedelta(days=365))

    def test_what_is_said_counts_more_than_the_certificate(self):
        until = fields.Datetime.now() + timedelta(days=9999)

        key = self._add(certificate(private_key()), kid="key-1", valid_until=until)

        self.assertEqual((key.kid, key.public_jwk["kid"]), ("key-1", "key-1"))
        self.assertEqual(key.valid_until, until)

    def test_several(self):
        text = json.dumps({"keys": [public_jwk(), public_jwk("ec", use="enc")]})

        keys = self._add(text)

        self.assertEqual(set(keys.mapped("use")), {"sig", "enc"})
        with self.assertRaises(UserError):
            self._add(text, kid="one-for-two")

    def test_private_key_is_not_stored(self):
        """Not even for a moment in the table of the window."""
        before = self.wizard.search_count([])
        for text in (
            private_key().as_pem(private=True).decode(),
            json.dumps(private_key().as_dict(private=True)),
        ):
            with self.subTest(text[:20]), self.assertRaises(UserError) as caught:
                self._add(text)
            self.assertIn("private key", str(caught.exception))
        self.assertEqual(self.wizard.search_count([]), before)

    def test_pasted_text_is_not_stored(self):
        self._add(private_key().as_pem(private=False).decode())
        self.env.flush_all()

        self.env.cr.execute("SELECT * FROM g2p_spar_partner_key_add")

        self.assertNotIn("BEGIN PUBLIC KEY", str(self.env.cr.fetchall()))

    def test_nothing_pasted(self):
        window = self.wizard.create({"sender_id": self.sender.id})
        with self.assertRaises(UserError):
            window.action_add()

    def test_other_doors(self):
        """What is refused when it is pasted is refused everywhere."""
        [read] = read_keys(json.dumps(public_jwk()))
        good = {**self.keys._prepare_vals(read), "sender_id": self.sender.id}
        private = private_key().as_dict(private=True)
        for values in (
            {"public_jwk": private | {"use": "sig"}},
            {"public_jwk": {"kty": "oct", "k": "AA"}},
            {"public_jwk": public_jwk("ec")},
            {"kid": "other"},
            {"thumbprint": "other"},
            {"use": "enc"},
            {"algorithm": "HS256"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.keys.create({**good, **values})
        key = self.keys.create(good)
        with self.assertRaises(ValidationError):
            key.write({"valid_from": "2026-01-02", "valid_until": "2026-01-01"})

    def test_states(self):
        key = self._add(json.dumps(public_jwk()))
        day, now = timedelta(days=1), fields.Datetime.now()
        for values, state in (
            ({"valid_from": now + day}, "coming"),
            ({"valid_from": now - day}, "valid"),
            ({"valid_until": now - day / 2}, "expired"),
        ):
            key.write(values)
            with self.subTest(state):
                self.assertEqual(key.state, state)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_keys_are_the_administrators(self):
        key = self._add(json.dumps(public_jwk()))
        for number, role in enumerate((AUDITOR, *OTHERS)):
            user = new_test_user(self.env, f"key_{number}", groups=role)
            with self.subTest(role):
                with self.assertRaises(AccessError):
                    key.with_user(user).valid_until = False
                with self.assertRaises(AccessError):
                    key.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    self.wizard.with_user(user).create({"sender_id": self.sender.id})
                with self.assertRaises(AccessError):
                    self.sender.with_user(user).action_fetch_keys()
        key.with_user(new_test_user(self.env, "key_admin", groups=ADMIN)).unlink()

    def _fetch(self, *jwks):
        keys = read_keys(json.dumps(list(jwks)))
        self.sender._store_key_set(keys)
        return {key.kid: key.state for key in self.sender.key_ids}

    def test_published_keys(self):
        first = public_jwk(kid="1")
        second = public_jwk("rsa-other", kid="2")

        self.assertEqual(self._fetch(first), {"1": "valid"})
        self.assertEqual(self._fetch(first, second), {"1": "valid", "2": "valid"})
        self.assertEqual(self._fetch(second), {"1": "expired", "2": "valid"})
        self.assertEqual(self._fetch(first, second), {"1": "valid", "2": "valid"})

    def test_name_that_goes_to_another_key(self):
        self._fetch(public_jwk(kid="1"))

        self._fetch(public_jwk("rsa-other", kid="1"))

        [key] = self.sender.key_ids
        self.assertEqual(key.thumbprint, private_key("rsa-other").thumbprint())

    def test_pasted_keys_stay(self):
        pasted = self._add(json.dumps(public_jwk(kid="1")))

        states = self._fetch(
            public_jwk("ec", kid="1"), public_jwk("rsa-other", kid="2")
        )

        self.assertEqual(states, {"1": "valid", "2": "valid"})
        self.assertEqual(pasted.thumbprint, private_key().thumbprint())

    def test_reminder(self):
        key = self._add(json.dumps(public_jwk()))
        self.assertFalse(self.sender.ends_soon)

        key.valid_until = fields.Datetime.now() + timedelta(days=3)
        self.sender.invalidate_recordset()
        self.assertTrue(self.sender.ends_soon)
        self.assertIn("last key", self.sender.ends_text)

        self._add(json.dumps(public_jwk("ec")))
        self.sender.invalidate_recordset()
        self.assertFalse(self.sender.ends_soon)
