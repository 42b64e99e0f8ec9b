from unittest.mock import patch

from odoo.http import root
from odoo.tests import tagged

from ..models import g2p_spar_agent_desk
from .common import HOME, ID, AgentCase, new_device, picture


@tagged("post_install", "-at_install")
class TestPages(AgentCase):
    """Who may open the pages of agents, and what is typed there."""

    def test_nobody_else_comes_in(self):
        answer = self.url_open(HOME, allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
        for user in (self.officer, self.manager, self.viewer):
            self.authenticate(user.login, user.login)
            with self.subTest(user=user.login):
                self.assertIn("Only field agents", self.page(HOME, 403).words)

    def test_beneficiary_is_no_agent(self):
        self.person("amina")
        self.page(HOME, 403)

    def test_tablet_left_alone_asks_for_the_password(self):
        self.sit_down()
        self.page()
        session = self.session_now()
        session["g2p_spar_agent_seen"] -= 24 * 3600
        root.session_store.save(session)
        answer = self.url_open(HOME, allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
        self.assertIsNone(self.session_now().uid)

    def test_device_is_paired_first(self):
        for token in ("", "token-two", "made-up"):
            self.sit_down(device=token)
            with self.subTest(token=token):
                self.assertEqual(self.at(self.page()), "device")

    def test_device_that_was_put_away_opens_nothing(self):
        self.sit_down()
        capture = self.begin_capture()
        self.device.active = False
        self.assertEqual(self.at(self.page(self.path(capture, "proof"))), "device")
        self.device.active = True
        self.assertEqual(self.at(self.page()), "device")

    def test_capture_of_another_agent_or_device_is_not_found(self):
        self.sit_down()
        capture = self.capture_by_login()
        self.sit_down(self.other_agent, "token-two")
        for step in ("proof", "kind", "number", "review", "receipt"):
            with self.subTest(step=step):
                self.page(self.path(capture, step), 404)
        new_device(self.env, self.agent, "token-three")
        self.sit_down(device="token-three")
        self.page(self.path(capture, "receipt"), 404)

    def test_only_a_complete_id_is_taken(self):
        self.sit_down()
        for number in ("token:@nationalId", "a b", "ab\u200bc", "١٢٣", "x" * 256):
            with self.subTest(number=number):
                form = {"id_type": self.id_type.id, "number": number}
                answer = self.post(f"{HOME}/begin", 422, **form)
                self.assertIn("not a complete ID", answer.words)
        self.post(f"{HOME}/begin", 422, id_type="99999999", number="amina")
        self.post(f"{HOME}/begin", 400, id_type="1", number="a\0")
        self.assertFalse(self.latest())

    def test_whole_id_is_taken_as_the_value(self):
        self.sit_down()
        by_value, by_whole = (
            self.begin_capture("amina"),
            self.begin_capture(ID % "amina"),
        )
        self.assertEqual(by_value.id_key, by_whole.id_key)
        self.assertEqual(by_whole.id_value, ID % "amina")

    def test_id_that_exists_is_answered_like_one_that_does_not(self):
        self.link("amina")
        self.sit_down()
        pages = [
            self.page(self.path(self.begin_capture(name), "proof")).words
            for name in ("amina", "anina")
        ]
        self.assertEqual(pages[0], pages[1])

    def test_ids_cannot_be_tried_out(self):
        self.sit_down()
        limits = (("agent_entry", 2, 600),)
        with patch.object(g2p_spar_agent_desk, "_ENTRIES", limits):
            self.begin_capture("amina")
            self.begin_capture("baraka")
            form = {"id_type": self.id_type.id, "number": "chebet"}
            answer = self.post(f"{HOME}/begin", 429, **form)
            self.assertIn("Too many tries", answer.words)
            # It is a page of agents, though it answers a form.
            self.assertTrue(answer.document.xpath("//header//a[.='Log out']"))
            self.sit_down(self.other_agent, "token-two")
            self.begin_capture("chebet")

    def test_nothing_before_the_proof(self):
        self.sit_down()
        capture = self.begin_capture()
        for step in ("kind", "provider", "branch", "number", "review", "receipt"):
            with self.subTest(step=step):
                self.assertEqual(self.at(self.page(self.path(capture, step))), "proof")
        self.post(self.path(capture, "kind"), fa_type="TEST_ACCOUNT")
        self.assertFalse(self.latest().fa_type_id)

    def test_names_of_ours_in_a_query_are_nobody(self):
        self.sit_down()
        capture = self.begin_capture()
        query = "?device=1&capture=2&way=3&controller=4&token=5"
        self.page(HOME + query)
        self.page(self.path(capture, "proof") + query)

    def test_photo_that_is_none_is_refused(self):
        self.sit_down()
        capture = self.begin_capture()
        wrong = {
            "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "text": b"hello",
            "empty": b"",
            "half": picture()[: len(picture()) // 2],
            "large": picture() + b"\0" * (11 * 1024 * 1024),
            "twenty": b"\xff\xd8" + b"\0" * (20 * 1024 * 1024),
        }
        for name, raw in wrong.items():
            with self.subTest(name=name):
                answer = self.send_photo(capture, raw, 422)
                self.assertTrue(answer.document.xpath("//p[@id='photo-problem']"))
        self.assertEqual(self.latest().state, "draft")
        self.assertFalse(self.latest().photo_sealed)

    def test_photo_needs_an_id(self):
        self.sit_down()
        capture = self.begin_capture("")
        page = self.page(self.path(capture, "proof"))
        self.assertFalse(page.document.xpath("//input[@name='photo']"))
        self.send_photo(capture)
        self.assertEqual(self.latest().state, "draft")

    def test_search_and_check_while_typing(self):
        self.sit_down()
        capture = self.begin_capture()
        self.assertEqual(self.at(self.page(self.path(capture, "providers"))), "proof")
        self.let_log_in(capture)
        self.post(self.path(capture, "kind"), fa_type="TEST_ACCOUNT")
        found = self.url_open(self.path(capture, "providers") + "?q=test").json()
        self.assertEqual([row["code"] for row in found["rows"]], ["testbank"])
        self.post(self.path(capture, "provider"), code="testbank")
        page = self.post(self.path(capture, "branch"), code="indigo")
        [check] = page.document.xpath("//form[@id='numbers']/@data-check")
        self.session = self.session_now()
        form = {"csrf_token": self.csrf_token(), "name": "number", "text": "12a"}
        self.assertTrue(self.url_open(check, data=form).json()["problem"])

    def test_pages_are_never_kept_by_the_browser(self):
        self.sit_down()
        headers = self.page().headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
