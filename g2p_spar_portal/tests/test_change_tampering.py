from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Datetime
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID

from .change_common import NUMBER, START, ChangeCase

OTHER = "1112223334"
SCRIPT = "<script>alert(1)</script>"
STEPS = ("provider", "branch", "number", "review", "finish", "result")


@tagged("post_install", "-at_install")
class TestChangeTampering(ChangeCase):
    """What a person, a thief or a restless finger may try on the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_bank = cls.env["g2p.spar.provider"].create(
            {"name": "Other Bank", "code": "otherbank", "kind_id": cls.kind.id}
        )
        cls.env["g2p.spar.branch"].create(
            {"name": "Far", "code": "far", "provider_id": cls.other_bank.id}
        )

    # === THE WAY === #

    def test_an_unknown_kind_of_account_begins_nothing(self):
        self.person("amina")
        for code in ("", "NO_SUCH", SCRIPT, "x" * 10_000):
            with self.subTest(code=code[:20]):
                answer = self.send(self.page(START), fa_type=code)
                self.assertEqual(answer.url.rpartition("/")[2], "change")
        self.assertFalse(self.drafts())

    def test_no_step_can_be_skipped(self):
        self.person("amina")
        token = self.token(self.begin())
        for step in ("branch", "number", "review", "finish"):
            with self.subTest(step=step):
                answer = self.page(f"{START}/{token}/{step}")
                self.assertTrue(answer.url.endswith("/provider"), answer.url)

    def test_only_what_is_on_the_list_can_be_chosen(self):
        wallet = self.env.ref(
            "g2p_spar_fa_reference.g2p_spar_provider_kind_mobile_wallet"
        )
        self.env["g2p.spar.provider"].create(
            {"name": "A wallet", "code": "awallet", "kind_id": wallet.id}
        )
        self.person("amina")
        page = self.begin()
        for code in ("", "nobank", "awallet", "TESTBANK", SCRIPT, "x" * 10_000):
            with self.subTest(code=code[:20]):
                answer = self.send(page, 422, "#choose", code=code)
                self.assertIn("Choose one of the list first.", answer.words)
        self.assertIsNone(self.drafts()._choice().provider)

    def test_the_branch_of_another_bank_is_refused(self):
        self.person("amina")
        page = self.send(self.begin(), form="#choose", code="testbank")
        self.send(page, 422, "#choose", code="far")
        self.assertIsNone(self.drafts()._choice().branch)

    def test_a_bank_that_is_archived_meanwhile_is_asked_for_anew(self):
        self.person("amina")
        review = self.to_review()
        self.provider.active = False
        answer = self.agree(review)
        self.assertTrue(answer.headers["Location"].endswith("/provider"))
        self.assertFalse(self.mapping("amina"))

    def test_a_draft_is_closed_to_everybody_else(self):
        self.person("amina")
        token = self.token(self.to_review())
        self.person("thief")
        for name in (token, "x" * 24, SCRIPT.replace("/", "")):
            for step in STEPS:
                with self.subTest(token=name[:8], step=step):
                    answer = self.page(f"{START}/{name}/{step}", 404)
                    self.assertIn("open for too long", answer.words)
                    self.assertNotIn(NUMBER, answer.text)
            for path in (f"providers?draft={name}", f"branches?draft={name}"):
                self.assertEqual(self.url_open(f"{START}/{path}").status_code, 404)

    def test_a_draft_ends_after_half_an_hour(self):
        self.person("amina")
        review = self.to_review()
        self.drafts().expires_at = Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.agree(review).status_code, 404)
        self.assertFalse(self.mapping("amina"))
        self.env["g2p.spar.change.draft"]._purge()
        self.assertFalse(self.drafts())

    def test_a_person_has_five_running_changes_at_most(self):
        self.person("amina")
        for _one in range(7):
            self.begin()
        self.assertEqual(len(self.drafts()), 5)

    # === WHAT IS TYPED === #

    def test_odd_texts_are_refused_and_shown_as_text(self):
        self.person("amina")
        page = self.to_number()
        for text in (SCRIPT, "12a4", "9" * 10_000, "1;DROP TABLE", "😀"):
            with self.subTest(text=text[:20]):
                answer = self.send(
                    page, 422, "#numbers", part_number=text, again_number=text
                )
                self.assertNotIn(SCRIPT, answer.text)
        self.assertIsNone(self.drafts()._choice().typed)

    def test_marks_of_direction_do_not_reach_the_registry(self):
        self.person("amina")
        done = self.send(self.to_review("\u202e" + NUMBER + "\u202c"))
        self.assertIn("Your account is changed", done.words)
        self.assertEqual(self.mapping("amina").fa_value, BANK_FA % NUMBER)

    def test_the_number_lies_sealed_and_is_forgotten_when_it_is_stored(self):
        self.person("amina")
        review = self.to_review()
        self.assertIn(NUMBER, str(self.drafts()._choice().typed))
        self.assertNotIn(NUMBER, self.drafts().sealed)
        self.send(review)
        self.assertIsNone(self.drafts()._choice().typed)

    def test_names_full_of_script_stay_names(self):
        self.provider.name = SCRIPT
        self.person("amina", {"name": f"{SCRIPT}\u202e" + "x" * 10_000})
        review = self.to_review()
        self.assertNotIn(SCRIPT, review.text)
        self.assertIn("alert(1)", review.words)
        done = self.send(review)
        self.assertNotIn(SCRIPT, done.text)
        self.assertEqual(self.mapping("amina").state, "active")

    # === AGREEING === #

    def test_a_changed_hidden_field_changes_nothing(self):
        self.person("amina")
        review = self.to_review()
        for seen in ("", "x" * 43, SCRIPT, "x" * 10_000):
            with self.subTest(seen=seen[:20]):
                answer = self.send(review, seen=seen)
                self.assertIn("Look at both accounts again", answer.words)
        self.assertFalse(self.mapping("amina"))

    def test_without_the_token_of_the_session_nothing_is_done(self):
        self.person("amina")
        review = self.to_review()
        with mute_logger("odoo.http"):
            self.send(review, 400, csrf_token="x")
        self.assertFalse(self.mapping("amina"))

    def test_a_double_click_makes_one_change_and_one_result(self):
        self.person("amina")
        review = self.to_review()
        first = self.send(review)
        again = self.send(review)
        self.assertEqual(first.url, again.url)
        self.assertEqual(self.mapping("amina").version, 1)

    def test_every_page_of_a_change_that_was_made_shows_its_result(self):
        self.person("amina")
        review = self.to_review()
        done = self.send(review)
        for step in STEPS:
            with self.subTest(step=step):
                answer = self.page(f"{START}/{self.token(review)}/{step}")
                self.assertEqual(answer.url, done.url)

    def test_the_second_of_two_tabs_is_told_and_sees_the_present_account(self):
        self.person("amina")
        first, second = self.to_review(), self.to_review(OTHER)
        self.send(first)
        answer = self.send(second)
        self.assertIn("Look at both accounts again", answer.words)
        self.assertIn("Now your money goes here", answer.words)
        self.assertIn("****210", answer.words)
        self.assertEqual(self.mapping("amina").fa_value, BANK_FA % NUMBER)

    def test_the_very_account_that_is_paid_already_is_no_change(self):
        self.link("amina", fa=BANK_FA % NUMBER)
        self.person("amina")
        review = self.to_review()
        self.assertIn("There is nothing to change", review.words)
        self.assertFalse(review.document.cssselect("input[name='seen']"))
        answer = self.url_open(
            review.url,
            data={"csrf_token": self.csrf(review), "seen": "x"},
        )
        self.assertIn("There is nothing to change", self._read(answer).words)
        self.assertEqual(self.mapping("amina").version, 1)

    def csrf(self, page):
        return page.document.cssselect("input[name='csrf_token']")[0].get("value")

    def test_ten_changes_in_an_hour_are_enough(self):
        self.person("amina")
        review = self.to_review()
        for _one in range(10):
            self.assertEqual(self.send(review, seen="x").status_code, 200)
        answer = self.send(review, 429)
        self.assertIn("Too many tries", answer.words)
        self.assertFalse(self.mapping("amina"))

    # === THE FRESH LOGIN === #

    def test_without_the_fresh_login_nothing_is_changed(self):
        self.link("amina")
        self.person("amina")
        review = self.to_review()
        self.agree(review)
        answer = self.page(f"{START}/{self.token(review)}/finish")
        self.assertIn("second login was not finished", answer.words)
        self.assertEqual(self.mapping("amina").version, 1)

    def test_a_proof_without_an_agreement_is_worth_nothing(self):
        self.link("amina")
        person = self.person("amina")
        review = self.to_review()
        digest = review.document.cssselect("input[name='seen']")[0].get("value")
        self.env["g2p.spar.step.up"].begin(person, digest, "/my")
        self.approve(person, digest)
        self.page(f"{START}/{self.token(review)}/finish")
        self.assertEqual(self.mapping("amina").version, 1)

    def test_the_proof_for_one_change_does_not_serve_another(self):
        self.link("amina")
        person = self.person("amina")
        first, second = self.to_review(), self.to_review(OTHER)
        digest = self.agree(first).digest
        self.agree(second)
        self.approve(person, digest)
        self.page(f"{START}/{self.token(second)}/finish")
        self.assertEqual(self.mapping("amina").version, 1)

    def test_another_number_after_the_agreement_needs_a_new_one(self):
        self.link("amina")
        person = self.person("amina")
        review = self.to_review()
        token = self.token(review)
        self.approve(person, self.agree(review).digest)
        number = self.page(f"{START}/{token}/number")
        self.send(number, form="#numbers", part_number=OTHER, again_number=OTHER)
        answer = self.page(f"{START}/{token}/finish")
        self.assertIn("Look at both accounts again", answer.words)
        self.assertEqual(self.mapping("amina").version, 1)

    def test_a_change_by_somebody_else_meanwhile_is_shown_first(self):
        self.link("amina")
        person = self.person("amina")
        review = self.to_review()
        self.approve(person, self.agree(review).digest)
        item = LinkItem("1", NATIONAL_ID % "amina", fa=BANK_FA % OTHER)
        mapper_sudo = self.env["g2p.spar.mapper"].sudo()
        mapper_sudo.update([item], Origin(channel="staff"))
        answer = self.page(f"{START}/{self.token(review)}/finish")
        self.assertIn("Look at both accounts again", answer.words)
        self.assertEqual(self.mapping("amina").fa_value, BANK_FA % OTHER)

    def test_a_proof_cannot_be_used_twice(self):
        self.link("amina")
        person = self.person("amina")
        review = self.to_review()
        self.approve(person, self.agree(review).digest)
        finish = f"{START}/{self.token(review)}/finish"
        first, again = self.page(finish), self.page(finish)
        self.assertEqual(first.url, again.url)
        self.assertIn("/receipt/", first.url)
        self.assertEqual(self.mapping("amina").version, 2)

    def test_removing_the_account_first_does_not_spare_the_fresh_login(self):
        self.link("amina")
        self.mapper().unlink(self.unlink_items("amina"))
        self.person("amina")
        review = self.to_review()
        answer = self.agree(review)
        self.assertIn("/spar/oidc/step-up/", answer.headers["Location"])
        self.assertEqual(self.mapping("amina").state, "unlinked")

    def test_an_account_whose_time_is_over_is_linked_anew(self):
        yesterday = Datetime.now() - timedelta(days=1)
        with freeze_time(yesterday - timedelta(days=1)):
            self.link("amina", valid_until=yesterday)
        person = self.person("amina")
        review = self.to_review()
        self.assertNotIn("Now your money goes here", review.words)
        self.approve(person, self.agree(review).digest)
        self.page(f"{START}/{self.token(review)}/finish")
        mapping = self.mapping("amina")
        self.assertEqual(
            (mapping.state, mapping.version_ids[0].step), ("active", "link")
        )

    # === WHILE STAFF ARE CHECKING === #

    def test_on_hold_or_disputed_nothing_begins(self):
        for number, step in enumerate(("hold", "suspend")):
            with self.subTest(step=step):
                name = f"checked{number}"
                self.link(name)
                self.step(step, name)
                self.person(name)
                answer = self.page(START)
                self.assertIn("You cannot change your account now", answer.words)
                self.assertFalse(answer.document.cssselect("main form"))
        self.assertFalse(self.drafts())

    def test_a_hold_that_comes_meanwhile_stops_the_change(self):
        self.link("amina")
        person = self.person("amina")
        review = self.to_review()
        self.approve(person, self.agree(review).digest)
        self.step("hold", "amina")
        answer = self.page(f"{START}/{self.token(review)}/finish")
        self.assertIn("You cannot change your account now", answer.words)
        self.assertEqual(self.mapping("amina").state, "on_hold")
