import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import NATIONAL_ID, MapperCase, account_of
from .roles import READERS, ROLES, SERVICE_METHODS, STAFF, create_users, password_of

MAPPING, VERSION = "g2p.spar.mapping", "g2p.spar.mapping.version"
NOISY = ("odoo.http", "odoo.addons.rpc.controllers.json2", "odoo.service.model")

REFUSALS = ("odoo.exceptions.AccessError", "odoo.http.SessionExpiredException")


@tagged("post_install", "-at_install")
class TestSecurityRpc(HttpCase, MapperCase):
    """The same rights over the wire: JSON-RPC of the web client, and JSON-2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)
        cls.number = account_of("amina")

    def setUp(self):
        super().setUp()
        self.link("amina", phone_number="+254712345678", name="Amina")
        self.amina = self.mapping("amina")

    # === TWO WAYS TO CALL === #

    def call_kw(self, role, model, method, args=(), **kwargs):
        """Call over JSON-RPC, logged in as a role. :return: the answer"""
        user = self.users[role]
        if role == "public":
            self.authenticate(None, None)
        else:
            self.authenticate(user.login, password_of(user))
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        with mute_logger(*NOISY):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
            )
        return answer.json()

    def json2(self, role, model, method, **params):
        """Call over JSON-2 with an API key of a role. :return: status and answer"""
        headers = {"Content-Type": "application/json"}
        if role != "public":
            headers["Authorization"] = f"Bearer {self.key_of(role)}"
        with mute_logger(*NOISY):
            answer = self.url_open(
                f"/json/2/{model}/{method}", data=json.dumps(params), headers=headers
            )
        return answer.status_code, answer.text

    def key_of(self, role):
        """A fresh API key of a role's user."""
        keys = self.env["res.users.apikeys"].with_user(self.users[role])
        # An API key of a user without screens is made by an administrator.
        return keys.sudo()._generate(
            "rpc", "test", fields.Datetime.now() + timedelta(days=1)
        )

    def assert_refused(self, answer):
        """The answer is a refusal, not any other error, and tells no number."""
        self.assertIn(answer["error"]["data"]["name"], REFUSALS)
        self.assertNotIn("result", answer)
        self.assertNotIn(self.number, json.dumps(answer))

    # === WHO READS === #

    def test_masked_reading(self):
        fields_read = ["id_masked", "fa_masked", "phone_masked"]
        for role in ROLES:
            answer = self.call_kw(
                role, MAPPING, "search_read", [[]], fields=fields_read
            )
            with self.subTest(role=role):
                if role in READERS:
                    self.assertTrue(answer["result"])
                    self.assertNotIn(self.number, json.dumps(answer))
                else:
                    self.assert_refused(answer)

    def test_whole_reading(self):
        for role in ROLES:
            answer = self.call_kw(role, MAPPING, "read", [self.amina.ids, ["fa_value"]])
            with self.subTest(role=role):
                if role in STAFF:
                    self.assertIn(self.number, answer["result"][0]["fa_value"])
                else:
                    self.assert_refused(answer)

    def test_reading_everything_gives_what_the_role_may_see(self):
        for role in READERS:
            answer = self.call_kw(role, MAPPING, "read", [self.amina.ids])
            with self.subTest(role=role):
                self.assertEqual(self.number in json.dumps(answer), role in STAFF)
                self.assertEqual("fa_value" in answer["result"][0], role in STAFF)

    def test_the_web_clients_own_reading(self):
        specification = {"fa_value": {}, "version_ids": {"fields": {"after": {}}}}
        for role in ROLES:
            answer = self.call_kw(
                role, MAPPING, "web_read", [self.amina.ids], specification=specification
            )
            with self.subTest(role=role):
                if role in STAFF:
                    self.assertIn(self.number, json.dumps(answer["result"]))
                else:
                    self.assert_refused(answer)

    def test_digits_cannot_be_felt_out(self):
        digit = self.number[0]
        domain = [("fa_value", "=like", f"account:{digit}%")]
        for role in ROLES:
            answer = self.call_kw(role, MAPPING, "search_count", [domain])
            with self.subTest(role=role):
                if role in STAFF:
                    self.assertEqual(answer["result"], 1)
                else:
                    self.assert_refused(answer)

    # === WHO WRITES === #

    def test_nobody_writes_tables(self):
        calls = [
            (MAPPING, "create", [[{"fa_value": "x"}]]),
            (MAPPING, "write", [self.amina.ids, {"fa_value": "x"}]),
            (MAPPING, "web_save", [self.amina.ids, {"state": "active"}, {}]),
            (MAPPING, "unlink", [self.amina.ids]),
            (VERSION, "create", [[{"version": 2}]]),
            (VERSION, "write", [self.amina.version_ids.ids, {"reason": "x"}]),
            (VERSION, "unlink", [self.amina.version_ids.ids]),
        ]
        for role in ROLES:
            for model, method, args in calls:
                with self.subTest(role=role, model=model, method=method):
                    self.assert_refused(self.call_kw(role, model, method, args))
        self.assertEqual(self.amina.version, 1)

    def test_nobody_calls_the_service(self):
        for role in ROLES:
            for method in SERVICE_METHODS:
                with self.subTest(role=role, method=method):
                    answer = self.call_kw(role, "g2p.spar.mapper", method, [[]])
                    self.assert_refused(answer)

    def test_private_helpers_stay_private(self):
        calls = [
            ("g2p.spar.mapper", "_change"),
            ("g2p.spar.mapper.demo", "_load"),
            ("g2p.spar.strategy", "get_reference"),
            ("g2p.spar.mapping.import", "import_path"),
        ]
        for role in ("admin", "api"):
            for model, method in calls:
                with self.subTest(role=role, method=method):
                    answer = self.call_kw(role, model, method, [[], "x", "y"])
                    self.assert_refused(answer)

    # === JSON-2 === #

    def test_json2_reading(self):
        for role in ROLES:
            for name, allowed in (("fa_masked", READERS), ("fa_value", STAFF)):
                status, text = self.json2(
                    role, MAPPING, "search_read", domain=[], fields=[name]
                )
                with self.subTest(role=role, field=name):
                    self.assertEqual(status == 200, role in allowed, text)
                    whole = role in STAFF and name == "fa_value"
                    self.assertEqual(self.number in text, whole)

    def test_json2_does_not_reach_the_service(self):
        item = ["1", NATIONAL_ID % "amina", None, True]
        for role in ROLES:
            for method in SERVICE_METHODS:
                status, text = self.json2(role, "g2p.spar.mapper", method, items=[item])
                with self.subTest(role=role, method=method):
                    self.assertGreaterEqual(status, 400)
                    self.assertLess(status, 500)
                    self.assertNotIn(self.number, text)

    def test_json2_writes_nothing(self):
        for role in ROLES:
            status, text = self.json2(
                role, MAPPING, "write", ids=self.amina.ids, vals={"fa_value": "x"}
            )
            with self.subTest(role=role):
                self.assertIn(status, (401, 403), text)
        self.assertEqual(self.amina.version, 1)
