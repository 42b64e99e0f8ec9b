from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.tests.common import _super_send

from odoo.addons.g2p_spar_intake.models.transaction import end_transaction

from .callbacks import CallbackServer
from .common import ConnectCase


class AsyncCase(ConnectCase):
    """One partner with a callback address where a real server listens."""

    @classmethod
    def _request_handler(cls, session, request, /, **kw):
        """Let calls of the fence through; they have time limits of their own."""
        return _super_send(session, request, **kw)

    def setUp(self):
        super().setUp()
        self.partner = self.serve()
        self.sender.callback_url = self.partner.url
        self.env["g2p.spar.outgoing.address"].create(
            {"ip": "127.0.0.1", "port": 0, "note": "The server of this test"}
        )

    def serve(self, *statuses):
        """Start a partner's server. :param statuses: of its first answers"""
        server = CallbackServer(*statuses)
        self.addCleanup(server.close)
        return server

    def post_later(self, operation, body, token=None, **headers):
        """Send a message that is worked off later. :return: the response"""
        return self.post(f"../{operation}", body, token, **headers)

    def take(self, operation, items, **header):
        """Send a message that must be taken. :return: its acknowledgement"""
        body = self.message(operation, items, **header)
        response = self.post_later(operation, body)
        self.assertEqual(response.status_code, 200, response.text)
        ack = response.json()["message"]
        self.assertIn(ack["ack_status"], ("ACK", "NACK"), ack)
        return ack

    def run_as_system(self, model, method):
        """Run the body of a job in a transaction of its own."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            table = api.Environment(cr, SUPERUSER_ID, {})[model]
            getattr(table, method)()
            end_transaction(cr)
        self.env.invalidate_all()

    def work_off(self):
        """Work off what waits."""
        self.run_as_system("g2p.spar.message", "work_off")

    def deliver(self):
        """Send the callbacks that are due."""
        self.run_as_system("g2p.spar.delivery", "send_due")

    @contextmanager
    def killed(self, model, method):
        """Let a job die where it calls a method, as if its process was killed.

        Not with ``assertRaises``: that takes back what was committed before.
        """
        target = type(self.env[model])
        with (
            suppress(KeyboardInterrupt),
            patch.object(target, method, side_effect=KeyboardInterrupt) as deadly,
        ):
            yield
        deadly.assert_called()
        self.env.invalidate_all()

    def logged(self, ack):
        """The line of the log that an acknowledgement belongs to."""
        return self.env["g2p.spar.message"].search(
            [("correlation_id", "=", ack["correlation_id"])]
        )

    def delivery(self, ack):
        """The callback that an acknowledgement promised."""
        return self.env["g2p.spar.delivery"].search(
            [("correlation_id", "=", ack["correlation_id"])]
        )

    def make_due(self, records, **ago):
        """Let time pass for a message or a callback."""
        name = "next_at" if records._name == "g2p.spar.delivery" else "not_before"
        records.write({name: fields.Datetime.now() - timedelta(seconds=1)})
        if ago:
            records.write({"tried_from": fields.Datetime.now() - timedelta(**ago)})
        records.flush_recordset()
