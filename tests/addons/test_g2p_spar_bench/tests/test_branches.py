from odoo.tests import TransactionCase, tagged

from odoo.addons.g2p_spar_portal.models.g2p_spar_change_form import MOST_FOUND

from ..reference import make_reference
from .common import bench_module

branches = bench_module("branches")
rows = bench_module("rows")

#: Numbers where a name, a kind or a district is another one.
STARTS = (0, 395, 7_995, 55_995, branches.COUNT - 10)
COLUMNS = ("name", "code", "place", "active", "search_key", "provider_id")


@tagged("post_install", "-at_install")
class TestBranches(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        codes = [*rows.provider_codes(), branches.PROVIDER]
        make_reference(cls.env, rows.STRATEGY, list(dict.fromkeys(codes)))
        cls.provider = cls.env["g2p.spar.provider"].search(
            [("code", "=", branches.PROVIDER)]
        )
        cls.env.flush_all()

    def _read(self, start):
        """Branches as they are stored."""
        codes = [branches.code_of(i) for i in range(start, start + 10)]
        self.env["g2p.spar.branch"].flush_model()
        self.env.cr.execute(
            "SELECT name, code, place, active, search_key, provider_id"
            " FROM g2p_spar_branch WHERE provider_id = %s AND code = ANY(%s)"
            " ORDER BY code",
            (self.provider.id, codes),
        )
        return [dict(zip(COLUMNS, r, strict=True)) for r in self.env.cr.fetchall()]

    def _create(self, start):
        self.env["g2p.spar.branch"].create(
            [
                {
                    "name": branches.name_of(i),
                    "code": branches.code_of(i),
                    "place": branches.place_of(i),
                    "provider_id": self.provider.id,
                }
                for i in range(start, start + 10)
            ]
        )

    def test_seeding_writes_what_the_service_writes(self):
        for start in STARTS:
            with self.env.cr.savepoint() as savepoint:
                self._create(start)
                written = self._read(start)
                savepoint.rollback()
            self.env.invalidate_all()
            self.assertEqual(self._read(start), [])
            branches.write_branches(self.env.cr, self.provider.id, start, start + 10)
            self.assertEqual(len(written), 10)
            self.assertEqual(self._read(start), written)

    def test_a_list_ends_where_the_portal_ends_it(self):
        self.assertEqual(branches.MOST_FOUND, MOST_FOUND)
