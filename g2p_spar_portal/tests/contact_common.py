"""Contacts, the outbox and a pretended SMS gateway, for tests."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID
from odoo.addons.sms.tools.sms_api import SmsApi

NOW = "2026-11-23 10:00:00"


class ContactMixin:
    """For test cases with ``MapperCase`` behind it; the clock stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env.company.country_id = cls.env.ref("base.ke")
        cls.env.company.partner_id.lang = "en_US"
        cls.sent = []
        cls.identity = cls._identity()

    @classmethod
    def _identity(cls):
        provider = cls.env["auth.oauth.provider"].create(
            {
                "name": "Test ID",
                "body": "Log in",
                "auth_endpoint": "https://id.example.org/authorize",
                "validation_endpoint": "https://id.example.org/userinfo",
                "scope": "openid",
            }
        )
        return cls.env["g2p.spar.identity"]._find_or_create(provider, "contacts")

    def setUp(self):
        super().setUp()
        self.sent.clear()
        # What waits in the database of the run is not of these tests.
        self.env["sms.sms"].search([]).unlink()
        self.env["ir.config_parameter"].search(
            [("key", "=like", "g2p_spar_portal.%")]
        ).unlink()

    def set(self, name, text):
        """Set a setting of the portal."""
        self.env["ir.config_parameter"].set_param(f"g2p_spar_portal.{name}", text)

    def id_key(self, name):
        """The key of a person of ``MapperCase.link``."""
        reference = self.env["g2p.spar.strategy"].get_reference()
        return reference.read_id(NATIONAL_ID % name).id_key

    def confirmed(self, name, kind, value, **values):
        """A contact which a person confirmed an hour ago."""
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        return self.env["g2p.spar.contact"].create(
            {
                "identity_id": self.identity.id,
                "id_key": self.id_key(name),
                "kind": kind,
                "value": value,
                "state": "confirmed",
                "asked_at": hour_ago,
                "confirmed_at": hour_ago,
                **values,
            }
        )

    def read(self):
        """Read the history for notices, as the scheduled action does."""
        self.env.flush_all()
        return self.env["g2p.spar.notice.reading"]._read(lambda: True)

    def notices(self, name):
        """The notices about the mapping of a person."""
        return self.env["g2p.spar.notice"].search(
            [("mapping_id", "=", self.mapping(name).id)]
        )

    @contextmanager
    def at(self, **later):
        """Some time after :data:`NOW`."""
        with freeze_time(fields.Datetime.to_datetime(NOW) + timedelta(**later)):
            yield

    def send_sms(self, answer):
        """Send what waits, through a gateway that gives one answer to all."""

        def send(_api, messages, delivery_reports_url=False):
            numbers = [one for message in messages for one in message["numbers"]]
            self.sent.extend(messages)
            return [{"uuid": one["uuid"], "state": answer} for one in numbers]

        waiting = self.env["sms.sms"].search([("state", "=", "outgoing")])
        with patch.object(SmsApi, "_send_sms_batch", send):
            waiting.send()
