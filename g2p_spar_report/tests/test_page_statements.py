from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.roles import create_users

from .common import ReportCase

#: Columns that need more than their own row.
LISTS = {
    "g2p.spar.mapping": (
        "id_masked",
        "fa_masked",
        "effective_state",
        "verification_level",
        "provider_id",
        "user_id",
    ),
    "g2p.spar.mapping.version": (
        "mapping_id",
        "changed_fields",
        "fa_after_masked",
        "user_id",
    ),
}


@tagged("post_install", "-at_install")
class TestPageStatements(ReportCase):
    """A page of twenty lines takes as many statements as one of two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = create_users(cls.env)["officer"]

    def statements(self, ask):
        """Number of statements of a call by an officer who has just come in."""
        self.env.flush_all()
        self.env.invalidate_all()
        ask()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        ask()
        return self.env.cr.sql_log_count - before

    def read(self, model):
        """Read the newest page of a list, as the web client does."""
        named = {"fields": {"display_name": {}}}
        lines = self.env[model].with_user(self.officer)
        columns = {
            name: named if lines._fields[name].type == "many2one" else {}
            for name in LISTS[model]
        }
        domain = [("changed_at", ">=", self.moment(0, 0))]
        return lines.web_search_read(domain, columns, limit=80, count_limit=10_001)

    def grow(self, first, behind):
        """Link people by these numbers."""
        self.link(*(f"person{number}" for number in range(first, behind)))

    def test_lists(self):
        self.grow(0, 2)
        few = {model: self.statements(lambda m=model: self.read(m)) for model in LISTS}
        self.grow(2, 20)
        for model, count in few.items():
            with self.subTest(model):
                self.assertGreaterEqual(self.read(model)["length"], 20)
                self.assertEqual(self.statements(lambda m=model: self.read(m)), count)

    def test_dashboard(self):
        board = self.env["g2p.spar.dashboard"].with_user(self.officer)
        self.grow(0, 2)
        self.count()
        few = self.statements(lambda: board.get_figures(30))
        self.grow(2, 20)
        self.count()
        self.assertEqual(self.statements(lambda: board.get_figures(365)), few)
