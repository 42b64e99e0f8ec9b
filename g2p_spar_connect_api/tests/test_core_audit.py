import json

from odoo.tests import BaseCase, tagged

from ..core.audit import AuditLine
from .samples import NOW


@tagged("post_install", "-at_install")
class TestAudit(BaseCase):
    def test_line(self):
        line = AuditLine(NOW, "link", "10.0.0.1", transaction_id="t\n1", ms=1.23456)

        text = line.write()

        self.assertNotIn("\n", text)
        self.assertEqual(
            json.loads(text),
            {
                "at": "2026-03-01T12:00:00.000Z",
                "op": "link",
                "ip": "10.0.0.1",
                "sender": None,
                "transaction_id": "t\n1",
                "message_id": None,
                "purpose": None,
                "items": 0,
                "succeeded": 0,
                "rejected": 0,
                "status": 0,
                "code": None,
                "ms": 1.23,
                "via": None,
                "reason": None,
                "protocol": None,
                "replay": False,
            },
        )
