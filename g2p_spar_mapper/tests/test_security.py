from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BANK_FA, NATIONAL_ID, MapperCase, account_of
from .roles import (
    MANAGERS,
    NOBODY,
    READERS,
    REFERENCE_MODELS,
    ROLES,
    STAFF,
    WHOLE_OF_MAPPING,
    WHOLE_OF_VERSION,
    RolesMixin,
)

MAPPING, VERSION = "g2p.spar.mapping", "g2p.spar.mapping.version"


@tagged("post_install", "-at_install")
class TestSecurity(RolesMixin, MapperCase):
    """Role by operation: each cell is tried, allowed or refused."""

    def setUp(self):
        super().setUp()
        self.link("amina", phone_number="+254712345678", name="Amina")
        self.amina = self.mapping("amina")

    # === READING MAPPINGS === #

    def test_who_reads_masked_fields(self):
        for field in ("id_masked", "fa_masked", "phone_masked", "state", "name"):
            self.check(
                READERS,
                lambda env, field=field: env[MAPPING].search([]).read([field]),
                label=f"read {field}",
            )

    def test_who_reads_whole_fields(self):
        for field in WHOLE_OF_MAPPING:
            self.check(
                STAFF,
                lambda env, field=field: self.amina.with_env(env).read([field]),
                label=f"read {field}",
            )

    def test_masked_fields_do_not_tell_the_number(self):
        number = account_of("amina")
        for role in READERS:
            mapping = self.amina.with_user(self.users[role])
            values = mapping.read(["id_masked", "fa_masked", "phone_masked"])[0]
            with self.subTest(role=role):
                self.assertNotIn(number[:-4], str(values))
                self.assertNotIn("254712345", str(values))

    def test_who_searches_by_stored_numbers(self):
        for field in ("id_value", "id_key", "fa_value", "fa_key", "phone"):
            for operator, text in (("=", BANK_FA % 1), ("ilike", "1"), ("=like", "a%")):
                self.check(
                    STAFF,
                    lambda env, d=(field, operator, text): env[MAPPING].search([d]),
                    label=f"search {field} {operator}",
                )

    def test_who_searches_history_by_numbers(self):
        for field in ("mapping_id.fa_value", "mapping_id.id_key", "after", "before"):
            self.check(
                STAFF,
                lambda env, field=field: env[VERSION].search([(field, "!=", False)]),
                label=f"search {field}",
            )

    def test_who_orders_and_groups_by_numbers(self):
        operations = {
            "order": lambda env: env[MAPPING].search([], order="fa_value"),
            "group": lambda env: env[MAPPING].formatted_read_group([], ["fa_value"]),
            "collect": lambda env: env[MAPPING]._read_group(
                [], [], ["fa_value:array_agg"]
            ),
            "history": lambda env: env[VERSION].search([], order="after"),
        }
        for label, operation in operations.items():
            self.check(STAFF, operation, label=label)

    def test_who_counts(self):
        for group in ("provider_id", "effective_state", "channel", "linked_at:month"):
            self.check(
                READERS,
                lambda env, group=group: env[MAPPING].formatted_read_group(
                    [], [group], ["__count"]
                ),
                label=f"count by {group}",
            )

    def test_who_looks_a_person_up(self):
        for field, text in (
            ("lookup_id", NATIONAL_ID % "amina"),
            ("lookup_fa", BANK_FA % account_of("amina")),
        ):
            self.check(
                READERS,
                lambda env, d=(field, "=", text): self.assertEqual(
                    env[MAPPING].search([d]).ids, self.amina.ids
                ),
                label=f"look up {field}",
            )

    def test_a_name_search_needs_the_whole_id(self):
        model = self.env[MAPPING].with_user(self.users["viewer"])
        self.assertEqual(len(model.name_search(NATIONAL_ID % "amina")), 1)
        self.assertEqual(model.name_search("token:ami"), [])
        self.assertEqual(model.name_search(account_of("amina")), [])

    def test_who_exports_what(self):
        export = self.env.ref("base.group_allow_export")
        for user in self.users.values():
            if user.has_group("base.group_user"):
                user.group_ids += export
        rows = [("id_masked", READERS), ("fa_value", STAFF), ("id_value", STAFF)]
        for field, allowed in rows:
            self.check(
                allowed,
                lambda env, field=field: self.amina.with_env(env).export_data([field]),
                label=f"export {field}",
                refusal=UserError,
            )

    def test_without_the_right_to_export_nobody_exports(self):
        for role in READERS:
            with self.subTest(role=role), self.assertRaises(UserError):
                self.amina.with_user(self.users[role]).export_data(["id_masked"])

    # === HISTORY === #

    def test_who_reads_history(self):
        for field in ("step", "reason", "fa_after_masked", "changed_fields"):
            self.check(
                READERS,
                lambda env, field=field: env[VERSION].search([]).read([field]),
                label=f"read {field}",
            )
        for field in WHOLE_OF_VERSION:
            self.check(
                STAFF,
                lambda env, field=field: self.amina.version_ids.with_env(env).read(
                    [field]
                ),
                label=f"read {field}",
            )

    # === WRITING PAST THE SERVICE === #

    def test_nobody_writes_tables(self):
        for records in (self.amina, self.amina.version_ids):
            operations = {
                "create": lambda env, r=records: r.with_env(env).create({}),
                "write": lambda env, r=records: r.with_env(env).write({"version": 9}),
                "unlink": lambda env, r=records: r.with_env(env).unlink(),
                "copy": lambda env, r=records: r.with_env(env).copy(),
                "load": lambda env, r=records: self.load(r.with_env(env)),
            }
            for label, operation in operations.items():
                self.check(NOBODY, operation, label=f"{records._name} {label}")

    def load(self, records):
        """Import rows the way the import screen does."""
        result = records.load(["version"], [["7"]])
        if result["messages"]:
            raise AccessError(result["messages"][0]["message"])

    # === DIALOGS === #

    def test_who_opens_dialogs(self):
        for model, allowed in (
            ("g2p.spar.mapping.change", STAFF),
            ("g2p.spar.mapping.import", MANAGERS),
        ):
            self.check(
                allowed,
                lambda env, model=model: env[model].create(
                    {"operation": "hold"} if model.endswith("change") else {}
                ),
                label=f"create {model}",
            )

    def test_who_takes_which_step_in_the_dialog(self):
        steps = {
            "hold": STAFF,
            "release": MANAGERS,
            "suspend": STAFF,
            "reinstate": MANAGERS,
            "unlink": STAFF,
        }
        before = {"release": "hold", "reinstate": "suspend"}
        for number, (operation, allowed) in enumerate(steps.items()):
            for role in ROLES:
                name = f"p{number}{role}"
                self.link(name)
                if operation in before:
                    self.step(before[operation], name)
                with self.subTest(operation=operation, role=role):
                    self.try_dialog(operation, name, role, role in allowed)

    def try_dialog(self, operation, name, role, allowed):
        """Take a step in the dialog and compare what became of the mapping."""
        mapping = self.mapping(name)
        version = mapping.version
        model = self.env["g2p.spar.mapping.change"].with_user(self.users[role])
        model = model.with_context(default_mapping_ids=mapping.ids)
        values = {"operation": operation, "reason": "Because"}
        if allowed:
            model.create(values).action_apply()
        else:
            with self.assertRaises(AccessError), self.cr.savepoint():
                model.create(values).action_apply()
        self.assertEqual(mapping.version, version + 1 if allowed else version)

    # === REFERENCE DATA === #

    def test_who_reads_reference_data(self):
        for model in REFERENCE_MODELS:
            self.check(
                READERS,
                lambda env, model=model: env[model].search([], limit=1).read(),
                label=f"read {model}",
            )

    def test_who_writes_reference_data(self):
        for model in REFERENCE_MODELS:
            record = self.env[model].search([], limit=1)
            operations = {
                "write": lambda env, r=record: r.with_env(env).check_access("write"),
                "create": lambda env, r=record: r.with_env(env).check_access("create"),
                "unlink": lambda env, r=record: r.with_env(env).check_access("unlink"),
            }
            for label, operation in operations.items():
                self.check(MANAGERS, operation, label=f"{label} {model}")

    def test_who_imports_reference_data(self):
        self.check(
            MANAGERS,
            lambda env: env["g2p.spar.reference.import"].create({}),
            label="create g2p.spar.reference.import",
        )
