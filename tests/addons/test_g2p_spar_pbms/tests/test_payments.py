from math import ceil

from odoo.exceptions import AccessError, UserError
from odoo.orm.models import INSERT_BATCH_SIZE, UPDATE_BATCH_SIZE
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.g2p_spar_mapper.core.commands import (
    LinkItem,
    Origin,
    StepItem,
    UnlinkItem,
    UpdateItem,
)

PEOPLE = 1000
STAFF = Origin(channel="staff", reason="Test")


def person(number):
    return f"token:example{number}@nationalId"


def address(number):
    return f"account:{number:010d}@example.bank"


@tagged("post_install", "-at_install")
class TestPayments(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "example_payments", groups="test_g2p_spar_pbms.group_payments"
        )
        cls.registry_sudo = cls.env["g2p.spar.mapper"].sudo()  # what others do to it
        cls.registry_sudo.link(
            [LinkItem(str(n), person(n), address(n)) for n in range(PEOPLE)]
        )
        cls.cycle = cls.env["test.spar.cycle"].with_user(cls.user).create({"name": "1"})

    def prepare(self, count, start=0):
        people = range(start, start + count)
        return self.cycle.prepare_payments([(person(n), 10.0) for n in people])

    def cost_of(self, function, *args):
        """How many statements a call needs, with warm caches."""
        before = self.env.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_thousand_are_prepared_with_their_snapshot(self):
        payments = self.prepare(PEOPLE)
        self.assertEqual(len(payments), PEOPLE)
        self.assertEqual(set(payments.mapped("state")), {"ready"})
        self.assertEqual(payments[7].fa, address(7))
        self.assertEqual(set(payments.mapped("mapping_version")), {1})
        self.assertEqual(len(set(payments.mapped("mapping_id"))), PEOPLE)

    def test_the_parts_come_along(self):
        kind = self.env["g2p.spar.provider.kind"].create(
            {"name": "K", "code": "pbms_k"}
        )
        provider = self.env["g2p.spar.provider"].create(
            {"name": "Example Bank", "code": "pbmsbank", "kind_id": kind.id}
        )
        parts = [
            {"name": "number", "label": "Number", "source": "typed"},
            {"name": "bank", "label": "Bank", "source": "provider"},
        ]
        fa_type = self.env["g2p.spar.fa.type"].create(
            {
                "name": "Example account",
                "code": "PBMS_ACCOUNT",
                "kind_id": kind.id,
                "part_ids": [(0, 0, part) for part in parts],
            }
        )
        self.env["g2p.spar.strategy"].create(
            {
                "name": "Example",
                "number": 9100,
                "fa_type_id": fa_type.id,
                "template": "example:{number}@{bank}.pbms",
            }
        )
        item = LinkItem("1", person("x"), "example:123@pbmsbank.pbms")
        self.registry_sudo.link([item])
        payment = self.cycle.prepare_payments([(person("x"), 5.0)])
        self.assertEqual(payment.fa_parts, {"number": "123", "bank": "pbmsbank"})
        self.assertEqual(payment.provider_id, provider)

    def test_the_registry_is_asked_once_whatever_the_number(self):
        costs = [
            self.cost_of(self.cycle._resolve, [person(n) for n in range(count)])
            for count in (1, 10, PEOPLE)
        ]
        self.assertEqual(costs[1:], [1, 1])

    def test_only_the_payments_own_rows_cost_more(self):
        self.prepare(1)
        few, many = (self.cost_of(self.prepare, count) for count in (10, PEOPLE))
        self.assertEqual(many - few, ceil(PEOPLE / INSERT_BATCH_SIZE) - 1)

    def test_who_cannot_be_paid_is_held_with_the_reason(self):
        self.registry_sudo.hold([StepItem("1", person(1))], STAFF)
        self.registry_sudo.suspend([StepItem("2", person(2))], STAFF)
        self.registry_sudo.unlink([UnlinkItem("3", person(3))], STAFF)
        people = [person(n) for n in (0, 1, 2, 3, "nobody")] + [""]
        payments = self.cycle.prepare_payments([(one or "-", 1.0) for one in people])
        self.assertEqual(payments[0].state, "ready")
        for payment, word in zip(
            payments[1:],
            ("on_hold", "suspended", "No address", "No address", "No address"),
            strict=True,
        ):
            with self.subTest(beneficiary=payment.beneficiary):
                self.assertEqual(payment.state, "held")
                self.assertIn(word, payment.hold_reason)
                self.assertFalse(payment.fa)

    def test_what_changed_before_sending_is_caught(self):
        payments = self.prepare(6)
        self.registry_sudo.update([UpdateItem("1", person(1), address(4711))], STAFF)
        self.registry_sudo.hold([StepItem("2", person(2))], STAFF)
        self.registry_sudo.unlink([UnlinkItem("3", person(3))], STAFF)

        sent = self.cycle.send_payments()

        self.assertEqual(sent, payments[0] + payments[4] + payments[5])
        self.assertEqual(set(payments[1:4].mapped("state")), {"held"})
        self.assertIn("changed", payments[1].hold_reason)
        self.assertEqual(payments[1].fa, address(1))

    def test_sending_asks_once(self):
        self.prepare(1)
        self.cycle.send_payments()
        costs = []
        for count in (10, 400):
            self.prepare(count)
            self.env.invalidate_all()
            costs.append(self.cost_of(self.cycle.send_payments))
        self.assertEqual(costs[1] - costs[0], ceil(400 / UPDATE_BATCH_SIZE) - 1)

    def test_a_snapshot_is_for_ever(self):
        payment = self.prepare(1)
        for name, value in (
            ("fa", "x"),
            ("mapping_version", 2),
            ("provider_id", False),
        ):
            with self.subTest(field=name), self.assertRaises(UserError):
                payment.write({name: value})
        self.registry_sudo.update([UpdateItem("1", person(0), address(4711))], STAFF)
        self.assertEqual(payment.fa, address(0))

    def test_the_payment_user_sees_no_table_of_the_registry(self):
        for model in ("g2p.spar.mapping", "g2p.spar.mapping.version"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user).search([])

    def test_without_the_right_the_registry_answers_nobody(self):
        user = new_test_user(self.env, "example_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.cycle.with_user(user)._resolve([person(1)])
