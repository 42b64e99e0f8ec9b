import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.core.erasure import WORD
from odoo.addons.g2p_spar_mapper.tests.change_common import ChangeCase
from odoo.addons.g2p_spar_mapper.tests.common import account_of
from odoo.addons.g2p_spar_mapper.tests.roles import (
    MANAGERS,
    NOBODY,
    STAFF,
    RolesMixin,
    password_of,
)
from odoo.addons.g2p_spar_mapper.tests.test_erasure import find_text

REQUEST = "g2p.spar.data.request"
NAME, PHONE = "Zenaida Quispe", "+254711223344"


class RequestCase(ChangeCase):
    def setUp(self):
        super().setUp()
        self.link("zuri", name=NAME, phone_number=PHONE)
        self.zuri = self.mapping("zuri")

    def ask(self, kind, user=None, **values):
        """Write down what a person asked for."""
        values = {"mapping_id": self.zuri.id, "reason": "Letter, Act 7"} | values
        requests = self.env[REQUEST].with_user(user or self.officer)
        return requests.create({"kind": kind} | values)


@tagged("post_install", "-at_install")
class TestErasureRequest(RequestCase):
    """Two pairs of eyes, and a record that outlives the person's data."""

    def test_somebody_else_erases(self):
        asked = self.ask("erasure")
        asked.with_user(self.manager).action_erase()
        self.assertEqual(
            (asked.state, asked.user_id, asked.decided_by_id),
            ("done", self.officer, self.manager),
        )
        self.env.invalidate_all()
        self.assertTrue(self.zuri.id_value.startswith(WORD))
        last = self.zuri.version_ids.sorted("version")[-1]
        self.assertEqual((last.step, last.reason), ("erase", "Letter, Act 7"))
        said = ("token:zuri@", account_of("zuri"), NAME, PHONE)
        self.assertEqual(find_text(self.env, *said), [])

    def test_nobody_erases_alone(self):
        asked = self.ask("erasure", self.manager)
        with self.assertRaises(AccessError):
            asked.with_user(self.manager).action_erase()
        self.assertEqual((asked.state, self.zuri.state), ("waiting", "active"))

    def test_a_refusal_is_kept(self):
        asked = self.ask("erasure")
        asked.with_user(self.manager).action_refuse()
        self.assertEqual((asked.state, self.zuri.state), ("refused", "active"))
        with self.assertRaises(UserError):
            asked.with_user(self.manager).action_erase()

    def test_what_is_needed_still_is_not_erased(self):
        asked = self.ask("erasure")
        self.step("suspend", "zuri")
        with self.assertRaisesRegex(UserError, "needed still"):
            asked.with_user(self.manager).action_erase()
        self.assertEqual(asked.state, "waiting")
        self.env.invalidate_all()
        self.assertEqual(self.zuri.name, NAME)

    def test_requests_that_cannot_be(self):
        self.ask("erasure")
        for values in ({"reason": "  "}, {}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.ask("erasure", **values)

    def test_who_asked_is_not_said_by_who_asks(self):
        asked = self.ask(
            "erasure", user_id=self.manager.id, state="done", requested_at="2020-01-01"
        )
        self.assertEqual((asked.user_id, asked.state), (self.officer, "waiting"))
        self.assertGreater(asked.requested_at.year, 2020)

    def test_what_became_of_it_is_not_said_by_who_asks(self):
        said = {
            "default_state": "done",
            "default_decided_by_id": self.manager.id,
            "default_decided_at": "2020-01-01",
        }
        requests = self.env[REQUEST].with_user(self.officer).with_context(**said)
        asked = requests.create(
            {"kind": "erasure", "mapping_id": self.zuri.id, "reason": "Act 7"}
        )
        self.assertEqual(asked.state, "waiting")
        self.assertFalse(asked.decided_by_id or asked.decided_at)

    def test_the_erased_are_not_erased_again(self):
        self.ask("erasure").with_user(self.manager).action_erase()
        self.env.invalidate_all()
        before = self.zuri.id_value, self.zuri.version
        with self.assertRaises(UserError):
            self.ask("erasure").with_user(self.manager).action_erase()
        self.env.invalidate_all()
        self.assertEqual((self.zuri.id_value, self.zuri.version), before)

    def test_a_long_story_is_no_reason(self):
        asked = self.ask("erasure", reason="Act 7. " * 1000)
        asked.with_user(self.manager).action_erase()
        self.assertEqual(asked.state, "done")

    def test_a_request_is_called_by_the_readers_time(self):
        asked = self.ask("export")
        self.officer.tz, self.manager.tz = "UTC", "Asia/Manila"
        here, there = (
            asked.with_user(user).display_name for user in (self.officer, self.manager)
        )
        self.assertNotEqual(here, there)
        self.assertIn(str(asked.requested_at.year), there)

    def test_requests_are_kept_as_they_are(self):
        asked = self.ask("export").with_user(self.manager)
        for change in (lambda: asked.write({"state": "done"}), asked.unlink):
            with self.assertRaises(AccessError):
                change()
        with self.assertRaises(AccessError):
            asked.sudo().unlink()


@tagged("post_install", "-at_install")
class TestExportRequest(HttpCase, RequestCase):
    """What is kept is told once, to who asked for it."""

    def fetch(self, user, asked, form="json"):
        self.authenticate(user.login, password_of(user))
        with mute_logger("odoo.http"):
            return self.url_open(f"/spar/person/{asked.id}.{form}")

    def test_everything_is_told_once(self):
        self.update("zuri", "5566778899")
        asked = self.ask("export")
        answer = self.fetch(self.officer, asked)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        told = json.loads(answer.text)
        self.assertEqual(told["mapping"][0]["name"], NAME)
        self.assertEqual([one["step"] for one in told["history"]], ["link", "update"])
        self.assertIn(account_of("zuri"), json.dumps(told["history"][0]))
        self.assertEqual((asked.state, asked.decided_by_id), ("done", self.officer))
        again = self.fetch(self.officer, asked)
        self.assertEqual(again.status_code, 403)
        self.assertNotIn(NAME, again.text)

    def test_a_page_to_print(self):
        answer = self.fetch(self.officer, self.ask("export"), "html")
        self.assertEqual(answer.status_code, 200)
        for text in (NAME, PHONE, "Phone", account_of("zuri")):
            self.assertIn(text, answer.text)

    def test_pictures_are_shown_on_the_page(self):
        shown = "data:image/jpeg;base64,/9j/"
        kept = {"mapping": [{"name": shown}]}
        data = self.registry["g2p.spar.personal.data"]
        self.patch(data, "_collect", lambda *args: kept)
        answer = self.fetch(self.officer, self.ask("export"), "html")
        self.assertIn(f'src="{shown}"', answer.text)

    def test_nobody_else_fetches_it(self):
        other = new_test_user(
            self.env, "spar_other", groups="g2p_spar_mapper.group_officer"
        )
        asked = self.ask("export")
        for user in (other, self.manager, self.viewer):
            with self.subTest(user=user.login):
                answer = self.fetch(user, asked)
                self.assertIn(answer.status_code, (403, 404))
                self.assertNotIn(NAME, answer.text)
        self.assertEqual(asked.state, "waiting")

    def test_who_only_looks_uses_nothing_up(self):
        asked = self.ask("export")
        self.authenticate(self.officer.login, password_of(self.officer))
        path = f"/spar/person/{asked.id}.json"
        self.url_open(path, method="HEAD")
        self.url_open(path, headers={"Sec-Purpose": "prefetch"})
        self.assertEqual(asked.state, "waiting")

    def test_a_number_that_no_request_has(self):
        self.authenticate(self.officer.login, password_of(self.officer))
        for number in (0, 99999999999999999999):
            answer = self.url_open(f"/spar/person/{number}.json")
            self.assertEqual(answer.status_code, 404)

    def test_an_erasure_is_no_export(self):
        answer = self.fetch(self.officer, self.ask("erasure"))
        self.assertEqual(answer.status_code, 403)

    def test_who_lost_the_right_gets_nothing(self):
        asked = self.ask("export")
        self.officer.group_ids = self.env.ref("g2p_spar_mapper.group_auditor")
        answer = self.fetch(self.officer, asked)
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(asked.state, "waiting")


@tagged("post_install", "-at_install")
class TestRequestRights(RolesMixin, RequestCase):
    def test_who_may_what(self):
        asked = self.ask("export")
        erasure = self.ask("erasure")
        self.link("other")
        other = self.mapping("other").id

        def erase(env):
            # Nothing is erased for good: the next role begins as this one did.
            with env.cr.savepoint() as point:
                erasure.with_env(env).action_erase()
                point.rollback()

        vals = {"kind": "export", "mapping_id": other, "reason": "Act 7"}
        table = {
            "read": ((*STAFF, "auditor"), lambda env: asked.with_env(env).read()),
            "ask": (STAFF, lambda env: env[REQUEST].create(vals)),
            "write": (NOBODY, lambda env: asked.with_env(env).write({"reason": "x"})),
            "remove": (NOBODY, lambda env: asked.with_env(env).unlink()),
            "erase": (MANAGERS, erase),
            "collect": (NOBODY, lambda env: asked.with_env(env).collect()),
        }
        for label, (allowed, operation) in table.items():
            self.check(allowed, operation, label=label)
