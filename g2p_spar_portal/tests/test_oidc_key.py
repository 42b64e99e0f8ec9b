import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from joserfc.jwk import ECKey, RSAKey
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core.oidc.own_key import KeyProblem
from .common import PortalCase

CURVE = ECKey.generate_key("P-256")
SECRET = CURVE.as_dict(private=True)["d"]


@tagged("post_install", "-at_install")
class TestOidcKey(PortalCase):
    """Keys with which the portal proves who it is."""

    def setUp(self):
        super().setUp()
        self.keys = self.env["g2p.spar.oidc.key"]
        self.first = self.oidc.spar_key_ids

    def create(self, **values):
        return self.keys.create({"provider_id": self.oidc.id, "kind": "EC", **values})

    def folder(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

    def variable(self, **variables):
        patcher = patch.dict(os.environ, variables)
        patcher.start()
        self.addCleanup(patcher.stop)

    # === ROTATION === #

    def test_a_new_key_takes_over_when_it_is_registered(self):
        second = self.create()
        self.assertEqual((self.first.state, second.state), ("current", "new"))
        self.assertEqual(self.keys.signing_key(self.oidc)[1], self.first.kid)
        second.action_use()
        self.assertEqual((self.first.state, second.state), ("retired", "current"))
        self.assertTrue(self.first.retired_at)
        key, kid = self.keys.signing_key(self.oidc)
        self.assertEqual(kid, second.kid)
        self.assertEqual(key.as_dict(private=False)["x"], second.public_jwk["x"])
        self.first.action_use()
        self.assertEqual(self.keys.signing_key(self.oidc)[1], self.first.kid)
        self.assertEqual(second.state, "retired")
        self.assertFalse(self.first.retired_at)

    def test_keys_of_another_provider_or_purpose_stay_in_use(self):
        other = self.login_provider(name="Other ID")
        opens = self.create(purpose="decrypt")
        opens.action_use()
        self.create().action_use()
        self.assertEqual(other.spar_key_ids.state, "current")
        self.assertEqual(opens.state, "current")

    def test_a_retired_key_still_opens_what_was_encrypted_for_it(self):
        old = self.create(purpose="decrypt")
        old.action_use()
        new = self.create(purpose="decrypt")
        new.action_use()
        found = self.keys.decryption_keys(self.oidc)
        self.assertEqual(
            [key.as_dict(private=False)["x"] for key in found],
            [new.public_jwk["x"], old.public_jwk["x"]],
        )

    def test_a_retired_key_signs_nothing(self):
        self.first.action_retire()
        self.assertIsNone(self.keys.signing_key(self.oidc))

    def test_of_each_purpose_one_key_is_in_use(self):
        second = self.create()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            second.state = "current"
            self.env.flush_all()

    def test_a_key_stays_what_it_is(self):
        other = self.login_provider(name="Other ID")
        for values in (
            {"provider_id": other.id},
            {"purpose": "decrypt"},
            {"source": "file", "place": "/etc/passwd"},
            {"place": "/etc/passwd"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.first.write(values)

    def test_nobody_brings_a_private_half_or_a_state_along(self):
        made = self.create(state="current", private_sealed="mine", public_jwk={"a": 1})
        self.assertEqual(made.state, "new")
        self.assertEqual(made.public_jwk["kty"], "EC")
        self.assertNotEqual(made.sudo().private_sealed, "mine")

    # === WHERE THE PRIVATE HALF IS === #

    def test_what_is_made_here_is_sealed(self):
        self.cr.execute("SELECT row_to_json(k)::text FROM g2p_spar_oidc_key k")
        stored = " ".join(row for [row] in self.cr.fetchall())
        key, _kid = self.keys.signing_key(self.oidc)
        self.assertNotIn(key.as_dict(private=True)["d"], stored)
        self.assertNotIn("PRIVATE", stored)

    def test_a_key_in_a_file_is_read_there_each_time(self):
        path = self.folder() / "client.pem"
        path.write_bytes(CURVE.as_pem(private=True))
        made = self.create(source="file", place=str(path))
        made.action_use()
        self.assertFalse(made.sudo().private_sealed)
        self.assertEqual(
            made.public_jwk["x"], CURVE.as_dict(private=False)["x"], "its public half"
        )
        key, _kid = self.keys.signing_key(self.oidc)
        self.assertEqual(key.as_dict(private=True)["d"], SECRET)
        path.unlink()
        with self.assertRaises(KeyProblem):
            self.keys.signing_key(self.oidc)

    def test_a_key_in_a_variable(self):
        self.variable(G2P_SPAR_CLIENT_KEY=CURVE.as_pem(private=True).decode())
        made = self.create(source="variable", place="G2P_SPAR_CLIENT_KEY", kid="named")
        made.action_use()
        key, kid = self.keys.signing_key(self.oidc)
        self.assertEqual((key.as_dict(private=True)["d"], kid), (SECRET, "named"))
        self.assertNotIn(SECRET, str(made.read()))

    def test_the_kind_is_that_of_the_key_that_was_read(self):
        self.variable(
            G2P_SPAR_CLIENT_KEY=RSAKey.generate_key(2048).as_pem(private=True).decode()
        )
        made = self.create(source="variable", place="G2P_SPAR_CLIENT_KEY")
        self.assertEqual(made.kind, "RSA")

    def test_places_that_are_none(self):
        self.variable(OTHER_SECRET="x", G2P_SPAR_EMPTY="", G2P_SPAR_TEXT="sesame")
        text = self.folder() / "text.pem"
        text.write_text("sesame")
        for source, place in (
            ("file", ""),
            ("file", "client.pem"),
            ("file", "../client.pem"),
            ("file", str(text)),
            ("file", str(text.parent)),
            ("file", "/nowhere/client.pem"),
            ("variable", ""),
            ("variable", "OTHER_SECRET"),
            ("variable", "PGPASSWORD"),
            ("variable", "G2P_SPAR_EMPTY"),
            ("variable", "G2P_SPAR_TEXT"),
        ):
            with (
                self.subTest(source=source, place=place),
                self.assertRaises(ValidationError) as caught,
                self.cr.savepoint(),
            ):
                self.create(source=source, place=place)
            self.assertNotIn("sesame", str(caught.exception))

    # === WHAT A PROVIDER NEEDS === #

    def test_a_provider_is_offered_with_a_key_that_signs(self):
        for kind, state in (("EC", "new"), ("RSA", "current")):
            provider = self.env["auth.oauth.provider"].create(self.provider_values())
            key = self.create(provider_id=provider.id, kind=kind)
            if state == "current":
                key.action_use()
            with self.subTest(kind=kind, state=state):
                with self.assertRaisesRegex(ValidationError, "client key .* ES256"):
                    provider.spar_enabled_for_portal = True
                provider.spar_enabled_for_portal = False
        self.assertTrue(self.oidc.spar_enabled_for_portal)
        with self.assertRaisesRegex(ValidationError, "client key .* PS256"):
            self.oidc.spar_client_alg = "PS256"

    def test_the_id_is_made_of_the_claims_of_the_template(self):
        self.assertEqual(self.oidc._spar_settings().id_claims, ("sub",))
        self.oidc.spar_id_type_id = self.env["g2p.spar.id.type"].create(
            {
                "name": "Number",
                "code": "number",
                "template": "number:{individual_id}@nationalId",
            }
        )
        self.assertEqual(self.oidc._spar_settings().id_claims, ("individual_id",))
