import time

from odoo.tests import TransactionCase
from odoo.tools import SQL

MANY = 20_000


class TestBranchSearch(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["g2p.spar.provider.kind"].create(
            {"name": "Kind of the search", "code": "search_kind"}
        )
        cls.bank, cls.other = cls.env["g2p.spar.provider"].create(
            [
                {"name": "Banque d'Été", "code": "ete", "kind_id": cls.kind.id},
                {"name": "Other Bank", "code": "other1", "kind_id": cls.kind.id},
            ]
        )
        rows = (
            ("Market Road", "MK-01", "Nairobi"),
            ("Main Street", "MS-02", "Mombasa"),
            ("São João", "SJ-03", "Mombasa"),
            ("MK", "ZZ-99", "Kisumu"),
        )
        cls.env["g2p.spar.branch"].create(
            [
                {"name": n, "code": c, "place": p, "provider_id": cls.bank.id}
                for n, c, p in rows
            ]
        )
        cls.env["g2p.spar.branch"].create(
            {"name": "Market", "code": "MK-01", "provider_id": cls.other.id}
        )

    def find(self, query, limit=20):
        domain = [("provider_id", "=", self.bank.id)]
        found = self.env["g2p.spar.branch"].find_by_words(query, domain, limit)
        return found.mapped("name")

    def test_name_code_and_place_find_a_branch_of_its_own_bank_only(self):
        table = (
            ("market", ["Market Road"]),
            ("ROAD mar", ["Market Road"]),
            ("mombasa", ["Main Street", "São João"]),
            ("sao", ["São João"]),
            ("m", ["Main Street", "Market Road", "MK", "São João"]),
            ("mk01", ["Market Road"]),
            ("mk-01", ["Market Road"]),
            ("", ["MK", "Main Street", "Market Road", "São João"]),
            ("%", []),
            ("_K-01", []),
            ("' OR 1=1 --", []),
            ("x" * 10_000, []),
        )
        for query, names in table:
            with self.subTest(query=query[:20]):
                self.assertEqual(self.find(query), names)

    def test_the_branch_of_that_very_code_comes_first(self):
        self.assertEqual(self.find("zz-99 "), ["MK"])
        self.assertEqual(self.find("MK-01", limit=1), ["Market Road"])

    def test_no_more_than_the_limit_come_back(self):
        self.assertEqual(len(self.find("m", limit=2)), 2)

    def test_an_archived_branch_is_not_found(self):
        self.env["g2p.spar.branch"].search([("code", "=", "MS-02")]).active = False
        self.assertEqual(self.find("main"), [])

    def test_a_new_name_is_found_at_once(self):
        branch = self.env["g2p.spar.branch"].search([("code", "=", "MS-02")])
        branch.name = "Harbour"
        self.assertEqual(self.find("harb"), ["Harbour"])
        self.assertEqual(self.find("main"), [])

    def test_a_provider_is_found_in_the_same_way(self):
        providers = self.env["g2p.spar.provider"]
        found = providers.find_by_words("ete", [("kind_id", "=", self.kind.id)], 5)
        self.assertEqual(found, self.bank)

    def test_names_that_begin_with_what_was_typed_come_first(self):
        self.assertEqual(self.find("ma", limit=2), ["Main Street", "Market Road"])
        self.assertEqual(self.find("mo"), ["Main Street", "São João"])
        self.assertEqual(self.find("s", limit=1), ["São João"])
        self.assertEqual(self.find("s"), ["São João", "Main Street"])

    def test_a_code_finds_its_branch_in_capitals_or_not(self):
        branches = self.env["g2p.spar.branch"]
        domain = [("provider_id", "=", self.bank.id)]
        self.assertEqual(branches.find_by_code("mk-01", domain).name, "Market Road")
        self.assertFalse(branches.find_by_code("mk", domain))

    def test_a_search_takes_three_statements_whatever_there_is(self):
        self.find("warm")
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.find("market")
        with self.assertQueryCount(3):
            found = self.env["g2p.spar.branch"].find_by_words(
                "market", [("provider_id", "=", self.bank.id)], 20
            )
            # They come with what is shown of them.
            found.mapped(lambda one: (one.name, one.code, one.place))

    def _store_many(self):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO g2p_spar_branch
                    (provider_id, name, code, active, search_key)
                SELECT %s, 'N' || md5(n::text), 'C' || n, true,
                       ' n' || md5(n::text) || ' c' || n
                FROM generate_series(1, %s) n
                """,
                self.bank.id,
                MANY,
            )
        )
        self.env.cr.execute("ANALYZE g2p_spar_branch")

    def test_the_words_use_an_index_among_many(self):
        self._store_many()
        domain = [("provider_id", "=", self.bank.id)]
        started = time.monotonic()
        for query in ("c1999", "n", "nothing"):
            self.env["g2p.spar.branch"].find_by_words(query, domain, 20)
        # Generous: without an index, each took a look at every row and a sort.
        self.assertLess(time.monotonic() - started, 1)
        if not self.env.registry.has_trigram:
            return
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM g2p_spar_branch WHERE provider_id = %s"
            " AND active AND search_key LIKE '%% c1999%%' ORDER BY name, id LIMIT 20",
            (self.bank.id,),
        )
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("search_key_trgm", plan)

    def test_the_first_of_many_are_read_in_their_order(self):
        self._store_many()
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM g2p_spar_branch WHERE provider_id = %s"
            " AND active IS TRUE AND search_key COLLATE \"C\" LIKE ' n%%'"
            ' ORDER BY search_key COLLATE "C" LIMIT 20',
            (self.bank.id,),
        )
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("provider_search_idx", plan)
        self.assertNotIn("Sort", plan)
