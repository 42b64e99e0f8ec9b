from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestSettings(TransactionCase):
    """What is typed on the screen is what the portal and the notices use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].search(
            [("key", "=like", "g2p_spar_portal.%")]
        ).unlink()
        cls.settings = cls.env["g2p.spar.portal.settings"]

    def save(self, **values):
        self.env["res.config.settings"].create(
            {f"spar_{name}": value for name, value in values.items()}
        ).set_values()

    def test_nothing_typed_means_the_defaults(self):
        self.save()
        self.assertEqual(self.settings.help(), ("", "", ""))
        self.assertEqual(self.settings.idle_minutes(), 10)
        self.assertEqual(self.settings.contact_days(), 30)
        self.assertEqual(self.settings.notice_days(), 180)
        self.assertEqual(
            self.settings.notified_channels(),
            {"portal", "staff", "agent", "api", "registry"},
        )

    def test_what_is_typed_is_used(self):
        self.save(
            help_phone="+254 20 123",
            help_email="Help@Example.org",
            help_hours="Mondays",
            short_url="https://pay.example.org",
            programme_name="Cash for All",
            idle_minutes=5,
            contact_days=60,
        )
        self.assertEqual(
            self.settings.help(), ("+254 20 123", "help@example.org", "Mondays")
        )
        self.assertEqual(self.settings.url(), "https://pay.example.org")
        self.assertEqual(self.settings.programme(), "Cash for All")
        self.assertEqual(self.settings.idle_minutes(), 5)
        self.assertEqual(self.settings.contact_days(), 60)

    def test_channels_are_shown_as_they_are_stored(self):
        self.save(notify_staff=False, notify_import=True)
        self.assertEqual(
            self.settings.notified_channels(),
            {"portal", "agent", "api", "import", "registry"},
        )
        shown = self.env["res.config.settings"].get_values()
        self.assertFalse(shown["spar_notify_staff"])
        self.assertTrue(shown["spar_notify_import"])

    def test_no_channel_is_not_the_same_as_the_default(self):
        names = ("staff", "agent", "api", "registry")
        self.save(**{f"notify_{name}": False for name in names})
        self.assertEqual(self.settings.notified_channels(), {"portal"})

    def test_what_cannot_be_used_is_refused(self):
        for values in (
            {"help_email": "nobody"},
            {"short_url": "javascript:alert(1)"},
            {"short_url": "https://a b"},
            {"contact_days": 0},
            {"notice_days": -1},
            {"idle_minutes": 1},
            {"idle_minutes": 61},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.save(**values)
