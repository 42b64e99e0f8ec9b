from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.roles import MANAGERS, create_users

from .common import IntakeCase

OPERATIONS = ("read", "write", "create", "unlink")
MATRIX = {
    "g2p.spar.intake": (("read", "write"), ("read",)),
    "g2p.spar.intake.column": (("read", "write"), ("read",)),
    "g2p.spar.intake.constant": (OPERATIONS, ("read",)),
    "g2p.spar.intake.preview": (("read", "write", "create"), ()),
    "g2p.spar.intake.preview.line": (("read", "write", "create"), ()),
    "g2p.spar.intake.part": ((), ()),
    "g2p.spar.intake.memory": ((), ()),
    "g2p.spar.export": (("read", "create"), ("read", "create")),
}
#: What officers may beside managers.
OFFICER = {"g2p.spar.export": ("read", "create")}
BUTTONS = (
    "action_preview",
    "action_try",
    "action_run",
    "action_pause",
    "action_resume",
    "action_cancel",
)


@tagged("post_install", "-at_install")
class TestSecurity(IntakeCase):
    """Who may bring lists in, see them and stop them."""

    def setUp(self):
        super().setUp()
        self.users = create_users(self.env(su=True))

    def test_each_role_has_just_its_rights(self):
        for model, (manager, auditor) in MATRIX.items():
            rights = dict.fromkeys(MANAGERS, manager) | {
                "auditor": auditor,
                "officer": OFFICER.get(model, ()),
            }
            for role, user in self.users.items():
                table = self.env[model].with_user(user)
                found = tuple(op for op in OPERATIONS if table.has_access(op))
                with self.subTest(role, model=model):
                    self.assertEqual(found, rights.get(role, ()))

    def test_buttons_and_the_door_are_the_managers(self):
        intake = self.upload(self.row("a"))
        for role, user in self.users.items():
            if role in MANAGERS:
                continue
            own = intake.with_user(user)
            for button in BUTTONS:
                with self.subTest(role, button=button), self.assertRaises(AccessError):
                    getattr(own, button)()
            with self.subTest(role), self.assertRaises(AccessError):
                own.receive("x.csv", [b"id,fa\n1,2\n"])
            with self.subTest(role), self.assertRaises(AccessError):
                list(own.read_refused())
        self.assertEqual(intake.state, "draft")

    def test_manager_writes_what_the_columns_mean_and_nothing_else(self):
        intake = self.upload(self.row("a"))
        for vals in (
            {"state": "done"},
            {"total": 0},
            {"completed": 5},
            {"user_id": 1},
            {"runner_id": 1},
            {"name_on_disk": "x"},
            {"digest": "x"},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                intake.write(vals)
        intake.action_run()
        for record, vals in (
            (intake, {"operation": "unlink"}),
            (intake.column_ids[0], {"target": "name"}),
        ):
            with self.assertRaises(UserError):
                record.write(vals)

    def test_columns_and_fixed_parts_stay_what_and_where_they_are(self):
        running, other = self.upload(self.row("a")), self.upload(self.row("b"))
        running.action_run()
        column = other.column_ids[0]
        fixed = self.env["g2p.spar.intake.constant"].create(
            {
                "intake_id": other.id,
                "part_id": self.fa_type.part_ids[0].id,
                "value": "x",
            }
        )
        for record, vals in (
            (column, {"intake_id": running.id}),
            (column, {"number": 2}),
            (column, {"name": "x"}),
            (column, {"example": "x"}),
            (fixed, {"intake_id": running.id}),
            (other, {"column_ids": [(4, running.column_ids[0].id)]}),
            (other, {"column_ids": [(2, column.id)]}),
            (running, {"column_ids": [(1, column.id, {"target": "name"})]}),
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                record.write(vals)
        fixed.value = "y"
        column.write({"target": "name", "part_id": False, "info_name": False})
        self.assertEqual(len(running.column_ids), 2)

    def test_secrets_are_not_read_over_rpc(self):
        intake = self.upload(self.row("a"))
        for name in ("sealed_key", "name_on_disk", "offset", "clashes"):
            with self.subTest(name), self.assertRaises(AccessError):
                intake.read([name])

    def test_private_methods(self):
        for model, names in {
            "g2p.spar.intake": ("receive", "read_refused", "work_off"),
            "g2p.spar.mapper": ("foresee", "is_foreseeing"),
            "g2p.spar.intake.memory": ("remember", "recall"),
            "g2p.spar.intake.part": ("keep", "read_parts"),
            "g2p.spar.wake": ("after_commit", "ensure", "sweep"),
        }.items():
            for name in names:
                method = getattr(type(self.env[model]), name)
                self.assertTrue(getattr(method, "_api_private", False), name)

    def test_a_context_of_a_caller_does_not_turn_writing_off(self):
        mapper = self.mapper().with_context(g2p_spar_foreseeing=True)
        self.assertFalse(mapper.is_foreseeing())
