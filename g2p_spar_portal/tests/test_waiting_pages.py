from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.core.commands import Origin, Outcome, ReportItem
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.models.g2p_spar_mapper import G2PSparMapper
from odoo.addons.g2p_spar_mapper.tests.common import (
    BANK_FA,
    NATIONAL_ID,
    STAFF,
    account_of,
)

from .change_common import NUMBER, START, ChangeCase
from .waiting_common import NEW, WaitingMixin

HOME = "/my/benefit-account"
KEEP = f"{HOME}/keep"
DISPUTE = "form[action$='/dispute']"


@tagged("post_install", "-at_install")
class TestWaitingPages(WaitingMixin, ChangeCase):
    """A change that waits is never told as one that was made."""

    def setUp(self):
        super().setUp()
        self.link("amina")
        self.amina = self.person("amina")

    def make_change(self):
        """Ask for another account on the portal. :return: the page of the result"""
        review = self.to_review()
        self.approve(self.amina, self.agree(review).digest)
        return self.page(f"{START}/{self.token(review)}/finish")

    def has_old(self):
        return self.mapping("amina").fa_value == BANK_FA % account_of("amina")

    # === ASKING === #

    def test_before_agreeing_a_person_reads_that_it_will_wait(self):
        day = "The new account is used from "
        agreed = "The new account is used when our staff have agreed to it."
        for values, when, meanwhile in (
            ({}, day, "your money goes to your account as before"),
            ({"payment": "stop"}, day, "Until then your money waits."),
            ({"effect": "approve"}, agreed, "goes to your account as before"),
        ):
            policy = self.policy(**values)
            with self.subTest(**values):
                review = self.to_review()
                self.assertIn("this change is not made at once", review.words)
                self.assertIn(when, review.words)
                self.assertIn(meanwhile, review.words)
                self.assertNotIn("From now on it will go here", review.words)
            policy.active = False
        self.assertNotIn("not made at once", self.to_review().words)

    def test_a_policy_about_many_changes_is_foreseen_too(self):
        self.policy(changes=1, days=7)
        self.assertNotIn("not made at once", self.to_review().words)
        self.ask()
        self.assertIn("not made at once", self.to_review().words)

    def test_a_first_account_never_waits(self):
        self.policy()
        self.person("faisal")
        self.assertNotIn("not made at once", self.to_review().words)

    def test_the_result_says_what_happens_and_when(self):
        self.policy()
        result = self.make_change()
        self.assertIn("/receipt/", result.url)
        self.assertIn("You asked for another account", result.words)
        self.assertIn("Until then your money goes to your account", result.words)
        self.assertNotIn("is paid to this account from now on", result.words)
        self.assertIn(NUMBER[-3:], result.words)
        self.assertNotIn(NUMBER, result.text)
        self.assertTrue(self.has_old())
        self.assertEqual(self.pending().state, "waiting")
        kept = self.url_open(f"{result.url}/text").text
        self.assertIn("You asked for this account", kept)
        self.assertNotIn("is paid to this account", kept)

    def test_the_result_tells_later_what_became_of_it(self):
        self.policy()
        url = self.make_change().url
        self.decide("withdraw")
        self.assertIn("This change was given up.", self.page(url).words)
        url = self.make_change().url
        self.decide("apply")
        self.assertIn("This change was made.", self.page(url).words)
        url = self.make_again().url
        self.step("suspend", "amina")
        self.assertIn("This change was stopped", self.page(url).words)

    def make_again(self):
        """Ask for the first account again."""
        review = self.to_review("1234567890")
        self.approve(self.amina, self.agree(review).digest)
        return self.page(f"{START}/{self.token(review)}/finish")

    def test_while_one_waits_no_other_can_be_begun(self):
        review = self.to_review()
        self.policy()
        self.ask()
        blocked = self.page(START)
        self.assertIn("You cannot change your account now", blocked.words)
        self.assertIn("Keep my present account", blocked.words)
        answer = self.page(f"{START}/{self.token(review)}/review")
        self.assertIn("You cannot change your account now", answer.words)

    def test_another_change_meanwhile_is_answered_in_words(self):
        review = self.to_review()
        self.approve(self.amina, self.agree(review).digest)
        waits = [Outcome(Cause.CHANGE_WAITS)]
        with patch.object(G2PSparMapper, "update", lambda *_args: waits):
            answer = self.page(f"{START}/{self.token(review)}/finish")
        self.assertIn("Another change of your account waits already.", answer.words)
        self.assertEqual(self.mapping("amina").version, 1)

    def test_the_very_same_change_meanwhile_is_not_told_as_a_second_one(self):
        review = self.to_review()
        self.approve(self.amina, self.agree(review).digest)
        waits = [Outcome(Cause.WAITING)]
        with patch.object(G2PSparMapper, "update", lambda *_args: waits):
            answer = self.page(f"{START}/{self.token(review)}/finish")
        self.assertIn("This was asked for already.", answer.words)

    # === SEEING === #

    def test_the_overview_shows_old_and_new_and_when(self):
        self.policy()
        self.ask()
        page = self.page(HOME)
        for part in (
            "Another account was asked for",
            "The new account is used from ",
            "Until then your money goes to your account as before.",
            account_of("amina")[-4:],
            f"****{NEW[-3:]}",
            "By our staff",
        ):
            self.assertIn(part, page.words)
        self.assertNotIn(NEW, page.text)
        self.assertNotIn(account_of("amina"), page.text)
        self.assertNotIn("Choose another account", page.words)
        self.assertNotIn("Remove this account", page.words)

    def test_money_that_waits_is_told_so(self):
        self.policy(payment="stop")
        self.ask()
        words = self.page(HOME).words
        self.assertIn("Until then your money waits. No money is lost.", words)
        self.assertNotIn("Our staff are looking at this account", words)

    def test_the_history_tells_each_step(self):
        policy = self.policy()
        self.ask()
        self.decide("withdraw")
        self.ask()
        self.decide("apply")
        policy.active = False
        words = self.page(f"{HOME}/history").words
        for part in (
            "Another account was asked for, the change waits",
            f"Asked for Test Bank ·\u00a0****{NEW[-3:]}".replace("\u00a0", " "),
            "The change that waited was given up",
            "The change that waited was made",
        ):
            self.assertIn(part, words.replace("\u00a0", " "))

    # === DECIDING === #

    def test_the_present_account_is_kept_with_two_taps(self):
        self.policy(payment="stop")
        self.ask()
        question = self.page(KEEP)
        self.assertIn("This account stays", question.words)
        self.assertEqual(self.pending().state, "waiting")
        answer = self.send(question)
        self.assertIn("Done. The new account will not be used.", answer.words)
        self.assertIn("Your money goes to this account", answer.words)
        self.assertEqual(self.pending().state, "withdrawn")
        self.assertTrue(self.has_old())
        self.assertEqual(self.mapping("amina").state, "active")
        self.assertIn("does not wait any more", self.send(question).words)

    def test_only_the_change_that_was_seen_is_given_up(self):
        self.policy()
        self.ask()
        question = self.page(KEEP)
        self.assertIn("does not wait", self.send(question, version="1").words)
        self.send(question, status=404, version="x")
        self.assertEqual(self.pending().state, "waiting")
        self.decide("withdraw")
        self.ask(number="999000222")
        self.assertIn("does not wait", self.send(question).words)
        self.assertEqual(self.pending()[0].state, "waiting")

    def test_nobody_gives_up_the_change_of_another(self):
        self.policy()
        self.ask()
        question = self.page(KEEP)
        self.person("faisal")
        self.link("faisal")
        page = self.page(HOME)
        [token] = set(page.document.xpath("//input[@name='csrf_token']/@value"))
        answer = self.send(question, csrf_token=token)
        self.assertIn("does not wait any more", answer.words)
        self.assertEqual(self.pending().state, "waiting")

    def test_forms_of_other_sites_do_nothing(self):
        self.policy()
        self.ask()
        for name in ("keep/present", "renew"):
            with self.subTest(name), mute_logger("odoo.http"):
                answer = self.url_open(f"{HOME}/{name}", data={"version": "2"})
                self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.pending().state, "waiting")

    def test_somebody_elses_change_is_disputed_at_once(self):
        self.policy()
        self.ask()
        answer = self.send(self.page(HOME), form=DISPUTE)
        self.assertIn("Payments are stopped", answer.words)
        self.assertEqual(self.pending().state, "disputed")
        self.assertEqual(self.mapping("amina").state, "suspended")
        self.assertTrue(self.has_old())

    def test_in_a_dispute_only_staff_decide(self):
        self.policy(payment="stop")
        self.link("grace")
        self.ask("grace")
        self.decide("withdraw", "grace")
        self.step("suspend", "amina")
        self.assertNotIn("Keep my present account", self.page(HOME).words)
        self.assertNotIn("/keep", self.page(KEEP).url)

    # === FAILED PAYMENTS, THE END === #

    def test_a_failed_payment_is_told_with_its_reason(self):
        self.mapper().report([ReportItem("1", NATIONAL_ID % "amina", "closed")], STAFF)
        words = self.page(HOME).words
        self.assertIn("The bank or wallet says: this account is closed.", words)
        history = self.page(f"{HOME}/history").words
        self.assertIn("A payment failed, so payments were stopped", history)

    def test_an_account_that_ends_soon_goes_on_with_one_tap(self):
        self.ends_in(40)
        self.assertNotIn("Still my account", self.page(HOME).words)
        for days in (20, -5):
            self.ends_in(days)
            with self.subTest(days=days):
                page = self.page(HOME)
                self.assertIn("Is this still your account?", page.words)
                answer = self.send(page, form="form[action$='/renew']")
                self.assertIn("Thank you. Your account goes on", answer.words)
                self.assertIn("Your money goes to this account until", answer.words)
                self.assertNotIn("Still my account", answer.words)

    def test_while_a_change_waits_an_account_is_not_renewed(self):
        """Whoever says "still my account" to keep it would not keep it so."""
        self.ends_in(5)
        before = self.page(HOME)
        self.policy()
        self.ask()
        self.assertNotIn("Still my account", self.page(HOME).words)
        answer = self.send(before, form="form[action$='/renew']")
        self.assertIn("Nothing was changed.", answer.words)
        self.send(self.page(KEEP))
        self.assertIn("Still my account", self.page(HOME).words)

    def test_a_result_stays_true_when_the_account_only_goes_on(self):
        url = self.make_change().url
        self.ends_in(5)
        self.send(self.page(HOME), form="form[action$='/renew']")
        words = self.page(url).words
        self.assertIn("is paid to this account from now on", words)
        self.assertNotIn("was changed again", words)
        self.step("hold", "amina")
        self.assertNotIn("is paid to this account", self.page(url).words)

    def test_after_the_grace_an_account_has_to_be_chosen_again(self):
        self.ends_in(-5)
        page = self.page(HOME)
        self.ends_in(-31)
        self.assertIn("No money goes to this account any more", self.page(HOME).words)
        answer = self.send(page, form="form[action$='/renew']")
        self.assertIn("Nothing was changed.", answer.words)
        self.mapper().unlink(self.unlink_items("amina"), Origin(channel="registry"))
        words = self.page(HOME).words
        self.assertIn("nobody told us that it is still yours", words)
        history = self.page(f"{HOME}/history").words
        self.assertIn("The time of the account was over", history)
