from itertools import accumulate

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.g2p_spar_mapper.core.commands import Origin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA
from odoo.addons.g2p_spar_mapper.tests.roles import READERS, create_users

from ..hooks import uninstall_hook
from .common import ReportCase

CHARTS = ("total", "provider", "state", "channel")
LINKED = [("state", "!=", "unlinked")]
#: What each chart showed when it read the mappings themselves.
OF_MAPPINGS = {
    "provider": (LINKED, "provider_id"),
    "state": ([], "effective_state"),
    "channel": (LINKED, "channel"),
}


@tagged("post_install", "-at_install")
class TestCharts(ReportCase):
    """The charts of mappings say the same, and read small tables."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)

    def setUp(self):
        super().setUp()
        self.linked_before = {ago: self.linked_until(ago) for ago in (71, 69, 39, 0)}
        with self.on(70):
            self.link("amina", "biru", "chala", fa=BANK_FA % "4711")
            self.link("opaque", fa="no strategy reads this")
        with self.on(40):
            self.link("dera", "efua", origin=Origin(channel="portal"))
            self.step("hold", "amina", hold_until=self.moment(-90))
            self.step("hold", "dera", hold_until=self.moment(20))
        with self.on(5):
            self.step("suspend", "biru")
            self.mapper().unlink(self.unlink_items("chala"))
        self.count()
        self.env.invalidate_all()

    def action(self, name):
        return self.env.ref(f"g2p_spar_mapper.g2p_spar_mapping_action_{name}")

    def counts(self, name, role="viewer"):
        return self.env[self.action(name).res_model].with_user(self.users[role])

    def opened(self, name, role="viewer"):
        """What the web client asks for when a chart opens: domain and grouping."""
        action, counts = self.action(name), self.counts(name, role)
        context = safe_eval(action.context)
        search = etree.fromstring(counts.get_view(view_type="search")["arch"])
        domain = [
            leaf
            for node in search.iter("filter")
            if context.get(f"search_default_{node.get('name')}")
            for leaf in safe_eval(node.get("domain"))
        ]
        view = counts.get_view(action.view_id.id, "graph")
        fields = etree.fromstring(view["arch"]).iter("field")
        by, measure = (
            ":".join(filter(None, (node.get("name"), node.get("interval"))))
            for node in fields
        )
        self.assertEqual(measure, "mappings")
        return domain, context.get("graph_groupbys", [by])

    def figures(self, name, role="viewer", more=()):
        """What a chart shows: domain of a figure, and the figure, by its label."""
        domain, groups = self.opened(name, role)
        domain += more
        rows = self.counts(name, role).formatted_read_group(
            domain, groups, ["mappings:sum"]
        )
        return {
            row[groups[0]]: (domain + row["__extra_domain"], row["mappings:sum"])
            for row in rows
        }

    def of_mappings(self, name):
        """The same figures, counted over the mappings."""
        domain, group = OF_MAPPINGS[name]
        mappings = self.env["g2p.spar.mapping"]
        rows = mappings.formatted_read_group(domain, [group], ["__count"])
        return {row[group]: row["__count"] for row in rows}

    # === THE FIGURES === #

    def test_figures_are_those_counted_over_the_mappings(self):
        for name in OF_MAPPINGS:
            with self.subTest(chart=name):
                found = {key: n for key, (_domain, n) in self.figures(name).items()}
                self.assertEqual(found, self.of_mappings(name))
                self.assertGreater(len(found), 1)

    def test_the_line_ends_with_the_ids_that_are_linked(self):
        growth = [n for _domain, n in self.figures("total").values()]
        linked = self.env["g2p.spar.mapping"].search_count(LINKED)
        self.assertEqual(list(accumulate(growth))[-1], linked)

    def test_the_line_says_how_many_ids_were_linked_then(self):
        """Not how many of today's were: an ID that was unlinked has been linked."""
        grown = [self.linked_until(ago) - n for ago, n in self.linked_before.items()]
        self.assertEqual(grown, [0, 4, 6, 5])

    def linked_until(self, days_ago):
        """What the line says for the end of a day."""
        last = [("day", "<=", self.moment(days_ago).date())]
        return sum(n for _domain, n in self.figures("total", more=last).values())

    # === THE WAY TO THE MAPPINGS === #

    def test_a_figure_opens_the_mappings_that_it_counts(self):
        for name in OF_MAPPINGS:
            for key, (domain, number) in self.figures(name).items():
                with self.subTest(chart=name, figure=key):
                    found = self.opened_by(name, domain)
                    self.assertEqual(len(found), number)

    def test_a_month_opens_what_was_linked_in_it(self):
        for domain, _number in self.figures("total").values():
            found = self.opened_by("total", domain)
            if self.mapping("dera") in found:
                months = {one.linked_at.strftime("%Y-%m") for one in found}
                self.assertEqual(months, {self.moment(40).strftime("%Y-%m")})
                self.assertNotIn("unlinked", found.mapped("state"))
                break
        else:
            self.fail("no month opens it")

    def test_today_is_within_until_today(self):
        self.link("today")
        found = self.opened_by("total", self.opened("total")[0])
        self.assertIn(self.mapping("today"), found)

    def test_a_line_of_the_list_opens_its_mappings(self):
        for cell in self.counts("state").search([]):
            action = cell.action_open_mappings()
            found = self.env["g2p.spar.mapping"].search_count(action["domain"])
            self.assertEqual(found, cell.mappings)

    def test_what_mappings_do_not_have_opens_nothing(self):
        with self.assertRaisesRegex(UserError, "Take other conditions away"):
            self.counts("state").get_counted_action([("mappings", ">", 5)])

    def opened_by(self, name, domain):
        action = self.counts(name).get_counted_action(domain)
        self.assertEqual(action["res_model"], "g2p.spar.mapping")
        return self.env["g2p.spar.mapping"].search(action["domain"])

    # === WHO, AND AT WHICH PRICE === #

    def test_every_reader_sees_them(self):
        for name in CHARTS:
            for role in READERS:
                with self.subTest(chart=name, role=role):
                    self.assertTrue(self.figures(name, role))

    def test_every_filter_and_group_works(self):
        for model in ("g2p.spar.tally", "g2p.spar.tally.cell"):
            counts = self.env[model].with_user(self.users["viewer"])
            search = etree.fromstring(counts.get_view(view_type="search")["arch"])
            for node in search.iter("filter"):
                with self.subTest(model=model, filter=node.get("name")):
                    domain = safe_eval(node.get("domain") or "[]")
                    by = safe_eval(node.get("context") or "{}").get("group_by")
                    counts.formatted_read_group(
                        domain, [by] if by else [], ["mappings:sum"]
                    )

    def test_no_mapping_is_read(self):
        for name in CHARTS:
            with self.subTest(chart=name):
                few = self.statements(name)
                self.assertFalse([one for one in few if "g2p_spar_mapping" in one])
        few = {name: len(self.statements(name)) for name in CHARTS}
        self.link(*(f"person{number}" for number in range(20)))
        self.count()
        self.assertEqual({name: len(self.statements(name)) for name in CHARTS}, few)

    def statements(self, name):
        """Texts of the statements of a chart that somebody opens again."""
        domain, groups = self.opened(name)
        counts = self.counts(name)
        return self.said(
            lambda: counts.formatted_read_group(domain, groups, ["mappings:sum"])
        )

    def test_without_the_reports_the_mappings_are_read_again(self):
        uninstall_hook(self.env)
        for name in CHARTS:
            action = self.action(name)
            self.assertEqual(action.res_model, "g2p.spar.mapping")
            self.assertEqual(action.view_id.model, "g2p.spar.mapping")
            self.assertIn("form", action.view_mode)
        context = safe_eval(self.action("state").context)
        self.assertEqual(context, {"graph_groupbys": ["effective_state"]})
