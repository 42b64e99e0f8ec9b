from functools import partial

from odoo.tests import tagged

from ..core.change import Step
from ..models.g2p_spar_change import Verdict
from .at_once_common import BANK, RequestsAtOnceCase, transaction


@tagged("post_install", "-at_install")
class TestChangeAtOnce(RequestsAtOnceCase):
    """The button of the review page, pressed twice."""

    def begin(self, number):
        """Go to the review page. :return: token of the draft, and what was seen"""
        with transaction() as env:
            form = env["g2p.spar.change.form"]
            way = form.begin(self.person, "BANK_ACCOUNT")
            token = way.draft_sudo.token
            form.choose(way, Step.PROVIDER, BANK)
            way = form.open(self.person, token)
            names = ("part_account_number", "again_account_number")
            self.assertFalse(form.type_in(way, dict.fromkeys(names, number)))
            way = form.open(self.person, token)
            return token, env["g2p.spar.change"].review(self.person, way).digest

    def press_both(self, *drafts):
        """Do what the button of the review page does, as the other one does it too."""

        def press(env, meet, token, seen):
            way = env["g2p.spar.change.form"].open(self.person, token)
            meet()
            if way.draft_sudo.state != "open":
                return f"result {way.draft_sudo.reference}"
            return env["g2p.spar.change"].agree(self.person, way, seen)

        return self.at_once(*(partial(press, token=t, seen=s) for t, s in drafts))

    def stored(self):
        """Version of the mapping, and the numbers and references of its history."""
        with transaction() as env:
            versions = env["g2p.spar.own.account"].mapping(self.person).version_ids
            return [(one.version, one.transaction_id) for one in versions]

    def test_a_double_click_makes_exactly_one_change(self):
        draft = self.begin("1234567890123")
        verdicts = self.press_both(draft, draft)
        [(version, reference)] = self.stored()
        self.assertEqual(version, 1)
        self.assertCountEqual(verdicts, [Verdict.DONE, f"result {reference}"])

    def test_a_double_click_asks_for_one_proof(self):
        token, seen = self.begin("1234567890123")
        self.press_both((token, seen))
        token, seen = self.begin("3210987654321")

        def ask(env, meet):
            way = env["g2p.spar.change.form"].open(self.person, token)
            meet()
            return env["g2p.spar.change"].ask_for_proof(self.person, way, "/my")

        first, second = self.at_once(ask, ask)
        self.assertEqual(first, second)

    def test_of_two_tabs_at_once_one_is_made_and_the_other_told(self):
        drafts = self.begin("1234567890123"), self.begin("3210987654321")
        verdicts = self.press_both(*drafts)
        self.assertCountEqual(verdicts, [Verdict.DONE, Verdict.CHANGED_MEANWHILE])
        self.assertEqual(len(self.stored()), 1)
