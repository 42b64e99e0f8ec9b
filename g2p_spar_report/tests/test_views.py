import re
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.views import PREFIX, VIEWS, create_views
from .common import ReportCase

PAGE = Path(__file__).parents[1] / "readme" / "VIEWS.md"
#: Parts of names of columns that would tell of a person or an account.
PERSONAL = ("id_value", "key", "phone", "fa_", "user", "reason", "sender", "mapping_id")


@tagged("post_install", "-at_install")
class TestReportViews(ReportCase):
    """The views are as the page says, and tell of nobody."""

    def in_database(self):
        """Columns (name, type) of each view of this addon."""
        self.env.cr.execute(
            "SELECT table_name, column_name, data_type"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " AND starts_with(table_name, %s) ORDER BY table_name, ordinal_position",
            [PREFIX],
        )
        views = {}
        for view, *column in self.env.cr.fetchall():
            views.setdefault(view, []).append(tuple(column))
        ours = self.env["g2p.spar.report"]._views()
        return {name: columns for name, columns in views.items() if told(name) in ours}

    def test_the_page_names_every_view_and_column(self):
        parts = re.split(r"^## ", PAGE.read_text(), flags=re.M)[1:]
        on_page = {
            part.split("\n", 1)[0]: re.findall(r"^\| (\w+) \| ([\w ]+) \|", part, re.M)[
                1:
            ]
            for part in parts
        }
        found = self.in_database()
        self.assertEqual(set(on_page), {PREFIX + name for name in VIEWS})
        self.assertEqual({name: found.get(name) for name in on_page}, on_page)

    def test_no_column_tells_of_a_person(self):
        for view, columns in self.in_database().items():
            for name, _type in columns:
                with self.subTest(view=view, column=name):
                    self.assertFalse([one for one in PERSONAL if one in name])

    def test_a_view_whose_columns_change_keeps_its_readers(self):
        # A role that every database has; it gains nothing when the test is over.
        view = f"{PREFIX}test_change"
        create_views(self.env.cr, {"test_change": "SELECT 1 AS first"})
        self.env.cr.execute(f"GRANT SELECT ON {view} TO pg_monitor")
        create_views(self.env.cr, {"test_change": "SELECT 'a' AS other, '50%' AS part"})
        self.env.cr.execute(
            SQL(
                "SELECT part, has_table_privilege('pg_monitor', %s, 'SELECT') FROM %s",
                view,
                SQL.identifier(view),
            )
        )
        self.assertEqual(self.env.cr.fetchall(), [("50%", True)])


def told(view):
    """The name of a view without what all begin with."""
    return view.removeprefix(PREFIX)
