import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import CheckItem
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, STAFF
from odoo.addons.g2p_spar_mapper.tests.roles import READERS, ROLES, create_users

from ..models.g2p_spar_dashboard import PERIODS
from .common import ReportCase


@tagged("post_install", "-at_install")
class TestDashboard(ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)

    def figures(self, days=30, role="viewer"):
        return (
            self.env["g2p.spar.dashboard"].with_user(self.users[role]).get_figures(days)
        )

    def block(self, title, **kw):
        (found,) = [b for b in self.figures(**kw)["blocks"] if b["title"] == title]
        return found

    def test_who_sees_figures(self):
        for role in ROLES:
            with self.subTest(role=role):
                if role in READERS:
                    self.assertTrue(self.figures(role=role)["blocks"])
                else:
                    with self.assertRaises(AccessError):
                        self.figures(role=role)

    def test_who_counts_anew(self):
        for role in ROLES:
            board = self.env["g2p.spar.dashboard"].with_user(self.users[role])
            with self.subTest(role=role):
                if role in READERS:
                    board.count_now()
                else:
                    with self.assertRaises(AccessError):
                        board.count_now()

    def test_only_the_periods_of_the_page(self):
        for days in PERIODS:
            block = self.block("Changes a day", days=days)
            self.assertEqual(len(block["days"]), days)
            self.assertEqual({len(line["values"]) for line in block["lines"]}, {days})
        for days in (0, -1, 10**9, "30", None):
            with self.subTest(days=days), self.assertRaises(UserError):
                self.figures(days)

    def test_days_are_those_of_the_figure_wherever_the_reader_is(self):
        with self.on(30, 20):
            self.link("amina")
        with self.on(29, 1):
            self.link("biru")
        self.count()
        action = self.block("Changes a day")["action"]
        versions = self.env["g2p.spar.mapping.version"]
        for zone in ("UTC", "Asia/Manila", "America/Lima"):
            found = versions.with_context(tz=zone).search(action["domain"])
            with self.subTest(zone):
                self.assertIn(self.mapping("biru"), found.mapping_id)
                self.assertNotIn(self.mapping("amina"), found.mapping_id)

    def test_figures_of_a_small_registry(self):
        linked = sum(self.before.get(s, 0) for s in ("active", "on_hold", "suspended"))
        with self.on(3):
            self.link("amina", "biru", "chala")
        with self.on(1):
            self.step("suspend", "biru")
            self.mapper().unlink(self.unlink_items("chala"))
        self.count()
        tiles = {one["label"]: one for one in self.block("Now")["tiles"]}
        self.assertEqual(tiles["Linked IDs"]["value"], linked + 2)
        self.assertEqual(tiles["Disputed"]["note"], "+1 in 30 days")
        bars = {one["label"]: one for one in self.block("By provider")["bars"]}
        self.assertEqual(bars["Test Bank"]["value"], 2)
        values = self.block("Linked IDs over time")["lines"][0]["values"]
        self.assertEqual(values[-3:], [linked + 3, linked + 2, linked + 2])

    def test_a_registry_younger_than_the_period_has_grown_from_nothing(self):
        self.env.cr.execute("DELETE FROM g2p_spar_tally_total")
        self.env.cr.execute(
            "INSERT INTO g2p_spar_tally_total (day, state, mappings)"
            " VALUES (%s, 'active', 7)",
            [self.today],
        )
        values = self.block("Linked IDs over time")["lines"][0]["values"]
        self.assertEqual(values, [0] * 29 + [7])
        (tile, *_others) = self.block("Now")["tiles"]
        self.assertEqual(tile["note"], "+7 in 30 days")

    def test_a_figure_opens_what_it_counts(self):
        self.link("amina", "biru")
        self.step("suspend", "biru")
        self.link("dawit", "eden", fa=BANK_FA % "4711")
        check = CheckItem("1", NATIONAL_ID % "amina", 3, "passed", "seen")
        self.mapper(self.officer).add_checks([check], STAFF)
        self.env["g2p.spar.tally.address"]._cron_count()
        self.count()
        checked = 0
        for block in self.figures()["blocks"]:
            for one in block.get("tiles", []) + block.get("bars", []):
                action = json.loads(json.dumps(one["action"]))
                if action and action["res_model"] != "g2p.spar.mapping.version":
                    model = self.env[action["res_model"]].with_user(self.viewer)
                    with self.subTest(block=block["title"], figure=one["label"]):
                        found = model.search_count(action["domain"])
                        self.assertEqual(found, one["value"])
                        checked += 1
        self.assertGreater(checked, 9)

    def test_the_rest_has_a_number_and_no_bar(self):
        board = self.env["g2p.spar.dashboard"].with_user(self.viewer)
        rows = [(number, f"Bank {number}", number) for number in range(1, 13)]
        bars = board._bar_block("", rows, lambda key: False)["bars"]
        self.assertEqual([bar["value"] for bar in bars], [*range(12, 2, -1), 3])
        self.assertEqual((bars[0]["share"], bars[-1]["share"]), (100, False))

    def test_growth_is_written_as_the_user_writes_numbers(self):
        board = self.env["g2p.spar.dashboard"].with_user(self.viewer)
        self.assertEqual(board._signed(12345), "+12,345")
        self.assertEqual(board._signed(-7), "-7")
        self.assertEqual(board._signed(0), "0")

    def test_the_dashboard_is_the_first_page(self):
        root = self.env.ref("g2p_spar_fa_reference.menu_root")
        first = root.child_id.sorted("sequence")[0]
        self.assertEqual(first.action.tag, "g2p_spar_report.dashboard")

    def test_opening_reads_no_mapping(self):
        """The cost does not depend on the number of mappings."""
        self.count()
        queries = []
        execute = type(self.env.cr).execute

        def note(cr, query, *args, **kw):
            queries.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kw)

        self.patch(type(self.env.cr), "execute", note)
        self.figures()
        self.assertTrue(queries)
        self.assertFalse([one for one in queries if "g2p_spar_mapping" in one])
