import uuid

from odoo.tests import tagged

from odoo.addons.g2p_spar_connect_api.tests.common import use_key
from odoo.addons.g2p_spar_portal.tests.at_once_common import (
    RequestsAtOnceCase,
    transaction,
)

from ..core.request import Asked
from ..models.g2p_spar_consent_page import Verdict

NAME = "consent-at-once"
BACK = "https://atonce.example.org/back"


@tagged("post_install", "-at_install")
class TestConsentAtOnce(RequestsAtOnceCase):
    """The button of the page, pressed twice at the same moment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        use_key(cls)

    def setUp(self):
        super().setUp()
        with transaction() as env:
            purpose = env["g2p.spar.purpose"].create(
                {"name": NAME, "code": NAME, "consent_text": "To try it out"}
            )
            sender = env["g2p.spar.sender"].create(
                {
                    "name": NAME,
                    "mnemonic": NAME,
                    "purpose_ids": purpose.ids,
                    "may_ask_consent": True,
                    "consent_name": NAME,
                    "consent_code": NAME,
                    "consent_redirects": BACK,
                }
            )
            self.client_id, self.purpose_id = sender.client_id, purpose.id

    def remove_all(self):
        with transaction() as env:
            senders = env["g2p.spar.sender"].search([("mnemonic", "=", NAME)])
            mine = [("sender_id", "in", senders.ids)]
            env["g2p.spar.consent.request"].search(mine).unlink()
            consents = env["g2p.spar.consent"].search(mine)
            references = consents.mapped("reference")
            env["g2p.spar.notice"].search([("reference", "in", references)]).unlink()
            consents.unlink()
            senders.unlink()
            env["g2p.spar.purpose"].search([("code", "=", NAME)]).unlink()
        return super().remove_all()

    def arrive(self):
        """Bring a request. :return: the secret part of its page"""
        with transaction() as env:
            profile = env["g2p.spar.sender"].get_consent_profile(self.client_id)
            asked = Asked(uuid.uuid4().hex, 0, self.purpose_id, 30, "u-1", BACK, None)
            return env["g2p.spar.consent.request"]._store(profile, asked)

    def press(self, token):
        """What the button does, as the other one does it too."""

        def agree(env, meet):
            page = env["g2p.spar.consent.page"]
            asked = env["g2p.spar.consent.request"].find(self.person, token)
            seen = page.show(asked)["seen"]
            meet()
            verdict = page.agree(self.person, asked, seen)
            return verdict, page.way_back(asked)

        return agree

    def states(self):
        with transaction() as env:
            mine = [("sender_id.mnemonic", "=", NAME)]
            return sorted(env["g2p.spar.consent"].search(mine).mapped("state"))

    def test_a_double_click_makes_one_consent_and_leads_to_one_place(self):
        token = self.arrive()
        first, second = self.at_once(self.press(token), self.press(token))
        self.assertEqual(first, second)
        self.assertEqual(first[0], Verdict.DONE)
        self.assertIn("result=agreed", first[1])
        self.assertEqual(self.states(), ["active"])

    def test_of_two_requests_at_once_the_later_one_counts(self):
        one, other = self.arrive(), self.arrive()
        answers = self.at_once(self.press(one), self.press(other))
        self.assertNotEqual(*answers)
        self.assertEqual(self.states(), ["active", "replaced"])
