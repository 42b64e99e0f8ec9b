from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import MapperCase
from odoo.addons.g2p_spar_mapper.tests.roles import (
    NOBODY,
    READERS,
    STAFF,
    RolesMixin,
)

from .contact_common import ContactMixin

CONTACT, NOTICE = "g2p.spar.contact", "g2p.spar.notice"
PHONE = "+254712345678"
WHOLE = {CONTACT: ("value", "id_key"), NOTICE: ("value", "body", "subject")}
HIDDEN = {
    CONTACT: ("code_digest", "code_expires_at", "code_tries"),
    NOTICE: ("recipient_key",),
}
#: Methods that the portal's own code calls; over RPC nobody may.
PRIVATE = {
    CONTACT: (
        "ask",
        "ask_again",
        "waiting",
        "confirm",
        "cancel",
        "remove",
        "in_use",
        "speak",
    ),
    NOTICE: ("wake",),
    "g2p.spar.portal.settings": ("text", "help", "notified_channels", "url"),
    "g2p.spar.profile": ("overview", "form", "choose_language"),
}


@tagged("post_install", "-at_install")
class TestContactSecurity(RolesMixin, ContactMixin, MapperCase):
    """Role by operation: each cell is tried, allowed or refused."""

    def setUp(self):
        super().setUp()
        self.contact = self.confirmed("amina", "phone", PHONE)
        self.link("amina")
        self.read()
        self.notice = self.notices("amina")
        self.records = {CONTACT: self.contact, NOTICE: self.notice}

    def test_who_reads_masked(self):
        for model in (CONTACT, NOTICE):
            for field in ("value_masked", "state", "kind", "lang"):
                self.check(
                    READERS,
                    lambda env, m=model, f=field: env[m].search([]).read([f]),
                    label=f"read {model} {field}",
                )

    def test_who_reads_whole(self):
        for model, names in WHOLE.items():
            for field in names:
                self.check(
                    STAFF,
                    lambda env, m=model, f=field: (
                        self.records[m].with_env(env).read([f])
                    ),
                    label=f"read {model} {field}",
                )
                self.check(
                    STAFF,
                    lambda env, m=model, f=field: env[m].search([(f, "like", "7")]),
                    label=f"search {model} {field}",
                )

    def test_nobody_reads_codes_or_keys(self):
        for model, names in HIDDEN.items():
            for field in names:
                self.check(
                    NOBODY,
                    lambda env, m=model, f=field: (
                        self.records[m].with_env(env).read([f])
                    ),
                    label=f"read {model} {field}",
                )
                self.check(
                    NOBODY,
                    lambda env, m=model, f=field: env[m].search([(f, "!=", False)]),
                    label=f"search {model} {field}",
                )

    def test_masked_fields_do_not_tell_the_number(self):
        for role in READERS:
            for record in self.records.values():
                shown = record.with_user(self.users[role]).read(
                    ["value_masked", "display_name"]
                )
                self.assertNotIn("71234", str(shown), role)

    def test_nobody_writes(self):
        for model, record in self.records.items():
            operations = {
                "create": lambda env, m=model: env[m].create({}),
                "write": lambda env, r=record: r.with_env(env).write({"state": "x"}),
                "unlink": lambda env, r=record: r.with_env(env).unlink(),
                "copy": lambda env, r=record: r.with_env(env).copy(),
            }
            for label, operation in operations.items():
                self.check(NOBODY, operation, label=f"{label} {model}")

    def test_who_sends_again(self):
        self.notice._note("failed", "sms_server")
        self.env.flush_all()
        self.check(
            STAFF,
            lambda env: self.notice.with_env(env).action_send_again(),
            label="send again",
        )

    def test_methods_of_the_pages_cannot_be_called_from_outside(self):
        for model, names in PRIVATE.items():
            for name in names:
                method = getattr(type(self.env[model]), name)
                with self.subTest(model=model, method=name):
                    self.assertTrue(getattr(method, "_api_private", False))
