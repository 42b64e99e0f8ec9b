import re
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_path

from ..models import file_store
from ..models.g2p_spar_intake_reading import BYTE_LIMIT

CSV = b"id,fa\r\nnonsense,\r\n"


class Announced:
    """A body that is announced and never sent."""

    def __init__(self, size):
        self._size = size

    def __len__(self):
        return self._size

    def read(self, _size=-1):
        return b""


@tagged("post_install", "-at_install")
class TestHttpUpload(HttpCase):
    """The door for files: a stream, a token against forged requests, a right."""

    def setUp(self):
        super().setUp()
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        self.startPatcher(patch.object(file_store, "folder", lambda dbname: folder))
        self.folder = folder
        for role in ("manager", "officer"):
            login = f"intake_{role}"
            new_test_user(
                self.env,
                login,
                password=login * 2,
                groups=f"g2p_spar_mapper.group_{role}",
            )

    def send(self, role, content=CSV, token=None, name="list.csv"):
        """Upload a file as the browser does. :return: the response"""
        self.authenticate(f"intake_{role}", f"intake_{role}" * 2)
        csrf = Request.csrf_token(self) if token is None else token
        return self.url_open(
            f"/spar/intake/upload?name={name}",
            data=content,
            method="POST",
            headers={
                "Content-Type": "application/octet-stream",
                "X-CSRF-Token": csrf,
            },
        )

    def test_name_of_a_file_may_be_anything(self):
        for name in ("", "%00a%0d%0a.csv", "x" * 5000, "%ff%fe", "%26id=1"):
            with self.subTest(name):
                response = self.send("manager", name=name)
                self.assertEqual(response.status_code, 200, response.text)

    def test_file_is_taken_in_and_its_refused_rows_are_fetched(self):
        response = self.send("manager")
        self.assertEqual(response.status_code, 200, response.text)
        intake = self.env["g2p.spar.intake"].browse(response.json()["id"])
        self.assertEqual((intake.filename, intake.total), ("list.csv", 1))

        refused = self.url_open(f"/spar/intake/{intake.id}/refused.csv")
        self.assertEqual(refused.text, "id,fa,not_taken_in_because\r\n")
        self.assertIn("no-store", refused.headers["Cache-Control"])
        self.assertEqual(self.url_open("/spar/intake/0/refused.csv").status_code, 404)

    def test_refusals(self):
        for role, content, token, status, words in (
            ("manager", CSV, "forged", 400, "log in again"),
            ("manager", b"%PDF-1.4 12345678", None, 422, "neither CSV"),
            ("officer", CSV, None, 403, "Only managers"),
        ):
            with self.subTest(words):
                response = self.send(role, content, token)
                self.assertEqual(response.status_code, status, response.text)
                self.assertIn(words, response.json()["error"])
                self.assertFalse(list(self.folder.iterdir()))
        response = self.url_open("/spar/intake/1/refused.csv")
        self.assertEqual(response.status_code, 404)

    def test_two_gigabytes_are_refused_before_they_are_sent(self):
        response = self.send("manager", Announced(2**31))
        self.assertEqual(response.status_code, 413, response.text)
        self.assertIn("larger than 1024 megabytes", response.json()["error"])
        self.assertFalse(list(self.folder.iterdir()))

    def test_browser_knows_the_same_limit(self):
        source = file_path("g2p_spar_intake/static/src/upload/upload.js")
        found = re.search(r"BYTE_LIMIT = 2 \*\* (\d+);", Path(source).read_text())
        self.assertEqual(2 ** int(found[1]), BYTE_LIMIT)

    def test_nobody_without_a_login(self):
        self.authenticate(None, None)
        response = self.url_open(
            "/spar/intake/upload", data=CSV, method="POST", allow_redirects=False
        )
        self.assertIn(response.status_code, (303, 400, 403))
