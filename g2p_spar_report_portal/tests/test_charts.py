from lxml import etree

from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestCharts(TransactionCase):
    """The chart of changes by channel reads counts."""

    def opened(self):
        """Model of the chart, and its fields as it opens."""
        action = self.env.ref("g2p_spar_portal.g2p_spar_mapping_version_action_channel")
        [[view, kind], *_others] = action.views
        self.assertEqual(kind, "graph")
        arch = self.env[action.res_model].get_view(view, kind)["arch"]
        shown = [
            (node.get("name"), node.get("interval"))
            for node in etree.fromstring(arch).iter("field")
            if not node.get("invisible")
        ]
        return action.res_model, shown, action.context

    def test_weeks_and_channels_are_counted(self):
        model, shown, context = self.opened()
        self.assertEqual(model, "g2p.spar.tally.change")
        self.assertEqual(shown, [("day", "week"), ("channel", None), ("changes", None)])
        self.assertIn("search_default_day", context)

    def test_without_the_addon_the_history_is_read_again(self):
        uninstall_hook(self.env)
        model, shown, context = self.opened()
        self.assertEqual(model, "g2p.spar.mapping.version")
        self.assertEqual(shown, [("changed_at", "week"), ("channel", None)])
        self.assertIn("search_default_changed_at", context)
