from odoo.tests import BaseCase, tagged

from ..core.access_token import Claims
from ..core.caller import Caller, check_scope
from ..core.errors import Forbidden, Unauthorized
from ..core.secret import new_client_id, new_secret
from ..core.sender import StoredSecret, admit
from .samples import facts

NOW = 1_800_000_000


def claims(**values):
    """Claims of a token issued now."""
    scopes = frozenset({"mapper.link", "mapper.update"})
    return Claims("client", scopes, NOW, NOW + 600, "key")._replace(**values)


@tagged("post_install", "-at_install")
class TestSender(BaseCase):
    def test_admitted(self):
        sender = facts(valid_until=NOW + 1, tokens_from=NOW - 1)

        self.assertIs(admit(claims(), sender, NOW), sender)

    def test_not_admitted(self):
        for sender in (
            None,
            facts(is_active=False),
            facts(valid_until=NOW),
            facts(tokens_from=NOW),
            facts(tokens_from=NOW + 1),
        ):
            with self.subTest(sender=sender), self.assertRaises(Unauthorized):
                admit(claims(), sender, NOW)

    def test_scope_must_be_in_token_and_sender(self):
        caller = Caller(facts(), claims().scopes)
        check_scope("mapper.link", caller)
        for scope in ("mapper.update", "mapper.resolve", "mapper.unlink"):
            with self.subTest(scope), self.assertRaises(Forbidden) as caught:
                check_scope(scope, caller)
            challenge = caught.exception.headers["WWW-Authenticate"]
            self.assertIn("insufficient_scope", challenge)
            self.assertIn(scope, challenge)

    def test_purpose(self):
        sender = facts(purposes=frozenset({"cash"}))
        sender.check_purpose("cash")
        sender.check_purpose(None)
        facts().check_purpose("whatever")
        for known in (sender, facts(purposes=frozenset())):
            known.check_purpose(None)
            with self.assertRaises(Forbidden):
                known.check_purpose("census")

    def test_secrets_in_time(self):
        sender = facts(
            secrets=(
                StoredSecret("new", None),
                StoredSecret("old", NOW + 1),
                StoredSecret("over", NOW),
            )
        )

        self.assertEqual(sender.digests(NOW), ["new", "old"])

    def test_secrets_are_random_and_need_no_escaping(self):
        made = {new_secret() for _n in range(50)} | {
            new_client_id() for _n in range(50)
        }

        self.assertEqual(len(made), 100)
        for text in made:
            self.assertRegex(text, r"^[A-Za-z0-9_-]{12,43}$")
