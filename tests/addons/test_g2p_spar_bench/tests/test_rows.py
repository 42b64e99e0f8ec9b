from odoo.tests import TransactionCase, tagged

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin, ResolveItem
from odoo.addons.g2p_spar_mapper.models.statements import read_for_resolve

from ..reference import make_reference
from .common import bench_module

floor = bench_module("floor")
rows = bench_module("rows")
seed = bench_module("seed")

#: Columns that name one row, one call or one moment.
OF_ITS_OWN = {
    "id",
    "mapping_id",
    "linked_at",
    "changed_at",
    "transaction_id",
    "reference_id",
}


@tagged("post_install", "-at_install")
class TestRows(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_reference(cls.env, rows.STRATEGY, rows.provider_codes())
        cls.env.flush_all()

    def _series(self, start, stop):
        self.env.cr.execute(rows.SERIES, {"start": start, "stop": stop})
        names = [column.name for column in self.env.cr.description]
        return [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]

    def _both(self, number):
        """Mapping and history line of a row, without ids and moments."""
        self.env.cr.execute(
            """
            SELECT to_jsonb(m), to_jsonb(v) FROM g2p_spar_mapping m
            JOIN g2p_spar_mapping_version v ON v.mapping_id = m.id
            WHERE m.id_key = %s
            """,
            (rows.id_key_of(number),),
        )
        (pair,) = self.env.cr.fetchall()
        return [
            {name: value for name, value in row.items() if name not in OF_ITS_OWN}
            for row in pair
        ]

    def test_sql_and_python_make_the_same_rows(self):
        starts = (0, 490, 999_990, rows.UPDATE_FROM, rows.UNLINK_FROM + 89_999_990)
        for start in starts:
            found = self._series(start, start + 20)
            self.assertEqual([row["i"] for row in found], [*range(start, start + 20)])
            for row in found:
                i = row["i"]
                address = "account:{account}@{branch}.{bank}.bank_acc".format(**row)
                self.assertEqual(row["id_value"], rows.id_of(i))
                self.assertEqual(row["id_key"], rows.id_key_of(i))
                self.assertEqual(address, rows.fa_of(i))
                self.assertEqual(row["name"], rows.name_of(i))
                self.assertEqual(row["phone"], rows.phone_of(i))

    def test_seeding_writes_what_the_service_writes(self):
        number = 123_456
        with self.env.cr.savepoint() as savepoint:
            self._link(number)
            written = self._both(number)
            savepoint.rollback()
        seed.write_rows(self.env.cr, seed.read_reference(self.env.cr), number, count=1)

        self.assertEqual(self._both(number), written)

    def test_the_floor_reads_what_the_service_reads(self):
        seed.write_rows(self.env.cr, seed.read_reference(self.env.cr), 5, count=3)
        keys = [rows.id_key_of(i) for i in (4, 5, 6, 7)]

        served = read_for_resolve(self.env.execute_query, keys, with_parts=False)
        text = floor.SEPARATOR.join(keys)
        self.env.cr.execute(floor.QUERY, (text, floor.SEPARATOR))

        # The service has a last column for the parts, which is empty here.
        self.assertEqual(
            sorted(self.env.cr.fetchall()), sorted(row[:-1] for row in served.values())
        )
        self.assertEqual(len(served), 3)

    def test_the_service_finds_what_was_seeded(self):
        seed.write_rows(self.env.cr, seed.read_reference(self.env.cr), 5, count=2)
        items = [ResolveItem(str(i), rows.id_of(i), details=True) for i in (5, 6, 7)]

        outcomes = self.env["g2p.spar.mapper"].resolve(items)

        found = [(outcome.payable, outcome.fa) for outcome in outcomes]
        self.assertEqual(
            found, [(True, rows.fa_of(5)), (True, rows.fa_of(6)), (False, None)]
        )

    def _link(self, number):
        item = LinkItem(
            "1",
            rows.id_of(number),
            rows.fa_of(number),
            rows.name_of(number),
            rows.phone_of(number),
        )
        api_user = self.env.ref("g2p_spar_connect_api.user_api")
        mapper = self.env["g2p.spar.mapper"].with_user(api_user)
        (outcome,) = mapper.link([item], Origin(sender=seed.SENDER))
        self.assertTrue(outcome.succeeded, outcome)
