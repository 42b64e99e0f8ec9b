from odoo.tests import Form, tagged

from .change_common import ChangeCase
from .common import BANK_FA, account_of
from .roles import MANAGERS, NOBODY, READERS, STAFF, RolesMixin

PENDING = "g2p.spar.pending.change"
POLICY = "g2p.spar.change.policy"
REPORT, REMINDER = "g2p.spar.failure.report", "g2p.spar.reminder"
MASKED = ["fa_old_masked", "fa_new_masked", "state", "due_at", "user_id"]
ADMINS = ("admin",)
CALLERS = ("api", *STAFF)


@tagged("post_install", "-at_install")
class TestChangeSecurity(RolesMixin, ChangeCase):
    """Role by operation, for changes that wait, policies, reports and reminders."""

    def setUp(self):
        super().setUp()
        self.the_policy = self.policy(effect="approve")
        self.link("amina", "failed")
        self.update("amina", "777")
        self.report("failed")
        self.pending = self.waiting("amina")

    def test_who_reads(self):
        report = self.env[REPORT].search([])
        table = [
            (READERS, self.pending, MASKED),
            (STAFF, self.pending, ["fa_new"]),
            (STAFF, self.pending, ["changes"]),
            (READERS, self.the_policy, ["summary"]),
            (READERS, report, ["failure"]),
            (("auditor", *STAFF), self.env[REMINDER], ["days"]),
        ]
        for allowed, records, names in table:
            self.check(
                allowed,
                lambda env, r=records, n=names: r.with_env(env).search([]).read(n),
                f"read {records._name} {names}",
            )

    def test_masked_means_masked(self):
        for role in ("viewer", "auditor"):
            seen = self.pending.with_user(self.users[role]).read(MASKED)
            self.assertNotIn("777", seen[0]["fa_new_masked"].split("@")[0][:-3])
            self.assertNotIn(account_of("amina"), str(seen))

    def test_nobody_writes_what_the_service_writes(self):
        for records, values in (
            (self.pending, {"state": "applied"}),
            (self.env[REPORT].search([]), {"failure": "invalid"}),
        ):
            operations = {
                "create": lambda env, r=records, v=values: r.with_env(env).create(v),
                "write": lambda env, r=records, v=values: r.with_env(env).write(v),
                "unlink": lambda env, r=records: r.with_env(env).unlink(),
            }
            for label, operation in operations.items():
                self.check(NOBODY, operation, f"{label} {records._name}")
        for label in ("create", "write", "unlink"):
            self.check(
                NOBODY,
                lambda env, label=label: env[REMINDER].check_access(label),
                f"{label} {REMINDER}",
            )

    def test_who_keeps_policies(self):
        operations = {
            "create": lambda env: env[POLICY].create({"name": "Another"}),
            "write": lambda env: self.the_policy.with_env(env).write({"hours": 1}),
            "unlink": lambda env: env[POLICY].check_access("unlink"),
        }
        for label, operation in operations.items():
            self.check(ADMINS, operation, f"{label} {POLICY}")

    def test_who_tries_policies_out(self):
        self.check(
            STAFF,
            lambda env: env[f"{POLICY}.test"].create({}).verdict,
            "try policies out",
        )

    def test_who_calls_the_service(self):
        table = [
            (STAFF, "apply", lambda role: self.decide("apply", "amina", role)),
            (STAFF, "withdraw", lambda role: self.decide("withdraw", "amina", role)),
            (MANAGERS, "rollback", lambda role: self.rollback("amina", 1, role)),
            (STAFF, "renew", lambda role: self.renew("amina", role)),
            (CALLERS, "report", lambda role: self.report("amina", user=role)),
        ]
        for allowed, label, operation in table:
            self.check(
                allowed, lambda env, do=operation: do(env.user), f"service {label}"
            )

    def test_buttons_stand_where_they_may_be_used(self):
        for role in READERS:
            form = Form(self.pending.with_user(self.users[role]))
            arch = form._view["tree"]
            names = {node.get("name") for node in arch.iter("button")}
            for button in ("action_apply", "action_withdraw", "action_dispute"):
                with self.subTest(role=role, button=button):
                    self.assertEqual(button in names, role in STAFF)

    def test_each_button_asks_once_more_and_then_does_it(self):
        table = [
            ("action_apply", "applied", BANK_FA % "777"),
            ("action_withdraw", "withdrawn", BANK_FA % account_of("amina")),
            ("action_dispute", "disputed", None),
        ]
        for button, state, paid in table:
            with self.subTest(button), self.cr.savepoint() as savepoint:
                pending = self.pending.with_user(self.users["officer"])
                action = getattr(pending, button)()
                dialog = self.env[action["res_model"]].with_user(self.users["officer"])
                dialog = dialog.with_context(**action["context"])
                dialog.create({"reason": "Called the holder"}).action_apply()
                self.assertEqual(self.pending.state, state)
                self.assertEqual(self.paid("amina"), paid)
                savepoint.rollback()
                self.env.invalidate_all()
