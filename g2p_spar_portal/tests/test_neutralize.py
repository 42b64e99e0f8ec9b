from odoo.tests import tagged
from odoo.tools import file_open

from .common import PortalCase
from .contact_common import ContactMixin


@tagged("post_install", "-at_install")
class TestNeutralize(ContactMixin, PortalCase):
    """A copy of the database lets nobody in, and writes to nobody."""

    def neutralize(self):
        self.env.flush_all()
        with file_open("g2p_spar_portal/data/neutralize.sql") as script:
            self.cr.execute(script.read())
        self.env.invalidate_all()

    def test_nobody_logs_in(self):
        key = self.env["g2p.spar.oidc.key"].create(
            {"provider_id": self.oidc.id, "kind": "EC"}
        )
        key.action_use()
        self.oidc.spar_key_set = [{"kty": "RSA"}]
        person = self.person("amina")
        self.env["g2p.spar.step.up"].begin(person, "digest", "/my/benefit-account")
        self.neutralize()
        self.assertFalse(self.oidc.spar_enabled_for_portal)
        self.assertFalse(self.oidc.spar_key_set)
        self.assertFalse(key.exists())
        self.assertFalse(self.env["g2p.spar.step.up"].search([]))
        self.assertIsNone(self.env["g2p.spar.person"].current(self.session))

    def test_nothing_is_sent_that_waited(self):
        self.env["ir.config_parameter"].set_param("sms.endpoint", "https://sms.test")
        self.confirmed("amina", "email", "amina@example.org")
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        self.read()
        waiting = self.notices("amina").filtered(lambda one: one.state == "queued")
        self.assertEqual(set(waiting.mapped("kind")), {"email", "phone"})
        foreign = self.env["mail.mail"].create({"email_to": "staff@example.org"})
        self.neutralize()
        self.assertEqual(set(waiting.mapped("state")), {"failed"})
        self.assertFalse(waiting.filtered("retry_at"))
        mails = self.env["mail.mail"].search([("spar_notice_id", "in", waiting.ids)])
        self.assertEqual(set(mails.mapped("state")), {"cancel"})
        trackers = self.env["sms.tracker"].search(
            [("spar_notice_id", "in", waiting.ids)]
        )
        uuids = trackers.mapped("sms_uuid")
        sms = self.env["sms.sms"].search([("uuid", "in", uuids)])
        self.assertEqual(set(sms.mapped("state")), {"canceled"})
        self.assertEqual(foreign.state, "outgoing")
        self.assertEqual(
            self.env["ir.config_parameter"].get_param("sms.endpoint"),
            "https://neutralized.invalid",
        )

    def test_what_happened_before_is_told_to_nobody(self):
        self.confirmed("amina", "phone", "+254712345678")
        self.link("amina")
        before = len(self.notices("amina"))
        self.neutralize()
        self.read()
        self.assertEqual(len(self.notices("amina")), before)
