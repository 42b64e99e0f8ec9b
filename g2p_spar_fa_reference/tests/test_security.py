from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ReferenceCommon

USER = "g2p_spar_fa_reference.g2p_spar_fa_reference_group_user"
MANAGER = "g2p_spar_fa_reference.g2p_spar_fa_reference_group_manager"
OPERATIONS = ("read", "write", "create", "unlink")
#: Role -> operations it may do on each table of reference data.
MATRIX = {
    "base.group_portal": (),
    "base.group_public": (),
    "base.group_user": (),
    "base.group_system": (),
    USER: ("read",),
    MANAGER: OPERATIONS,
}
MODELS = (
    "g2p.spar.provider.kind",
    "g2p.spar.provider",
    "g2p.spar.branch",
    "g2p.spar.fa.type",
    "g2p.spar.fa.part",
    "g2p.spar.strategy",
    "g2p.spar.id.type",
)
WIZARDS = ("g2p.spar.reference.import", "g2p.spar.reference.import.problem")


@tagged("post_install", "-at_install")
class TestSecurity(ReferenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"role_{number}", groups=role)
            for number, role in enumerate(MATRIX)
        }
        cls.records = {
            "g2p.spar.provider.kind": cls._create_kind(code="spare"),
            "g2p.spar.provider": cls.provider,
            "g2p.spar.branch": cls._create_branch(),
            "g2p.spar.fa.type": cls.fa_type,
            "g2p.spar.fa.part": cls.fa_type.part_ids[0],
            "g2p.spar.strategy": cls._create_strategy(),
            "g2p.spar.id.type": cls._create_id_type(),
        }

    def test_matrix(self):
        for role, allowed in MATRIX.items():
            for model in (*MODELS, *WIZARDS):
                wanted = allowed
                if model in WIZARDS and role == USER:
                    wanted = ()
                found = tuple(
                    operation
                    for operation in OPERATIONS
                    if self.env[model].with_user(self.users[role]).has_access(operation)
                )
                with self.subTest(f"{role} {model}"):
                    self.assertEqual(found, wanted)

    def test_matrix_on_records(self):
        for role, allowed in MATRIX.items():
            for model, record in self.records.items():
                record = record.with_user(self.users[role])
                field = "label" if model == "g2p.spar.fa.part" else "name"
                for operation, action in (
                    ("read", lambda record=record, field=field: record.read([field])),
                    (
                        "write",
                        lambda record=record, field=field: record.write({field: "X"}),
                    ),
                ):
                    with self.subTest(f"{role} {model} {operation}"):
                        if operation in allowed:
                            self.assertTrue(action())
                        else:
                            with mute_logger("odoo.models"):
                                self.assertRaises(AccessError, action)

    def test_a_reader_does_not_delete(self):
        for model, record in self.records.items():
            record = record.with_user(self.users[USER])
            with self.subTest(model), self.assertRaises(AccessError):
                record.unlink()

    def test_the_picture_is_not_offered_over_rpc(self):
        strategy = self.env["g2p.spar.strategy"].with_user(self.users[MANAGER])
        self.assertTrue(getattr(type(strategy).get_reference, "_api_private", False))
