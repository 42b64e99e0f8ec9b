from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.core.commands import Origin

from ..core.reference_number import reference_number
from .pages_common import HOME, ID, PagesCase

SUBJECT = "payments are stopped"


@tagged("post_install", "-at_install")
class TestDispute(PagesCase):
    """This was not me."""

    def setUp(self):
        super().setUp()
        self.link("amina")
        self.person("amina")

    def stop(self):
        """Press the button on the overview. :return: the page and its number"""
        page = self.press(self.get(), "This was not me")
        return page, page.url.rpartition("/")[2]

    def test_one_tap_stops_payments_and_gives_a_number(self):
        page, number = self.stop()
        self.assertIn("Payments are stopped", page.words)
        self.assertIn(number, page.words)
        mapping = self.mapping("amina")
        self.assertEqual(mapping.state, "suspended")
        [outcome] = self.resolve("amina")
        self.assertFalse(outcome.payable)
        version = mapping.version_ids.sorted("version")[-1]
        self.assertEqual(version.channel, "portal")
        self.assertEqual(version.transaction_id, number)
        self.assertEqual(version.sender, "Test ID")
        self.assertIn("entry 1", version.reason)

    def test_the_managers_are_told(self):
        _page, number = self.stop()
        message = self.env["mail.message"].search([("subject", "ilike", SUBJECT)])
        message = message.filtered(lambda one: number in one.subject)
        self.assertIn(self.manager.partner_id, message.notified_partner_ids)
        self.assertNotIn(self.officer.partner_id, message.notified_partner_ids)
        [body] = set(message.mapped("body"))
        self.assertIn(f"/odoo/g2p.spar.mapping/{self.mapping('amina').id}", body)
        self.assertNotIn("0097", body)

    def test_the_person_does_not_wait_for_a_mail_server(self):
        asked = []
        thread = self.registry["mail.thread"]
        notify = thread._notify_thread_by_email

        def watch(model, *args, **options):
            asked.append(options.get("force_send", True))
            return notify(model, *args, **options)

        self.patch(thread, "_notify_thread_by_email", watch)
        self.stop()
        self.assertTrue(asked)
        self.assertFalse(any(asked))

    def test_pressing_twice_gives_the_same_number(self):
        before = self.get()
        first = self.press(before, "This was not me")
        second = self.press(before, "This was not me")
        self.assertEqual(first.url, second.url)
        steps = self.mapping("amina").version_ids.filtered(
            lambda one: one.step == "suspend"
        )
        self.assertEqual(len(steps), 1)

    def test_the_number_is_shown_on_the_overview(self):
        _page, number = self.stop()
        self.assertIn(number, self.get().words)

    def test_a_dispute_of_the_staff_has_no_number(self):
        before = self.get()
        self.step("suspend", "amina")
        page = self.press(before, "This was not me")
        self.assertIn("are stopped already", page.words)

    def test_a_partner_systems_number_is_not_the_persons(self):
        before = self.get()
        partner = Origin(channel="api", transaction_id="TXN-1/2")
        self.step("suspend", "amina", origin=partner)
        self.assertNotIn("Your reference number", self.get().words)
        page = self.press(before, "This was not me")
        self.assertIn("are stopped already", page.words)

    def test_a_page_of_yesterday_does_not_stop_another_account(self):
        before = self.get()
        self.update("amina", "555000111222")
        page = self.press(before, "This was not me")
        self.assertIn("the account is another one by now", page.words)
        self.assertEqual(self.mapping("amina").state, "active")

    def test_numbers_that_are_none_do_nothing(self):
        for version in ("0", "2", "-1", "x", "", "9" * 40, "1 or 1=1", "١"):
            with self.subTest(version):
                self.post(f"{HOME}/dispute", version=version)
                self.assertEqual(self.mapping("amina").state, "active")

    @mute_logger("odoo.http")
    def test_a_form_of_another_site_does_nothing(self):
        response = self.url_open(f"{HOME}/dispute", data={"version": "1"})
        self.assertEqual(response.status_code, 400)
        self.assertIn("This page was open for too long", response.text)
        self.assertEqual(self.mapping("amina").state, "active")

    def test_a_link_alone_does_nothing(self):
        response = self.get(f"{HOME}/dispute?version=1")
        self.assertEqual(response.url.partition(HOME)[2], "")
        self.assertEqual(self.mapping("amina").state, "active")

    def test_anothers_number_is_as_unknown_as_none(self):
        _page, number = self.stop()
        self.person("bola")
        pages = [
            self.get(f"{HOME}/dispute/{one}")
            for one in (number, reference_number(), "x", f"{number}'--")
        ]
        self.assertEqual([page.status_code for page in pages], [404] * 4)
        self.assertEqual(len({page.words for page in pages}), 1)

    def test_the_number_of_another_step_is_not_found_here(self):
        _page, number = self.stop()
        self.assertEqual(self.get(f"{HOME}/removed/{number}").status_code, 404)

    def test_after_a_release_it_can_be_disputed_again(self):
        _page, number = self.stop()
        self.step("reinstate", "amina", user=self.manager)
        _page, second = self.stop()
        self.assertNotEqual(number, second)
        self.assertEqual(self.get(f"{HOME}/dispute/{number}").status_code, 200)

    def test_the_log_says_who_and_never_what(self):
        with self.assertLogs("odoo.addons.g2p_spar_portal.audit") as logs:
            _page, number = self.stop()
        [line] = logs.output
        self.assertIn(number, line)
        self.assertIn('"dispute"', line)
        self.assertNotIn("amina", line.lower())


