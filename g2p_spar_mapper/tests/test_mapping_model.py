from psycopg2 import errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import BANK_FA, NATIONAL_ID, MapperCase, account_of


@tagged("post_install", "-at_install")
class TestMappingModel(MapperCase):
    def test_nobody_writes_around_the_service(self):
        self.link("ana")
        mapping = self.mapping("ana")
        version = mapping.version_ids
        for records in (mapping, version):
            with self.subTest(model=records._name):
                with self.assertRaises(AccessError):
                    records.create({})
                with self.assertRaises(AccessError):
                    records.write({"version": 7})
                with self.assertRaises(AccessError):
                    records.unlink()

    def test_masked_forms(self):
        self.link("ana", phone_number="+639171234567")
        mapping = self.mapping("ana")
        self.assertNotIn(account_of("ana"), mapping.fa_masked)
        self.assertIn("testbank", mapping.fa_masked)
        self.assertNotIn("1712345", mapping.phone_masked)
        self.assertEqual(mapping.display_name, mapping.id_masked)

    def test_viewer_sees_masked_numbers_only(self):
        self.link("ana")
        mapping = self.mapping("ana").with_user(self.viewer)
        self.assertTrue(mapping.fa_masked)
        for field in ("fa_value", "fa_key", "fa_parts", "id_value", "phone"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                mapping[field]

    def test_lookup_finds_whole_values_only(self):
        self.link("ana")
        mapping_model = self.env["g2p.spar.mapping"].with_user(self.viewer)
        ana = self.mapping("ana")
        fa = BANK_FA % account_of("ana")
        table = [
            ("lookup_id", NATIONAL_ID % "ana", ana),
            ("lookup_id", NATIONAL_ID % "an", ana.browse()),
            ("lookup_fa", fa, ana),
            ("lookup_fa", fa.upper(), ana),
            ("lookup_fa", fa[:20], ana.browse()),
        ]
        for field, text, expected in table:
            with self.subTest(field=field, text=text):
                found = mapping_model.search([(field, "ilike", text)])
                self.assertEqual(found.sudo(), expected)

    def test_a_provider_in_use_cannot_be_deleted(self):
        self.link("ana")
        with self.assertRaises(UserError):
            self.provider.unlink()
        self.provider.active = False
        self.assertEqual(self.mapping("ana").provider_id, self.provider)

    def test_the_database_guards_what_mappings_refer_to(self):
        self.link("ana")
        used = (self.provider, self.branch, self.strategy, self.fa_type, self.api_user)
        for record in (*used, self.mapping("ana").id_type_id):
            with (
                self.subTest(model=record._name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.ForeignKeyViolation),
                self.cr.savepoint(),
            ):
                self.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE id = %s",
                        SQL.identifier(record._table),
                        record.id,
                    )
                )

    def test_what_is_not_in_use_can_be_deleted(self):
        unused = self.provider.copy({"name": "Unused", "code": "unused"})
        unused.unlink()
        self.assertFalse(unused.exists())
