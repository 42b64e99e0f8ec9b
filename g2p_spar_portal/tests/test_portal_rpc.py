from datetime import timedelta

from odoo import fields
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .rpc_common import NOISY, OPENED, READING, RpcCase


@tagged("post_install", "-at_install")
class TestPortalRpc(RpcCase):
    """A portal user calls every method of every model of ours: nothing comes back.

    It is a portal user of the ordinary kind here, made by staff. A beneficiary's own
    session does not even reach these routes.
    """

    def setUp(self):
        super().setUp()
        self.link("amina", phone_number="+254712345678", name="Amina")
        self.person("amina")
        self.env["g2p.spar.oidc.event"].count(self.oidc.id, "login")
        self.user = new_test_user(self.env, "spar_portal", groups="base.group_portal")
        self.authenticate("spar_portal", "spar_portal")

    def key(self):
        """An API key of a portal user, as an administrator makes it."""
        keys = self.env["res.users.apikeys"].with_user(self.user).sudo()
        return keys._generate("rpc", "x", fields.Datetime.now() + timedelta(hours=1))

    def assert_opens_or_refused(self, answer):
        """A screen that opens tells of nobody, and its models are shut."""
        result = answer.get("result")
        if isinstance(result, dict) and result.get("type") == OPENED:
            self.assert_tells_nothing(answer)
        else:
            self.assert_refused(answer)

    def test_there_are_models_to_try(self):
        self.assertGreater(len(self.models()), 50)
        extended = self.models_with_methods().keys() - set(self.models())
        self.assertLessEqual({"res.users", "auth.oauth.provider"}, extended)

    def test_no_record_of_ours_is_read_or_written(self):
        for model in (*self.models(), "auth.oauth.provider"):
            if self.env[model]._abstract:
                continue
            for method in READING:
                args = self.arguments(model, method)
                with self.subTest(model=model, method=method):
                    self.assert_refused(self.call_kw(model, method, args))

    def test_no_method_of_ours_answers(self):
        tried, ours = 0, self.models()
        for model, methods in self.models_with_methods().items():
            number = self.some_id(model)
            for method in methods:
                odd = ([[], "x"], []) if model in ours else ()
                for args in ([[number]], *odd):
                    tried += 1
                    answer = self.call_kw(model, method, args)
                    with self.subTest(model=model, method=method, args=args):
                        self.assert_opens_or_refused(answer)
        self.assertGreater(tried, 100)

    def test_buttons_are_no_other_door(self):
        for model, methods in self.models_with_methods().items():
            number = self.some_id(model)
            for method in methods:
                answer = self.call_button(model, method, [[number]])
                with self.subTest(model=model, method=method):
                    self.assert_opens_or_refused(answer)

    def test_jsonrpc_answers_nothing(self):
        found = self.jsonrpc(self.user, "spar_portal", "res.users", "context_get", [])
        self.assertIn("result", found, "the door itself is open")
        for model in (*self.models(), "auth.oauth.provider"):
            if self.env[model]._abstract:
                continue
            for method in ("search_read", "unlink"):
                args = self.arguments(model, method)
                answer = self.jsonrpc(self.user, "spar_portal", model, method, args)
                with self.subTest(model=model, method=method):
                    self.assert_refused(answer)
        for model, methods in self.models_with_methods().items():
            args = [[self.some_id(model)]]
            for method in methods:
                answer = self.jsonrpc(self.user, "spar_portal", model, method, args)
                with self.subTest(model=model, method=method):
                    self.assert_opens_or_refused(answer)

    @mute_logger(*NOISY)
    def test_json2_answers_nothing(self):
        key = self.key()
        self.assertEqual(self.json2(key, "res.users", "context_get").status_code, 200)
        for model in (*self.models(), "auth.oauth.provider"):
            if self.env[model]._abstract:
                continue
            answer = self.json2(key, model, "search_read", domain=[], fields=["id"])
            with self.subTest(model=model):
                self.assertEqual(answer.status_code, 403, answer.text)
        for model, methods in self.models_with_methods().items():
            for method in methods:
                answer = self.json2(key, model, method, ids=[self.some_id(model)])
                with self.subTest(model=model, method=method):
                    if answer.status_code == 200:
                        self.assertEqual(answer.json().get("type"), OPENED)
                    self.assert_tells_nothing(answer.text)

    @mute_logger(*NOISY)
    def test_a_beneficiary_reaches_no_model_at_all(self):
        self.person("amina")
        for model in (*self.models(), "res.users", "res.partner", "ir.attachment"):
            answer = self.call_kw(model, "search_count", [[]])
            with self.subTest(model=model):
                self.assertNotIn("result", answer)

    @mute_logger(*NOISY)
    def test_a_beneficiary_reaches_no_method_at_all(self):
        self.person("amina")
        for model, methods in self.models_with_methods().items():
            for method in methods:
                args = [[self.some_id(model)]]
                for call in (self.call_kw, self.call_button):
                    with self.subTest(model=model, method=method):
                        self.assertNotIn("result", call(model, method, args))

    def test_private_methods_stay_private(self):
        for model in self.models():
            for method in ("current", "take", "begin", "hit", "attempt", "wake"):
                if hasattr(self.env[model], method):
                    with self.subTest(model=model, method=method):
                        with self.assertRaises(Exception) as caught:
                            get_public_method(self.env[model], method)
                        self.assertEqual(type(caught.exception).__name__, "AccessError")
