import gzip
import io
import json
import logging
import zipfile

from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID

from .file_common import FileCase, said


def _workbook():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return target.getvalue()


@tagged("post_install", "-at_install")
class TestFileRefusals(FileCase):
    """What is no file of the protocol changes nothing and leaves nothing behind."""

    def tearDown(self):
        """Look that nothing was kept, whatever was sent."""
        self.assertFalse(list(self.folder.iterdir()))
        self.assertFalse(self.files())
        super().tearDown()

    def test_files_that_are_not_what_they_were_announced_as(self):
        table = [
            ("csv", _workbook(), "zip archive or a workbook"),
            ("json", _workbook(), "zip archive"),
            ("json", gzip.compress(b"{}"), "gzip"),
            ("csv", b"%PDF-1.7", "PDF"),
            ("csv", "id,fa\n1,2\n".encode("utf-16"), "UTF-16"),
            ("csv", "id,fa\nJos\xe9,2\n".encode("latin-1"), "Row 1 is not written in"),
            ("csv", b"id,fa\n1,2\0\n", "NUL character"),
            ("csv", b'id,fa\n"1,2\n', "never closed"),
            ("csv", b"id,fa\n" + b"x" * 70_000, "longer than"),
            ("csv", b"id,fa," + b"," * 30_000 + b"\n", "more than 50 columns"),
            ("csv", b"," * 1_000_000, "longer than"),
            ("csv", b"id,fa,id\n", "a second time"),
            ("csv", b"id,fa,colour\n", "not known for link"),
            ("csv", b"token:1@nationalId,account:1@b\n", "name the columns"),
            ("json", b"[]", "JSON object"),
            ("json", b'{"message": {"link_request": [1, tru]}}', "Item 2"),
            ("json", b'{"message": {"link_request": [' + b"[" * 9999, "too deeply"),
            ("json", b'{"message": {"link_request": [1', "ends inside"),
            ("json", b'{"message": {}}', "no list"),
            ("xlsx", b"id,fa\n", "json or csv"),
            ("csv", b"", "empty"),
        ]
        for format_, content, words in table:
            with self.subTest(words=words):
                response = self.upload("link", content, format_)
                sentence = self.assertRefused(response, 400, "err.request.bad")
                self.assertIn(words, sentence)

    def test_envelope_is_judged_like_that_of_a_message(self):
        good = self.message("link", [self.link_item("a")])
        for place, values, status, words in (
            ("header", {"message_id": ""}, 400, "message_id"),
            ("header", {"is_msg_encrypted": True}, 400, "crypt"),
            ("header", {"version": "9"}, 200, "version"),
            ("header", {"total_count": 2}, 200, "total_count"),
            ("header", {"action": "resolve"}, 200, "action"),
            ("message", {"transaction_id": ""}, 400, "transaction_id"),
        ):
            content = good | {place: good[place] | values}
            with self.subTest(values):
                response = self.upload("link", content, "json")
                self.assertEqual(response.status_code, status, response.text)
                self.assertIn(words, response.text)
                if status == 200:
                    ack = response.json()["message"]["ack_status"]
                    self.assertEqual(ack, "ERR")

    def test_limits_of_the_partner(self):
        self.sender.write({"file_megabytes": 1, "file_rows": 3})
        rows = b"id,fa\n" + b"1,2\n" * 4
        sentence = self.assertRefused(self.upload("link", rows), 400, "err.request.bad")
        self.assertIn("more than 3 rows", sentence)

        large = b"id,fa\n" + b"1,2\n" * 300_000
        self.assertRefused(self.upload("link", large), 413, "err.request.bad")

    def test_forms(self):
        file = ("items", self.csv("a"), "text/csv")
        csv = {"action": "link", "fileFormat": "csv"}
        table = [
            ({}, {"action": (None, "link")}, "no part fileName"),
            ({"action": "unlink"}, {"fileName": file}, "action must be link"),
            ({}, {"fileName": file}, "action must be link"),
            ({"action": "link", "x": "1"}, {"fileName": file}, "unknown name"),
            ({"action": "link"}, {"fileName": file, "second": file}, "unknown name"),
            ({"action": "l" * 5000}, {"fileName": file}, "too long"),
            (csv | {"total_count": "x"}, {"fileName": file}, "a number"),
        ]
        headers = {"Authorization": f"Bearer {self.token()}"}
        for data, files, words in table:
            with self.subTest(words=words):
                response = self.url_open(
                    "/spar/v1/async/link", data=data, files=files, headers=headers
                )
                self.assertIn(
                    words, self.assertRefused(response, 400, "err.request.bad")
                )

    def test_bodies_that_are_no_forms(self):
        parts = b"".join(
            b'--cut\r\nContent-Disposition: form-data; name="p%d"\r\n\r\n\r\n' % number
            for number in range(20_000)
        )
        begun = b'--cut\r\nContent-Disposition: form-data; name="fileName"\r\n\r\nid,fa'
        bodies = {
            "nothing": b"",
            "json": b"{}",
            "many parts": parts,
            "endless part header": b"--cut\r\nX-Long: " + b"a" * 300_000,
            "no final boundary": begun,
        }
        for name, body in bodies.items():
            with self.subTest(name):
                response = self.send_form(body, "multipart/form-data; boundary=cut")
                self.assertRefused(response, 400, "err.request.bad")
        for media in (
            "multipart/form-data",
            "multipart/form-data; boundary=" + "a" * 99,
        ):
            with self.subTest(media=media[:40]):
                response = self.send_form(begun, media)
                self.assertIn(
                    "boundary", self.assertRefused(response, 400, "err.request.bad")
                )

    def send_form(self, body, media):
        """Send a body as a form."""
        return self.url_open(
            "/spar/v1/mapper/link",
            data=body,
            method="POST",
            headers={
                "Authorization": f"Bearer {self.token()}",
                "Content-Type": media,
            },
        )

    def test_who_may_not(self):
        self.assertRefused(
            self.upload("link", self.csv("a"), token="x"),
            401,
            "err.request.unauthorized",
        )
        token = self.token(scope="mapper.resolve")
        response = self.upload("link", self.csv("a"), token=token)
        self.assertRefused(response, 403, "err.request.forbidden")

    def test_synchronous_addresses_take_no_files(self):
        response = self.url_open(
            "/spar/v1/mapper/sync/link",
            data={"action": "link"},
            files={"fileName": ("a", self.csv("a"))},
            headers={"Authorization": f"Bearer {self.token()}"},
        )
        self.assertRefused(response, 415, "err.request.bad")

    def test_purpose_that_is_not_the_partners(self):
        purpose = self.env["g2p.spar.purpose"].create({"code": "cash", "name": "Cash"})
        self.sender.purpose_ids = purpose

        response = self.upload("link", self.csv("a"), purpose="school")

        self.assertRefused(response, 403, "err.request.forbidden")

    def test_callback_address_that_is_not_the_partners(self):
        content = self.message(
            "link", [self.link_item("a")], sender_uri="https://elsewhere.example.org"
        )

        message = self.upload("link", content, "json").json()["message"]

        self.assertEqual(message["ack_status"], "ERR")
        self.assertEqual(message["error"]["code"], "err.sender_uri.invalid")

    def test_audit_line_has_no_personal_data(self):
        with self.assertLogs("g2p_spar.audit", logging.INFO) as log:
            self.upload("link", self.csv("private") + b"\xff")

        [line] = [one for one in said(log) if '"op":"link"' in one]
        self.assertEqual(json.loads(line)["status"], 400)
        self.assertNotIn(NATIONAL_ID % "private", line)
