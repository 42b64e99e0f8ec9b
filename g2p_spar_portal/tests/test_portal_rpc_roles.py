import json

from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS
from odoo.tests import new_test_user, tagged

from odoo.addons.g2p_spar_mapper.tests.roles import ROLES, create_users, password_of

from .rpc_common import RpcCase
from .test_portal_rights import MATRIX, OPERATIONS

#: Operation -> what a program calls for it.
CALLS = {
    "read": ("search_read", [[]]),
    "write": ("write", [[1], {"active": False}]),
    "create": ("create", [[{}]]),
    "unlink": ("unlink", [[1]]),
}
DENIED = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestPortalRpcRoles(RpcCase):
    """Role by operation over HTTP, and what no role is told by any door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)
        cls.system = new_test_user(cls.env, "spar_system", groups="base.group_system")
        cls.key = cls.oidc.spar_key_ids

    def log_in(self, user):
        self.authenticate(user.login, password_of(user))

    def error_of(self, answer):
        return answer.get("error", {}).get("data", {}).get("name", "")

    def test_each_role_over_http(self):
        for role in ROLES:
            if role == "public":
                self.authenticate(None, None)
            else:
                self.log_in(self.users[role])
            for model, allowed in MATRIX.items():
                self.try_operations(model, role, allowed)

    def try_operations(self, model, role, allowed):
        """Read where it is allowed; try everything that is not."""
        for operation, roles in zip(OPERATIONS, allowed, strict=True):
            method, args = CALLS[operation]
            with self.subTest(model=model, operation=operation, role=role):
                if role in roles:
                    if operation == "read":
                        self.assertIn("result", self.call_kw(model, method, args))
                else:
                    answer = self.call_kw(model, method, args)
                    self.assertNotIn("result", answer)
                    if role != "public":
                        self.assertEqual(self.error_of(answer), DENIED)

    # === SECRETS === #

    def secret_fields(self):
        """Fields of ours that nobody reads, by model."""
        return [
            (name, field.name)
            for name in self.models()
            for field in self.env[name]._fields.values()
            if field.groups == NO_ACCESS
        ]

    def test_there_are_secrets(self):
        found = self.secret_fields()
        self.assertIn(("g2p.spar.oidc.key", "private_sealed"), found)
        self.assertIn(("g2p.spar.identity", "subject"), found)
        self.assertGreater(len(found), 8)

    def test_no_secret_field_by_any_method(self):
        """Odoo's own administrators are no exception."""
        for user in (self.users["admin"], self.users["auditor"], self.system):
            self.log_in(user)
            for model, field in self.secret_fields():
                self.try_field(model, field, user.login)

    def try_field(self, model, field, who):
        number = self.some_id(model)
        for method, args in (
            ("read", [[number], [field]]),
            ("search_read", [[], [field]]),
            ("search_count", [[(field, "!=", False)]]),
            ("search", [[], 0, 1, field]),
            ("web_read", [[number], {field: {}}]),
            ("formatted_read_group", [[], [field], ["__count"]]),
            ("export_data", [[number], [field]]),
            ("write", [[number], {field: "mine"}]),
        ):
            with self.subTest(model=model, field=field, method=method, who=who):
                answer = self.call_kw(model, method, args)
                self.assertNotIn("result", answer)
        named = self.call_kw(model, "fields_get", [])
        self.assertNotIn(field, named.get("result") or {})

    def test_the_whole_key_has_no_private_half(self):
        self.log_in(self.users["admin"])
        [read] = self.call_kw(self.key._name, "search_read", [[]])["result"]
        self.assertEqual(read["kid"], self.key.kid)
        members = {name for name, value in read.items() if "sealed" in name}
        self.assertFalse(members)
        self.assert_without_private(read)
        for field in ("private_sealed", "public_jwk", "state"):
            values = {field: "mine"}
            made = {"provider_id": self.oidc.id, "kind": "EC", **values}
            answer = self.call_kw(self.key._name, "create", [[made]])
            if "result" in answer:
                [number] = answer["result"]
                self.assertNotEqual(self.key.browse(number).sudo()[field], "mine")

    def test_login_pages_search_no_key(self):
        """Odoo reads whole providers, as the system, for its log-in page."""
        providers = self.env["auth.oauth.provider"].sudo()
        for one in providers.search_read([("id", "=", self.oidc.id)]):
            self.assertEqual(one["spar_key_ids"], self.key.ids)
            self.assert_without_private(one)
        self.authenticate(None, None)
        for path in ("/web/login", "/web/signup", "/spar/login"):
            with self.subTest(path=path):
                text = self.url_open(path).text
                self.assert_without_private(text)
                self.assertNotIn(self.key.kid, text)

    def assert_without_private(self, told):
        """Refuse the private number, and what it is sealed as."""
        key = self.key.sudo()
        secret = key._open().as_dict(private=True)["d"]
        text = json.dumps(told, default=str)
        for private in (secret, key.private_sealed, "PRIVATE KEY"):
            self.assertNotIn(private, text)

    def test_rotation_belongs_to_administrators(self):
        for role in ROLES:
            key = self.key.with_user(self.users[role])
            for method in ("action_use", "action_retire"):
                with self.subTest(role=role, method=method):
                    if role == "admin":
                        getattr(key, method)()
                    else:
                        with self.assertRaises(AccessError):
                            getattr(key, method)()
