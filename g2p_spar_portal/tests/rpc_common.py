"""Calls from outside, through each of Odoo's doors for programs."""

import inspect
import json

from odoo.models import BaseModel
from odoo.tools import mute_logger

from .common import PortalCase

ADDONS = (
    "g2p_spar_fa_reference",
    "g2p_spar_mapper",
    "g2p_spar_connect_api",
    "g2p_spar_portal",
)
NOISY = (
    "odoo.http",
    "odoo.addons.rpc.controllers.json2",
    "odoo.addons.rpc.controllers.jsonrpc",
    "odoo.service.model",
)
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
JSON = {"Content-Type": "application/json"}


class RpcCase(PortalCase):
    """Calls methods of models as a program does, over HTTP.

    Every model counts that is ours or has a method of ours: those of Odoo that we
    extend too.
    """

    def models(self):
        """Every model of ours, also those without a table."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module in ADDONS
        )

    def models_with_methods(self):
        """Every model, of whomever, with methods of ours."""
        return {
            name: methods
            for name in sorted(self.env.registry)
            if (methods := sorted(self.own_methods(name)))
        }

    def own_methods(self, name):
        """Public methods that are written in our addons."""
        model = self.env[name]
        for method_name, method in inspect.getmembers(type(model), inspect.isfunction):
            module = inspect.getmodule(method).__name__ or ""
            ours = any(f"odoo.addons.{addon}." in module for addon in ADDONS)
            if method_name.startswith("_") or not ours:
                continue
            if hasattr(BaseModel, method_name):
                continue
            yield method_name

    def some_id(self, model):
        """A record that is there, if there is one; else an id all the same."""
        if self.env[model]._abstract:
            return 1
        return self.env[model].sudo().search([], limit=1, order="id").id or 1

    def arguments(self, model, method):
        """Arguments of one of Odoo's own methods, for a record that is there."""
        number = self.some_id(model)
        return [[number] if value == [1] else value for value in READING[method]]

    def _post(self, path, content, **headers):
        with mute_logger(*NOISY):
            return self.url_open(
                path, data=json.dumps(content), headers={**JSON, **headers}
            )

    def call_kw(self, model, method, args):
        """Call as Odoo's own screens do, with the session of the browser."""
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self._post(path, {"jsonrpc": "2.0", "params": params}).json()

    def call_button(self, model, method, args):
        """Call as a button of a screen does."""
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        path = f"/web/dataset/call_button/{model}/{method}"
        return self._post(path, {"jsonrpc": "2.0", "params": params}).json()

    def jsonrpc(self, user, password, model, method, args):
        """Call as programs did before there were keys."""
        name = self.env.cr.dbname
        params = {
            "service": "object",
            "method": "execute_kw",
            "args": [name, user.id, password, model, method, args],
        }
        content = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self._post("/jsonrpc", content).json()

    def json2(self, key, model, method, **values):
        """Call as programs do with a key. :return: the whole answer"""
        path = f"/json/2/{model}/{method}"
        return self._post(path, values, Authorization=f"Bearer {key}")

    def assert_refused(self, answer):
        self.assertNotIn("result", answer)
        self.assertIn(answer["error"]["data"]["name"], REFUSALS)
        self.assert_tells_nothing(answer["error"]["data"]["message"])

    def assert_tells_nothing(self, answer):
        for secret in SECRETS:
            self.assertNotIn(secret, json.dumps(answer))
