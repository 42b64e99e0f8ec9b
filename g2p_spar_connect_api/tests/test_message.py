from datetime import datetime, timedelta, timezone

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause

from ..core.reply import Receipt
from ..models.g2p_spar_connect import make_entry
from ..models.g2p_spar_message import KEPT_DAYS
from .common import SenderCase
from .samples import message

RECEIPT = Receipt(datetime(2026, 3, 1, 12, 0, 0, 123456, timezone.utc), "c1")


@tagged("post_install", "-at_install")
class TestMessage(SenderCase):
    def setUp(self):
        super().setUp()
        self.log = self.env["g2p.spar.message"]
        self.facts = self.env["g2p.spar.sender"].get_facts(self.sender.client_id)
        self.asked = message()

    def _claim(self, raw=b"body"):
        return self.log.claim(make_entry(self.asked, self.facts, raw, RECEIPT))

    def test_claim_and_settle(self):
        claim = self._claim()
        self.assertIsNone(claim.earlier)
        self.log.settle(claim.record_id, [Outcome(Cause.DONE)], 1)

        earlier = self._claim().earlier

        self.assertTrue(earlier.is_same)
        self.assertEqual(earlier.receipt, RECEIPT)
        self.assertEqual(earlier.read_outcomes(), [Outcome(Cause.DONE)])

    def test_other_body(self):
        self._claim()

        self.assertFalse(self._claim(b"other").earlier.is_same)

    def test_purge(self):
        self._claim()
        record = self.log.search([], limit=1, order="id desc")
        now = fields.Datetime.now()
        for age, kept in ((KEPT_DAYS - 1, True), (KEPT_DAYS + 1, False)):
            record.answered_at = now - timedelta(days=age)
            record.flush_recordset()
            self.log._gc_messages()
            with self.subTest(age=age):
                self.assertEqual(bool(record.exists()), kept)

    def test_window_can_be_set(self):
        self._claim()
        record = self.log.search([], limit=1, order="id desc")
        record.answered_at = fields.Datetime.now() - timedelta(days=5)
        record.flush_recordset()
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("g2p_spar_connect_api.message_days", "4")

        self.log._gc_messages()

        self.assertFalse(record.exists())

    def test_sender_with_messages_cannot_be_deleted(self):
        self._claim()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.sender.unlink()
