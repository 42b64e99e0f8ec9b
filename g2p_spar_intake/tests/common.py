import csv
import io
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api

from odoo.addons.g2p_spar_mapper.tests.common import (
    BANK_FA,
    NATIONAL_ID,
    MapperCase,
    account_of,
)

from ..models import file_store

NAMES = "National ID,Account number,Name,Phone"


class IntakeCase(MapperCase):
    """Lists of one manager; the files of a test lie in a folder of its own."""

    def setUp(self):
        """Keep files apart from those of the database."""
        super().setUp()
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.startPatcher(
            patch.object(file_store, "folder", lambda dbname: self.folder)
        )
        self.registry_enter_test_mode()
        # Tests may not end their transaction.
        self.startPatcher(patch.object(self.env.cr, "rollback", lambda: None))
        self.env = self.env(user=self.manager)

    def upload(self, *rows, names="id,fa", filename="list.csv", blocks=None):
        """Take a list in. :return: its intake, for the manager

        :param rows: as they stand in the file
        """
        text = "\r\n".join([names, *rows, ""])
        intake = self.env["g2p.spar.intake"].receive(
            filename, blocks or [text.encode("utf-8")]
        )
        self.env.cr.postcommit.run()
        return intake

    def row(self, name, fa=None):
        """A row that links a person to an account of its own."""
        return f"{NATIONAL_ID % name},{fa or BANK_FA % account_of(name)}"

    def work_off(self):
        """Do what a job does."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["g2p.spar.intake"].work_off()
        self.env.invalidate_all()

    def run_all(self, intake):
        """Run a list to its end."""
        intake.action_run()
        self.work_off()
        self.assertEqual(intake.state, "done", intake.problem)

    def refused(self, intake):
        """Rows of the file of refused rows."""
        text = b"".join(intake.read_refused()).decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def columns(self, intake):
        """What the columns mean."""
        return [column.field for column in intake.column_ids]
