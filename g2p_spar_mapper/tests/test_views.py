from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import MapperCase
from .roles import MANAGERS, READERS, STAFF, create_users

ACTIONS = (
    "g2p_spar_mapping_action",
    "g2p_spar_mapping_action_total",
    "g2p_spar_mapping_action_provider",
    "g2p_spar_mapping_action_state",
    "g2p_spar_mapping_action_channel",
    "g2p_spar_mapping_version_action",
    "g2p_spar_mapping_version_action_daily",
    "g2p_spar_pending_change_action",
    "g2p_spar_change_policy_action",
    "g2p_spar_failure_report_action",
)
#: Roles that come into the back office at all.
INTERNAL = (*READERS, "internal")
MENUS = {
    "menu_mappings": READERS,
    "menu_link": STAFF,
    "menu_history": READERS,
    "menu_pending_changes": READERS,
    "menu_failure_reports": READERS,
    "menu_change_policies": ("auditor", *STAFF),
    "menu_name_services": ("auditor", "admin"),
    "menu_import": MANAGERS,
    "menu_report_total": READERS,
    "menu_report_provider": READERS,
    "menu_report_state": READERS,
    "menu_report_channel": READERS,
    "menu_report_changes": READERS,
}
BUTTONS = {
    "action_update": STAFF,
    "action_hold": STAFF,
    "action_suspend": STAFF,
    "action_unlink": STAFF,
    "action_renew": STAFF,
    "action_show_waiting": STAFF,
    "action_release": MANAGERS,
    "action_reinstate": MANAGERS,
}


@tagged("post_install", "-at_install")
class TestViews(MapperCase):
    """Screens as each role gets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = create_users(cls.env)

    def views_of(self, action, role):
        """Views of an action as the web client asks for them."""
        views = [(view[0], view[1]) for view in action.views] + [(False, "search")]
        return self.env[action.res_model].with_user(self.users[role]).get_views(views)

    def arch(self, view, role):
        """One view of the mappings as a role gets it."""
        model = self.env["g2p.spar.mapping"].with_user(self.users[role])
        return etree.fromstring(model.get_view(view_type=view)["arch"])

    def test_every_action_opens_for_every_reader(self):
        for name in ACTIONS:
            action = self.env.ref(f"g2p_spar_mapper.{name}")
            self.assertTrue(action.path)
            for role in READERS:
                with self.subTest(action=name, role=role):
                    views = self.views_of(action, role)["views"]
                    asked = {*action.view_mode.split(","), "search"}
                    self.assertEqual(set(views), asked)

    def test_every_filter_and_group_works(self):
        self.link("amina")
        for model in (
            "g2p.spar.mapping",
            "g2p.spar.mapping.version",
            "g2p.spar.pending.change",
            "g2p.spar.failure.report",
        ):
            records = self.env[model].with_user(self.users["viewer"])
            arch = etree.fromstring(records.get_view(view_type="search")["arch"])
            for node in arch.iter("filter"):
                with self.subTest(model=model, filter=node.get("name")):
                    self.use_filter(records, node)

    def use_filter(self, records, node):
        """Search or group as a filter of a search view says."""
        values = {"uid": records.env.uid}
        domain = safe_eval(node.get("domain") or "[]", values)
        records.search_count(domain)
        group = safe_eval(node.get("context") or "{}").get("group_by")
        if group:
            found = records.formatted_read_group(domain, [group], ["__count"])
            self.assertEqual(bool(found), bool(records.search_count(domain)))

    def test_the_expiring_are_found(self):
        self.link("soon", "later", "never")
        for name, days in (("soon", 10), ("later", 90)):
            self.env.cr.execute(
                "UPDATE g2p_spar_mapping SET valid_until ="
                " now() AT TIME ZONE 'UTC' + %s * interval '1 day' WHERE id = %s",
                (days, self.mapping(name).id),
            )
        self.env.invalidate_all()
        search = self.arch("search", "viewer")
        (node,) = search.xpath("//filter[@name='expiring']")
        found = self.env["g2p.spar.mapping"].search(safe_eval(node.get("domain")))
        self.assertIn(self.mapping("soon"), found)
        self.assertFalse(found & (self.mapping("later") | self.mapping("never")))

    def test_whole_numbers_stand_in_views_of_officers_only(self):
        for view in ("form", "list", "kanban"):
            for role in READERS:
                names = {node.get("name") for node in self.arch(view, role).iter()}
                with self.subTest(view=view, role=role):
                    self.assertEqual(
                        bool(names & {"fa_value", "id_value", "phone"}),
                        role in STAFF and view != "kanban",
                    )

    def test_buttons_stand_where_they_may_be_used(self):
        for role in READERS:
            arch = self.arch("form", role)
            names = {node.get("name") for node in arch.iter("button")}
            for button, allowed in BUTTONS.items():
                with self.subTest(role=role, button=button):
                    self.assertEqual(button in names, role in allowed)

    def test_menus_stand_where_they_may_be_used(self):
        for role in INTERNAL:
            menus = self.env["ir.ui.menu"].with_user(self.users[role])
            visible = menus._visible_menu_ids()
            for name, allowed in MENUS.items():
                menu = self.env.ref(f"g2p_spar_mapper.{name}")
                with self.subTest(role=role, menu=name):
                    self.assertEqual(menu.id in visible, role in allowed)

    def test_forms_open(self):
        self.link("amina", name="Amina")
        for role in READERS:
            with self.subTest(role=role):
                form = Form(self.mapping("amina").with_user(self.users[role]))
                self.assertEqual(form.name, "Amina")