@tagged("post_install", "-at_install")
class TestRemove(PagesCase):
    """Removing the account."""

    def setUp(self):
        super().setUp()
        self.link("amina")
        self.amina = self.person("amina")

    def start(self):
        """Agree to the removal, up to the login that proves who it is."""
        response = self.post(f"{HOME}/remove/start", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/spar/oidc/step-up/", response.headers["Location"])

    def prove(self):
        digest = self.env["g2p.spar.own.account.step"].removal_digest(self.amina)
        self.approve(self.amina, digest)

    def test_the_account_is_named_before_it_is_removed(self):
        page = self.get(f"{HOME}/remove")
        self.assertIn("Test Bank", page.words)
        self.assertIn("****0097", page.words)
        self.assertEqual(self.mapping("amina").state, "active")

    def test_it_is_removed_after_a_fresh_proof(self):
        self.start()
        self.prove()
        page = self.get(f"{HOME}/remove/finish")
        self.assertIn("The account was removed", page.words)
        number = page.url.rpartition("/")[2]
        self.assertIn(number, page.words)
        mapping = self.mapping("amina")
        self.assertEqual(mapping.state, "unlinked")
        version = mapping.version_ids.sorted("version")[-1]
        self.assertEqual(version.transaction_id, number)
        self.assertIn("generated-code", version.evidence)

    def test_nothing_is_removed_without_a_proof(self):
        self.start()
        page = self.get(f"{HOME}/remove/finish")
        self.assertIn("Nothing was removed", page.words)
        self.assertEqual(self.mapping("amina").state, "active")

    def test_a_proof_is_good_once(self):
        self.start()
        self.prove()
        self.get(f"{HOME}/remove/finish")
        self.link("amina")
        page = self.get(f"{HOME}/remove/finish")
        self.assertIn("Nothing was removed", page.words)
        self.assertEqual(self.mapping("amina").state, "active")

    def test_a_proof_is_for_the_account_as_it_was(self):
        self.start()
        self.prove()
        self.update("amina", "555000111222")
        page = self.get(f"{HOME}/remove/finish")
        self.assertIn("Nothing was removed", page.words)
        self.assertEqual(self.mapping("amina").state, "active")

    def test_back_and_again_shows_that_there_is_nothing_left(self):
        self.start()
        self.prove()
        self.get(f"{HOME}/remove/finish")
        self.assertIn("There is no account to remove", self.get(f"{HOME}/remove").words)
        page = self.post(f"{HOME}/remove/start")
        self.assertIn("There is no account to remove", page.words)

    def test_a_disputed_account_stays(self):
        self.step("suspend", "amina")
        page = self.get(f"{HOME}/remove")
        self.assertIn("cannot be removed now", page.words)
        self.assertFalse(page.doc.xpath("//main//form"))
        self.post(f"{HOME}/remove/start")
        self.assertEqual(self.mapping("amina").state, "suspended")

    def test_the_result_is_the_persons_own(self):
        self.start()
        self.prove()
        page = self.get(f"{HOME}/remove/finish")
        number = page.url.rpartition("/")[2]
        self.person("bola")
        self.assertEqual(self.get(f"{HOME}/removed/{number}").status_code, 404)

    def test_nobodys_id_is_taken_from_the_browser(self):
        self.link("bola")
        self.start()
        self.prove()
        self.get(f"{HOME}/remove/finish?id={ID % 'bola'}&person=bola&version=1")
        self.assertEqual(self.mapping("bola").state, "active")
        self.assertEqual(self.mapping("amina").state, "unlinked")
