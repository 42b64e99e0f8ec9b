from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from odoo.addons.g2p_spar_mapper.core.commands import Origin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA
from odoo.addons.g2p_spar_mapper.tests.roles import READERS, create_users

from ..hooks import uninstall_hook
from .common import ReportCase

VERSION = "g2p.spar.mapping.version"
#: East and west of the days in which is counted.
ZONES = ("UTC", "Asia/Manila", "America/Lima")


@tagged("post_install", "-at_install")
class TestChangeCharts(ReportCase):
    """The charts of changes say what the history says, and open it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)

    def setUp(self):
        super().setUp()
        with self.on(40, hour=1):
            self.link("amina", "biru", "chala", fa=BANK_FA % "4711")
            self.link("opaque", fa="no strategy reads this")
        with self.on(6, hour=23):
            self.link("dera", "efua", origin=Origin(channel="portal"))
            self.step("hold", "amina", hold_until=self.moment(-90))
        with self.on(5, hour=0):
            self.step("suspend", "biru")
            self.mapper().unlink(self.unlink_items("chala"))
        self.link("today")
        self.count()
        self.env.invalidate_all()

    def counts(self, role="viewer", **context):
        model = self.env["g2p.spar.tally.change"].with_user(self.users[role])
        return model.with_context(**context)

    def history(self, **context):
        return self.env[VERSION].with_context(**context)

    def action(self):
        return self.env.ref("g2p_spar_mapper.g2p_spar_mapping_version_action_daily")

    def figures(self, groups, role="viewer"):
        """What a chart shows: domain of a figure, and the figure, by its labels."""
        rows = self.counts(role).formatted_read_group([], groups, ["changes:sum"])
        return {
            tuple(row[group] for group in groups): (
                row["__extra_domain"],
                row["changes:sum"],
            )
            for row in rows
        }

    def opened_by(self, domain, **context):
        """The changes that a figure with this domain opens."""
        action = self.counts(**context).get_counted_action(domain)
        self.assertEqual(action["res_model"], VERSION)
        lines = self.env[action["res_model"]].with_user(self.users["viewer"])
        return lines.with_context(**context).search(action["domain"])

    # === THE FIGURES === #

    def test_the_chart_opens_with_this_months_days_and_steps(self):
        action = self.action()
        self.assertEqual(action.res_model, "g2p.spar.tally.change")
        self.assertEqual(safe_eval(action.context), {"search_default_day": 1})
        [[view, kind], *_others] = action.views
        self.assertEqual(kind, "graph")
        arch = etree.fromstring(self.counts().get_view(view, kind)["arch"])
        shown = [
            (node.get("name"), node.get("interval"))
            for node in arch.iter("field")
            if not node.get("invisible")
        ]
        self.assertEqual(shown, [("day", "day"), ("step", None), ("changes", None)])
        search = etree.fromstring(self.counts().get_view(view_type="search")["arch"])
        self.assertTrue(search.xpath("//filter[@name='day'][@date='day']"))

    def test_figures_are_those_of_the_history(self):
        for ours, theirs in (
            (["day:day", "step"], ["changed_at:day", "step"]),
            (["day:week", "channel"], ["changed_at:week", "channel"]),
            (["day:month", "step"], ["changed_at:month", "step"]),
        ):
            with self.subTest(groups=ours):
                rows = self.history(tz="UTC").formatted_read_group(
                    [], theirs, ["__count"]
                )
                self.assertEqual(
                    {
                        (str(key[0][0])[:10], key[1]): number
                        for key, (_domain, number) in self.figures(ours).items()
                    },
                    {
                        (str(row[theirs[0]][0])[:10], row[theirs[1]]): row["__count"]
                        for row in rows
                    },
                )
                self.assertGreater(len(rows), 2)

    def test_a_change_of_today_is_counted(self):
        found = self.counts().search([("day", "=", self.today)])
        lines = [("changed_at", ">=", self.moment(0, 0))]
        self.assertEqual(
            sum(found.mapped("changes")), self.history().search_count(lines)
        )
        self.assertIn(self.mapping("today"), self.history().search(lines).mapping_id)

    # === THE WAY TO THE CHANGES === #

    def test_a_figure_opens_the_changes_that_it_counts(self):
        for groups in (
            ["day:day", "step"],
            ["day:week", "channel"],
            ["day:month", "provider_id"],
        ):
            for key, (domain, number) in self.figures(groups).items():
                with self.subTest(figure=key):
                    self.assertEqual(len(self.opened_by(domain)), number)

    def test_it_opens_them_in_every_zone(self):
        for domain, number in self.figures(["day:day"]).values():
            for zone in ZONES:
                with self.subTest(zone=zone):
                    self.assertEqual(len(self.opened_by(domain, tz=zone)), number)

    def test_days_chosen_in_any_way_open_their_changes(self):
        early, late = (f"{self.moment(ago).date()}" for ago in (6, 5))
        for leaf in (
            ("=", early),
            ("!=", early),
            ("in", [early, late]),
            ("not in", [early, late]),
            ("<", late),
            ("<=", early),
            (">", early),
            (">=", late),
            ("<", "today +1d"),
            ("=", self.moment(6).date()),
            ("=", False),
        ):
            with self.subTest(leaf=leaf):
                domain = [("day", *leaf)]
                counted = self.counts().search(domain)
                self.assertEqual(
                    len(self.opened_by(domain)), sum(counted.mapped("changes"))
                )

    def test_providers_chosen_in_any_way_open_their_changes(self):
        provider = self.mapping("amina").provider_id
        for leaf in (
            ("=", provider.id),
            ("!=", provider.id),
            ("in", [provider.id, False]),
            ("=", False),
            ("ilike", provider.name),
        ):
            with self.subTest(leaf=leaf):
                domain = [("provider_id", *leaf)]
                counted = self.counts().search(domain)
                self.assertTrue(counted)
                self.assertEqual(
                    len(self.opened_by(domain)), sum(counted.mapped("changes"))
                )

    def test_they_are_opened_in_the_order_of_time(self):
        """Whose beginning is found by its index, however far back it lies."""
        action = self.counts().get_counted_action([("day", "=", self.today)])
        for view, kind in action["views"]:
            arch = etree.fromstring(self.history().get_view(view, kind)["arch"])
            if kind in ("list", "kanban"):
                self.assertEqual(arch.get("default_order"), "changed_at desc, id desc")
        for way in ("seqscan", "bitmapscan", "sort"):
            self.env.cr.execute(SQL("SET LOCAL enable_%s = off", SQL(way)))
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM g2p_spar_mapping_version"
            " WHERE changed_at < %s ORDER BY changed_at DESC, id DESC LIMIT 80",
            [self.moment(5, 0)],
        )
        plan = "".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("Scan Backward using g2p_spar_mapping_version_changed_at", plan)

    def test_a_line_of_history_names_the_provider_after_it(self):
        last = self.history().search([("mapping_id", "=", self.mapping("amina").id)])
        self.assertEqual(last.provider_id, self.mapping("amina").provider_id)
        opaque = self.mapping("opaque")
        first = self.history().search([("mapping_id", "=", opaque.id)])
        self.assertFalse(first.provider_id)

    def test_a_line_of_the_list_opens_its_changes(self):
        for line in self.counts().search([]):
            action = line.action_open_changes()
            found = self.history().search_count(action["domain"])
            self.assertEqual(found, line.changes)

    def test_what_changes_do_not_have_opens_nothing(self):
        for leaf in (("changes", ">", 5), ("day", "like", "5"), ("day", "=", "soon")):
            with (
                self.subTest(leaf=leaf),
                self.assertRaisesRegex(UserError, "Take other conditions away"),
            ):
                self.counts().get_counted_action([leaf])

    # === WHO, AND AT WHICH PRICE === #

    def test_every_reader_sees_them(self):
        for role in READERS:
            with self.subTest(role=role):
                self.assertTrue(self.figures(["day:day", "step"], role))

    def test_every_filter_and_group_works(self):
        search = etree.fromstring(self.counts().get_view(view_type="search")["arch"])
        for node in search.iter("filter"):
            with self.subTest(filter=node.get("name")):
                domain = safe_eval(node.get("domain") or "[]")
                by = safe_eval(node.get("context") or "{}").get("group_by")
                self.counts().formatted_read_group(
                    domain, [by] if by else [], ["changes:sum"]
                )

    def test_no_line_of_history_is_read(self):
        for groups in (["day:day", "step"], ["day:week", "channel"]):
            said = self.said(lambda by=groups: self.figures(by))
            self.assertFalse([one for one in said if "g2p_spar_mapping" in one])

    # === BY USER === #

    def test_by_user_a_day_of_the_history_is_read_at_first(self):
        action = self.env.ref("g2p_spar_report.g2p_spar_mapping_version_action_user")
        self.assertEqual(action.res_model, VERSION)
        search = etree.fromstring(self.history().get_view(view_type="search")["arch"])
        [domain] = [
            safe_eval(node.get("domain"))
            for node in search.iter("filter")
            if safe_eval(action.context).get(f"search_default_{node.get('name')}")
        ]
        found = self.history(tz="UTC").search(domain).mapping_id
        self.assertIn(self.mapping("today"), found)
        self.assertNotIn(self.mapping("dera"), found)
        arch = self.history().get_view(action.views[0][0], "pivot")["arch"]
        shown = [node.get("name") for node in etree.fromstring(arch).iter("field")]
        self.assertEqual(shown[:2], ["user_id", "step"])

    def test_without_the_reports_the_history_is_read_again(self):
        uninstall_hook(self.env)
        action = self.action()
        self.assertEqual(action.res_model, VERSION)
        self.assertIn("form", action.view_mode)
        self.assertEqual(safe_eval(action.context), {"search_default_changed_at": 1})
