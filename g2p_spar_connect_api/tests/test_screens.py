from odoo.tests import Form, tagged

from .common import SenderCase

TABLES = (
    "g2p.spar.sender",
    "g2p.spar.purpose",
    "g2p.spar.message",
    "g2p.spar.own.key",
)


@tagged("post_install", "-at_install")
class TestScreens(SenderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._staff("admin")
        cls.auditor = cls._staff("auditor")

    def test_partner_is_made_with_two_words(self):
        form = Form(self.env["g2p.spar.sender"].with_user(self.admin))
        form.name = "Child Grant Payments"
        form.mnemonic = "grants.example.org"

        sender = form.save()

        self.assertEqual(sender.user_id, self.env.ref("g2p_spar_connect_api.user_api"))
        self.assertTrue(sender.client_id)

    def test_views_open_for_those_who_may_read(self):
        for user in (self.admin, self.auditor):
            for table in TABLES:
                views = [(False, kind) for kind in ("list", "form", "search")]
                with self.subTest(user.login, table=table):
                    found = self.env[table].with_user(user).get_views(views)
                    self.assertEqual(len(found["views"]), 3)

    def test_menus(self):
        menu = self.env.ref("g2p_spar_connect_api.menu_partners")
        for user, seen in (
            (self.admin, True),
            (self.auditor, True),
            (self.manager, False),
            (self.viewer, False),
        ):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            with self.subTest(user.login):
                self.assertEqual(menu.id in visible, seen)

    def test_secret_window(self):
        action = self.sender.with_user(self.admin).action_new_secret()

        shown = self.env["g2p.spar.sender.secret.show"].with_user(self.admin)
        form = Form(shown.with_context(**action["context"]))

        self.assertEqual(form.secret, action["context"]["default_secret"])
