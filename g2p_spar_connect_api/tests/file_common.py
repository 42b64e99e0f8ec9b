import csv
import io
import json
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.g2p_spar_intake.models import file_store
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, account_of

from .common import ConnectCase


@tagged("post_install", "-at_install")
class FileCase(ConnectCase):
    """Real uploads of one partner; the files of a test lie in a folder of its own."""

    def setUp(self):
        """Keep files apart from those of the database."""
        super().setUp()
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.startPatcher(
            patch.object(file_store, "folder", lambda dbname: self.folder)
        )

    def upload(
        self, operation, content, format_="csv", token=None, headers=None, **form
    ):
        """Send a file. :return: the response

        :param content: bytes, or what becomes JSON
        :param form: further fields; none leaves a field out
        """
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        fields = {"action": operation, "fileFormat": format_, **form}
        return self.url_open(
            f"/spar/v1/mapper/{operation}",
            data={name: value for name, value in fields.items() if value is not None},
            files={"fileName": ("items", content, "application/octet-stream")},
            method="POST",
            headers={
                "Authorization": f"Bearer {token or self.token()}",
                **(headers or {}),
            },
        )

    def send(self, operation, content, format_="csv", **form):
        """Send a file that is taken in. :return: its record"""
        response = self.upload(operation, content, format_, **form)
        self.assertEqual(response.status_code, 200, response.text)
        message = response.json()["message"]
        self.assertIn(message["ack_status"], ("ACK", "NACK"), response.text)
        self.env.invalidate_all()
        return self.env["g2p.spar.file"].search(
            [("correlation_id", "=", message["correlation_id"])]
        )

    def files(self):
        """All files of the partner."""
        return self.env["g2p.spar.file"].search([("sender_id", "=", self.sender.id)])

    def csv(self, *people, operation="link"):
        """A CSV file about some people, each with an account of its own."""
        rows = ["reference_id,id,fa"]
        for person in people:
            fa = BANK_FA % account_of(person) if operation == "link" else ""
            rows.append(f"ref-{person},{NATIONAL_ID % person},{fa}")
        return "\r\n".join([*rows, ""]).encode()

    def work_off(self):
        """Do what a job does."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["g2p.spar.file"].work_off()
        self.env.invalidate_all()

    def fetch(self, file, token=None):
        """Ask for the result of a file. :return: the response"""
        return self.url_open(
            f"/spar/v1/files/{file.correlation_id}/result",
            headers={"Authorization": f"Bearer {token or self.token()}"},
        )

    def rows(self, response):
        """Rows of a result in CSV."""
        self.assertEqual(response.status_code, 200, response.text)
        return list(csv.DictReader(io.StringIO(response.text, newline="")))


def said(log):
    """What was logged inside ``assertLogs``."""
    return [record.getMessage() for record in log.records]
