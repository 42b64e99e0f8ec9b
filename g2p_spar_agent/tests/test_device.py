from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models import g2p_spar_agent_desk
from .common import HOME, AgentCase


@tagged("post_install", "-at_install")
class TestDevice(AgentCase):
    def setUp(self):
        super().setUp()
        self.sit_down(device="")
        self.fresh = self.env["g2p.spar.agent.device"].create(
            {"name": "Fresh tablet", "user_id": self.agent.id}
        )

    def code(self):
        """A new code, from a manager."""
        return self.fresh.with_user(self.manager).action_pair()["params"]["title"]

    def pair(self, code, status=200):
        return self.post(f"{HOME}/device", status, code=code)

    def test_code_pairs_the_device_once(self):
        code = self.code()
        answer = self.pair(code.lower().replace("-", " "))
        self.assertEqual(self.at(answer), "agent")
        self.assertIn("Fresh tablet", answer.words)
        self.assertTrue(self.opener.cookies["spar_device"])
        answer = self.pair(code, 422)
        self.assertIn("This code is wrong", answer.words)

    def test_cookie_is_out_of_reach_of_scripts(self):
        form = {"csrf_token": self.csrf_token(), "code": self.code()}
        answer = self.url_open(f"{HOME}/device", data=form, allow_redirects=False)
        set_cookie = answer.headers["Set-Cookie"]
        for wanted in ("spar_device=", "HttpOnly", "SameSite=Lax"):
            self.assertIn(wanted, set_cookie)

    def test_code_is_one_agents_and_good_for_a_day(self):
        code = self.code()
        self.sit_down(self.other_agent, "")
        self.pair(code, 422)
        self.sit_down(device="")
        self.fresh.code_until = fields.Datetime.now() - timedelta(seconds=1)
        self.pair(code, 422)

    def test_codes_cannot_be_tried_out(self):
        code = self.code()
        limits = (("agent_pair", 1, 600),)
        with patch.object(g2p_spar_agent_desk, "_PAIRINGS", limits):
            self.pair("00000-00000", 422)
            self.pair(code, 429)

    def test_neither_code_nor_secret_is_stored(self):
        code = self.code()
        self.pair(code)
        self.env.invalidate_all()
        self.env.cr.execute("SELECT t::text FROM g2p_spar_agent_device t")
        stored = "".join(row for (row,) in self.env.cr.fetchall())
        for secret in (code, self.opener.cookies["spar_device"]):
            self.assertNotIn(secret, stored)

    def test_other_hands_pair_anew(self):
        self.pair(self.code())
        self.fresh.user_id = self.other_agent
        self.assertFalse(self.fresh.token_digest)
        self.fresh.user_id = self.agent
        self.assertEqual(self.at(self.page()), "device")

    def test_device_is_for_agents(self):
        with self.assertRaises(ValidationError):
            self.fresh.user_id = self.officer

    def test_who_may_make_codes(self):
        for user in (self.officer, self.viewer, self.agent):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.fresh.with_user(user).action_pair()
        self.fresh.active = False
        with self.assertRaises(UserError):
            self.fresh.with_user(self.manager).action_pair()

    def test_what_the_system_notes_is_nobodys_to_say(self):
        devices = self.fresh.with_user(self.manager)
        vals = {"name": "New", "user_id": self.agent.id}
        for name, value in (
            ("device_id", "AG-OTHER1"),
            ("paired_at", "2020-01-01"),
            ("seen_at", "2020-01-01"),
            ("code_until", "2099-01-01"),
            ("token_digest", "x"),
            ("code_digest", "x"),
        ):
            with self.subTest(name=name):
                with self.assertRaises(AccessError):
                    devices.write({name: value})
                with self.assertRaises(AccessError):
                    devices.create({**vals, name: value})
