from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import SenderCase, no_key


@tagged("post_install", "-at_install")
class TestSender(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._staff("admin")

    def _facts(self):
        return self.env["g2p.spar.sender"].get_facts(self.sender.client_id)

    def test_closed_by_default(self):
        sender = self.env["g2p.spar.sender"].create({"name": "New", "mnemonic": "new"})

        facts = self.env["g2p.spar.sender"].get_facts(sender.client_id)

        self.assertEqual(facts.scopes, {"mapper.resolve", "mapper.status"})
        self.assertEqual(facts.id_type_ids, frozenset())
        self.assertFalse(facts.may_reverse or facts.may_prefix)
        self.assertEqual(facts.digests(0), [])
        self.assertEqual((facts.item_limit, facts.body_limit), (2000, 10 * 2**20))
        self.assertEqual((facts.request_limit, facts.token_lifetime), (6000, 600))

    def test_facts_follow_every_change(self):
        purpose = self.env["g2p.spar.purpose"].create({"name": "P", "code": "p"})
        for change, field, value in (
            (lambda: self.sender.write({"may_link": False}), "scopes", None),
            (lambda: self.sender.write({"active": False}), "is_active", False),
            (lambda: self.sender.write({"item_limit": 5}), "item_limit", 5),
            (
                lambda: self.sender.write({"purpose_ids": purpose.ids}),
                "purposes",
                {"p"},
            ),
            (lambda: purpose.write({"code": "q"}), "purposes", {"q"}),
            (lambda: purpose.write({"active": False}), "purposes", frozenset()),
        ):
            before = self._facts()
            change()
            with self.subTest(field):
                found = getattr(self._facts(), field)
                self.assertNotEqual(found, getattr(before, field))
                if value is not None:
                    self.assertEqual(found, value)

    def test_facts_cost_nothing_the_second_time(self):
        self._facts()
        with self.assertQueryCount(0):
            self._facts()

    def test_secret_changes_facts(self):
        before = self._facts()

        self.new_secret(self.sender)

        self.assertEqual(len(self._facts().secrets), len(before.secrets) + 1)

    def test_deleted_sender_is_unknown(self):
        client_id = self.sender.client_id
        self.assertTrue(self._facts())

        self.sender.unlink()

        self.assertIsNone(self.env["g2p.spar.sender"].get_facts(client_id))

    def test_limits_have_bounds(self):
        for field, wrong in (
            ("item_limit", (0, -1, 100_001)),
            ("body_megabytes", (0, 65)),
            ("request_limit", (0, -5)),
            ("token_lifetime", (59, 3601)),
        ):
            for value in wrong:
                with (
                    self.subTest(field, value=value),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(IntegrityError),
                    self.env.cr.savepoint(),
                ):
                    self.sender.write({field: value})
                    self.sender.flush_recordset()

    def test_mnemonic(self):
        for wrong in (" a", "a ", "a\nb", "x" * 100):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.make_sender(mnemonic=wrong)

    def test_mnemonic_is_unique_whatever_its_case(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_sender(mnemonic=self.sender.mnemonic.upper())

    def test_technical_user_is_no_person(self):
        person = new_test_user(
            self.env, "person", groups="base.group_user,g2p_spar_mapper.group_api"
        )
        nobody = new_test_user(self.env, "nobody", groups="base.group_public")
        for user in (person, nobody, self.env.ref("base.user_root")):
            with self.subTest(user.login), self.assertRaises(ValidationError):
                self.sender.user_id = user

    def test_technical_user_cannot_log_in(self):
        user = self.env.ref("g2p_spar_connect_api.user_api")

        self.assertFalse(user.active)
        self.assertEqual(user.all_group_ids, self.env.ref("g2p_spar_mapper.group_api"))

    def test_secret_is_shown_once_and_stored_hashed(self):
        action = self.sender.with_user(self.admin).action_new_secret()

        secret = action["context"]["default_secret"]
        self.assertEqual(action["context"]["default_client_id"], self.sender.client_id)
        stored = self.sender.secret_ids.sorted("id")[-1]
        self.assertNotIn(secret, str(stored.read()))
        self.assertNotIn(secret, stored.digest)
        shown = self.env["g2p.spar.sender.secret.show"]
        self.assertFalse(shown._fields["secret"].store)
        made = shown.with_context(**action["context"]).create({})
        made.invalidate_recordset()
        self.assertFalse(shown.browse(made.id).secret)

    def test_secret_without_key_says_what_to_set(self):
        with (
            no_key(),
            self.assertRaisesRegex(UserError, "G2P_SPAR_SECRET_KEY"),
        ):
            self.sender.with_user(self.admin).action_new_secret()

    def test_revoke(self):
        self.sender.with_user(self.admin).action_revoke()

        self.assertEqual(set(self.sender.secret_ids.mapped("state")), {"expired"})
        self.assertTrue(self.sender.tokens_from)

    def test_overlap_does_not_lengthen(self):
        self.sender.secret_ids.expires_at = "2020-01-01 00:00:00"

        self.new_secret(self.sender)

        old = self.sender.secret_ids.sorted("id")[0]
        self.assertEqual(str(old.expires_at), "2020-01-01 00:00:00")

    def test_actions_are_the_administrators(self):
        for role in ("viewer", "officer", "manager", "auditor"):
            user = getattr(self, role, None) or self._staff(role)
            for action in ("action_new_secret", "action_revoke"):
                with self.subTest(role, action=action), self.assertRaises(AccessError):
                    getattr(self.sender.with_user(user), action)()

    def test_demo_client_is_one(self):
        senders = self.env["g2p.spar.sender"]

        first, again = senders.issue_demo_client(), senders.issue_demo_client()

        self.assertEqual(first[0], again[0])
        self.assertNotEqual(first[1], again[1])
        self.assertEqual(len(senders.get_facts(first[0]).scopes), 6)
