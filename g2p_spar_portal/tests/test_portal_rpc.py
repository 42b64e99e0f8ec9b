import inspect
import json
from datetime import timedelta

from odoo import fields
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import PortalCase

ADDONS = (
    "g2p_spar_fa_reference",
    "g2p_spar_mapper",
    "g2p_spar_connect_api",
    "g2p_spar_portal",
)
NOISY = ("odoo.http", "odoo.addons.rpc.controllers.json2", "odoo.service.model")
#: Of Odoo's own methods: those that read or write records.
READING = {
    "search_read": [[]],
    "search": [[]],
    "search_count": [[]],
    "name_search": [""],
    "web_search_read": [[], {"display_name": {}}],
    "formatted_read_group": [[], ["create_date:year"], ["__count"]],
    "export_data": [[1], ["id"]],
    "read": [[1], ["id"]],
    "web_read": [[1], {"display_name": {}}],
    "create": [[{}]],
    "web_save": [[], {"active": True}, {"display_name": {}}],
    "write": [[1], {"active": False}],
    "unlink": [[1]],
    "copy": [[1]],
}
#: What says nothing: whether something is allowed, or what it is called.
REFUSALS = (
    "odoo.exceptions.AccessError",
    "odoo.exceptions.AccessDenied",
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
    "odoo.exceptions.MissingError",
    "builtins.TypeError",
    "builtins.AttributeError",
    "builtins.ValueError",
    "builtins.KeyError",
    "builtins.IndexError",
)
#: What a screen is opened with: it tells of nobody, and its models are shut.
OPENED = "ir.actions.act_window"
SECRETS = ("254712345678", "amina", "Amina", "nationalId")


@tagged("post_install", "-at_install")
class TestPortalRpc(PortalCase):
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

    def models(self):
        """Every model of ours, also those without a table."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module in ADDONS
        )

    def own_methods(self, name):
        """Public methods that are written in our addons."""
        model = self.env[name]
        for method_name, method in inspect.getmembers(type(model), inspect.isfunction):
            ours = any(
                addon in (inspect.getmodule(method).__name__ or "") for addon in ADDONS
            )
            if method_name.startswith("_") or not ours:
                continue
            if hasattr(BaseModel, method_name):
                continue
            yield method_name

    def call_kw(self, model, method, args):
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        with mute_logger(*NOISY):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
            )
        return answer.json()

    def assert_refused(self, answer):
        self.assertNotIn("result", answer)
        self.assertIn(answer["error"]["data"]["name"], REFUSALS)
        self.assert_tells_nothing(answer["error"]["data"]["message"])

    def assert_tells_nothing(self, answer):
        for secret in SECRETS:
            self.assertNotIn(secret, json.dumps(answer))

    def test_there_are_models_to_try(self):
        self.assertGreater(len(self.models()), 50)

    def test_no_record_of_ours_is_read_or_written(self):
        for model in self.models():
            if self.env[model]._abstract:
                continue
            for method, args in READING.items():
                with self.subTest(model=model, method=method):
                    self.assert_refused(self.call_kw(model, method, args))

    def test_no_method_of_ours_answers(self):
        tried = 0
        for model in self.models():
            for method in self.own_methods(model):
                for args in ([[1]], [[], "x"], []):
                    tried += 1
                    answer = self.call_kw(model, method, args)
                    with self.subTest(model=model, method=method, args=args):
                        if (answer.get("result") or {}).get("type") == OPENED:
                            self.assert_tells_nothing(answer)
                        else:
                            self.assert_refused(answer)
        self.assertGreater(tried, 100)

    @mute_logger(*NOISY)
    def test_json2_answers_nothing(self):
        # An API key of a portal user is made by an administrator.
        keys = self.env["res.users.apikeys"].with_user(self.user).sudo()
        key = keys._generate("rpc", "x", fields.Datetime.now() + timedelta(hours=1))
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {key}",
        }
        for model in self.models():
            if self.env[model]._abstract:
                continue
            answer = self.url_open(
                f"/json/2/{model}/search_read",
                data=json.dumps({"domain": [], "fields": ["id"]}),
                headers=headers,
            )
            with self.subTest(model=model):
                self.assertEqual(answer.status_code, 403, answer.text)

    @mute_logger(*NOISY)
    def test_a_beneficiary_reaches_no_model_at_all(self):
        self.person("amina")
        for model in (*self.models(), "res.users", "res.partner", "ir.attachment"):
            answer = self.call_kw(model, "search_count", [[]])
            with self.subTest(model=model):
                self.assertNotIn("result", answer)

    def test_private_methods_stay_private(self):
        for model in self.models():
            for method in ("current", "take", "begin", "hit", "attempt", "wake"):
                if hasattr(self.env[model], method):
                    with self.subTest(model=model, method=method):
                        with self.assertRaises(Exception) as caught:
                            get_public_method(self.env[model], method)
                        self.assertEqual(type(caught.exception).__name__, "AccessError")
