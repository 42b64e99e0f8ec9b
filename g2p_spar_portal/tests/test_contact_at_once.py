from odoo.tests import tagged

from ..core.code import Verdict, digest_of
from .at_once_common import RequestsAtOnceCase, transaction

EMAIL = "at.once@example.org"
CODE = "123456"


@tagged("post_install", "-at_install")
class TestContactAtOnce(RequestsAtOnceCase):
    """The buttons of a contact's pages, pressed twice."""

    def remove_all(self):
        with transaction() as env:
            env["mail.mail"].search([("email_to", "=", EMAIL)]).unlink()
            env.cr.execute("TRUNCATE g2p_spar_throttle")
        return super().remove_all()

    def ask(self, env, meet):
        contacts = env["g2p.spar.contact"]
        contacts.in_use(self.person)
        meet()
        return contacts.ask(self.person, "email", EMAIL).outcome

    def confirm(self, env, meet):
        contacts = env["g2p.spar.contact"]
        contacts.in_use(self.person)
        meet()
        return contacts.confirm(self.person, "email", CODE)

    def stored(self):
        with transaction() as env:
            mine = [("identity_id", "=", self.person.identity_id)]
            return env["g2p.spar.contact"].search(mine).mapped("state")

    def test_both_clicks_on_sending_lead_to_the_code(self):
        self.assertEqual(self.at_once(self.ask, self.ask), ["sent", "sent"])
        self.assertEqual(self.stored(), ["asked"])

    def test_the_second_click_on_confirming_finds_it_done(self):
        self.at_once(self.ask)
        with transaction() as env:
            [asked] = env["g2p.spar.contact"].search([("value", "=", EMAIL)])
            asked.code_digest = digest_of(CODE, asked.id, EMAIL)
        verdicts = self.at_once(self.confirm, self.confirm)
        self.assertCountEqual(verdicts, [Verdict.RIGHT, Verdict.DEAD])
        self.assertEqual(self.stored(), ["confirmed"])
