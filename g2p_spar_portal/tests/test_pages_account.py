from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin

from .pages_common import HOME, ID, PagesCase


@tagged("post_install", "-at_install")
class TestOverview(PagesCase):
    """Where the money goes, on the real server."""

    def test_nobody_is_led_to_the_login_and_back(self):
        response = self.url_open(f"{HOME}/history", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn(
            "/spar/login?return_path=%2Fmy%2Fbenefit-account%2Fhistory",
            response.headers["Location"],
        )

    def test_a_person_without_an_account_gets_one_button(self):
        self.person("amina")
        page = self.get()
        self.assertEqual(page.status_code, 200)
        self.assertIn("You have not chosen an account yet", page.words)
        self.assertEqual(self.links(page), [f"{HOME}/change"])
        self.assertFalse(page.doc.xpath("//main//form"))

    def test_the_account_is_named_and_its_number_masked(self):
        self.link("amina")
        self.person("amina")
        page = self.get()
        self.assertIn("Your money goes to this account", page.words)
        self.assertIn("Kind Test account Branch Indigo", page.words)
        self.assertIn("Account number ****0097", page.words)
        self.assertNotIn("097109105110097", page.text)

    def test_only_the_own_account_is_shown(self):
        self.link("amina", "bola")
        self.person("bola")
        page = self.get()
        self.assertIn("****8097", page.words)
        self.assertNotIn("****0097", page.words)

    def test_a_hold_says_until_when_and_what_to_do(self):
        self.link("amina")
        until = fields.Datetime.now() + timedelta(days=3)
        self.step("hold", "amina", hold_until=until)
        self.person("amina")
        page = self.get()
        self.assertIn("Your money is waiting until", page.words)
        self.assertIn(str(until.year), page.words)
        self.assertIn("This was not me", page.words)
        self.assertEqual(self.links(page), [f"{HOME}/history"])

    def test_a_dispute_says_that_nothing_is_paid(self):
        self.link("amina")
        self.step("suspend", "amina")
        self.person("amina")
        page = self.get()
        self.assertIn("Payments are stopped", page.words)
        self.assertNotIn("This was not me", page.words)
        self.assertNotIn(f"{HOME}/change", self.links(page))

    def test_an_account_whose_time_is_over_can_be_chosen_again(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        with freeze_time(yesterday - timedelta(days=1)):
            self.link("amina", valid_until=yesterday)
        self.person("amina")
        page = self.get()
        self.assertIn("No money goes to this account any more", page.words)
        self.assertIn(f"{HOME}/change", self.links(page))

    def test_a_removed_account_is_not_shown_any_more(self):
        self.link("amina")
        self.mapper().unlink(self.unlink_items("amina"))
        self.person("amina")
        page = self.get()
        self.assertIn("You have no account now", page.words)
        self.assertNotIn("Test Bank", page.words)
        self.assertIn(f"{HOME}/history", self.links(page))

    def test_an_address_that_nobody_can_read_is_masked_too(self):
        self.link("amina", fa="pot:12345678901@village-shop")
        self.person("amina")
        page = self.get()
        self.assertIn("****901 (village-shop)", page.words)
        self.assertNotIn("12345678901", page.text)

    def test_the_pages_read_nothing_more_for_a_long_history(self):
        self.link("amina")
        self.person("amina")
        self.get()
        for number in range(5):
            self.update("amina", f"5550000{number}")
        own = self.env["g2p.spar.own.account"]
        person = self.person("amina")
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            own.overview(person)

    def test_the_card_on_the_portals_own_home_leads_here(self):
        self.person("amina")
        page = self.url_open("/my")
        self.assertIn(f'href="{HOME}"', page.text)
        self.assertIn("My benefit account", page.text)


@tagged("post_install", "-at_install")
class TestHistory(PagesCase):
    """What happened, the newest first."""

    def entries(self, page):
        return [
            " ".join(one.text_content().split())
            for one in page.doc.xpath("//main//li[contains(@class, 'entry')]")
        ]

    def test_nothing_happened_yet(self):
        self.person("amina")
        self.assertIn("Nothing yet", self.get(f"{HOME}/history").words)

    def test_each_step_is_told_in_plain_words(self):
        self.link("amina")
        self.update("amina", "555000111222")
        self.step("hold", "amina")
        self.person("amina")
        paused, changed, chosen = self.entries(self.get(f"{HOME}/history"))
        self.assertIn("Payments were put on hold", paused)
        self.assertIn("By our staff", paused)
        self.assertIn("Through another office", changed)
        self.assertIn("Before Test Bank · ****0097", changed)
        self.assertIn("After Test Bank · ****1222", changed)
        self.assertIn("An account was chosen", chosen)
        self.assertNotIn("Before", chosen)

    def test_only_what_brought_the_present_account_can_be_disputed(self):
        self.link("amina")
        self.update("amina", "555000111222")
        self.step("hold", "amina")
        self.person("amina")
        page = self.get(f"{HOME}/history")
        numbers = page.doc.xpath("//main//input[@name='version']/@value")
        self.assertEqual(numbers, ["2"])

    def test_ten_entries_a_page(self):
        self.link("amina")
        for number in range(11):
            self.update("amina", f"5550000111{number:02d}")
        self.person("amina")
        first = self.get(f"{HOME}/history")
        self.assertEqual(len(self.entries(first)), 10)
        self.assertIn("Page 1 of 2", first.words)
        older = first.doc.xpath("//main//nav//a/@href")
        self.assertEqual(older, [f"{HOME}/history/page/2"])
        second = self.get(older[0])
        self.assertEqual(len(self.entries(second)), 2)
        self.assertEqual(second.doc.xpath("//main//nav//a/@href")[0][-1:], "1")

    def test_a_page_that_is_not_there_is_not_found(self):
        self.link("amina")
        self.person("amina")
        for page in ("0", "2", "999999999999999999999", "-1", "x"):
            with self.subTest(page):
                response = self.get(f"{HOME}/history/page/{page}")
                self.assertEqual(response.status_code, 404)
                self.assertIn("We did not find this page", response.words)

    def test_details_that_changed_are_no_change_of_account(self):
        self.link("amina")
        item = LinkItem("ref", ID % "amina", name="Amina")
        self.env["g2p.spar.mapper"].sudo().update([item], Origin(channel="staff"))
        self.person("amina")
        newest = self.entries(self.get(f"{HOME}/history"))[0]
        self.assertIn("the account stayed the same", newest)
        self.assertNotIn("Before", newest)
