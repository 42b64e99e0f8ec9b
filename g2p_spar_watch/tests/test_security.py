from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA
from odoo.addons.g2p_spar_mapper.tests.roles import (
    MANAGERS,
    ROLES,
    STAFF,
    RolesMixin,
)

from .common import NOON, WatchCase

SEE = (*STAFF, "auditor")


@tagged("post_install", "-at_install")
class TestSecurity(RolesMixin, WatchCase):
    """Role by operation: each cell is tried, allowed or refused."""

    def setUp(self):
        super().setUp()
        self.watch = self.rule(
            kind="shared_address", subject_kind="address", threshold=2
        )
        self.link_at(NOON, "amina", "biru", fa=BANK_FA % "4711")
        self.alert = self.look(self.watch)
        self.payment = self.env["g2p.spar.payment.date"].create(
            {"name": "May", "date": "2026-05-06"}
        )

    def test_who_reads(self):
        fields = {
            self.alert: ["subject_text", "sentence", "state", "found_count"],
            self.watch: ["name", "sentence", "open_count"],
            self.payment: ["date"],
        }
        for record, names in fields.items():
            self.check(
                SEE,
                lambda env, r=record, n=names: r.with_env(env).read(n),
                f"read {record._name}",
            )

    def test_who_reads_the_key_of_a_subject(self):
        self.check(
            STAFF,
            lambda env: self.alert.with_env(env).read(["subject"]),
            "read subject",
        )
        self.check(
            STAFF,
            lambda env: env["g2p.spar.alert"].search([("subject", "like", "47")]),
            "search subject",
        )

    def test_who_handles_alerts(self):
        operations = {
            "take": lambda alert: alert.action_take(),
            "say": lambda alert: alert.write({"outcome": "normal"}),
            "close": lambda alert: alert.action_close(),
            "reopen": lambda alert: alert.action_reopen(),
        }
        self.alert.outcome = "normal"
        for label, operation in operations.items():
            self.check(
                STAFF,
                lambda env, o=operation: o(self.alert.with_env(env)),
                label,
            )
            self.alert.invalidate_recordset()

    def test_who_makes_rules(self):
        for model, record, values in (
            ("g2p.spar.alert.rule", self.watch, {"name": "New"}),
            ("g2p.spar.payment.date", self.payment, {"name": "New"}),
        ):
            create = {"date": "2026-06-06"} if "payment" in model else {}
            self.check(
                MANAGERS,
                lambda env, m=model, v=values | create: env[m].create(v),
                f"create {model}",
            )
            self.check(
                MANAGERS,
                lambda env, r=record, v=values: r.with_env(env).write(v),
                f"write {model}",
            )
        self.check(MANAGERS, lambda env: self.watch.with_env(env).action_look(), "look")

    def test_who_removes_rules(self):
        for role in ROLES:
            rule = self.rule()
            with self.subTest(role=role), self.cr.savepoint():
                if role in MANAGERS:
                    rule.with_user(self.users[role]).unlink()
                else:
                    with self.assertRaises(AccessError):
                        rule.with_user(self.users[role]).unlink()

    def test_who_shows_what_was_counted(self):
        self.check(
            SEE,
            lambda env: self.alert.with_env(env).action_open_subject(),
            "show",
        )

    def test_menus(self):
        for role in (*SEE, "viewer", "internal"):
            visible = self.env["ir.ui.menu"].with_user(self.users[role])
            menu = self.env.ref("g2p_spar_watch.menu_alert")
            with self.subTest(role=role):
                self.assertEqual(menu.id in visible._visible_menu_ids(), role in SEE)
