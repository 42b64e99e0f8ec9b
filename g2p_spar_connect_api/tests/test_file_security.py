import base64
import hashlib
import itertools
import logging

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .file_common import FileCase, said
from .jose_samples import sign
from .roles import ADMIN, AUDITOR, OPERATIONS, OTHERS
from .signature_common import SignatureCase

_counter = itertools.count()


@tagged("post_install", "-at_install")
class TestFileSecurity(FileCase):
    """Who sees files, who gets results, who may stop them."""

    def user_of(self, role):
        """A user with one role."""
        return new_test_user(self.env, f"file_{next(_counter)}", groups=role)

    def test_results_go_to_their_partner_alone(self):
        file = self.send("link", self.csv("a"))
        self.work_off()
        other = self.make_sender()
        foreign = self.token(other, self.new_secret(other))

        self.assertRefused(self.fetch(file, foreign), 404, "err.request.not_found")
        self.assertRefused(self.fetch(file, "x"), 401, "err.request.unauthorized")
        narrow = self.token(scope="mapper.resolve")
        self.assertRefused(self.fetch(file, narrow), 403, "err.request.forbidden")
        self.assertEqual(self.fetch(file).status_code, 200)

    def test_partner_that_must_encrypt_sends_no_files_in_plain(self):
        self.sender.encryption = "required"
        for content, format_ in (
            (self.csv("a"), "csv"),
            (self.message("link", [self.link_item("a")]), "json"),
        ):
            with self.subTest(format_):
                response = self.upload("link", content, format_)
                self.assertRefused(response, 400, "err.encryption.invalid")
        self.assertFalse(list(self.folder.iterdir()))

    def test_name_that_is_none(self):
        for name in ("x", "%00", "a" * 500, "..%2F..%2Fetc"):
            with self.subTest(name[:9]):
                response = self.url_open(
                    f"/spar/v1/files/{name}/result",
                    headers={"Authorization": f"Bearer {self.token()}"},
                )
                self.assertRefused(response, 404, "err.request.not_found")

    def test_result_that_is_not_there_yet(self):
        file = self.send("link", self.csv("a"))

        response = self.fetch(file)

        self.assertRefused(response, 409, "err.request.bad")
        self.assertTrue(int(response.headers["Retry-After"]))

    def test_fetching_a_result_is_audited(self):
        file = self.send("link", self.csv("a"))
        self.work_off()
        token = self.token()

        with self.assertLogs("g2p_spar.audit", logging.INFO) as log:
            self.fetch(file, token)

        [line] = said(log)
        self.assertIn(f'"sender":"{self.sender.mnemonic}"', line)
        self.assertIn('"op":"result"', line)

    def test_files_on_disk_are_the_servers_alone(self):
        self.send("link", self.csv("a"))
        [path] = self.folder.iterdir()
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_rights_on_the_tables(self):
        file = self.send("link", self.csv("a"))
        self.work_off()
        part = self.env["g2p.spar.file.part"].search([], limit=1)
        for name in (ADMIN, AUDITOR, *OTHERS):
            user = self.user_of(name)
            for record, readers in ((file, (ADMIN, AUDITOR)), (part, ())):
                for operation in OPERATIONS:
                    may = operation == "read" and name in readers
                    with self.subTest(name, operation=operation, of=record._name):
                        allowed = record.with_user(user).has_access(operation)
                        self.assertEqual(allowed, may)

    def test_nobody_reads_what_only_the_service_needs(self):
        file = self.send("link", self.csv("a"))
        shown = file.with_user(self.user_of(ADMIN)).read()[0]
        hidden = {
            "sealed_key",
            "layout",
            "claims",
            "offset",
            "repeated",
            "name_on_disk",
        }
        self.assertFalse(hidden & shown.keys())

    def test_only_administrators_cancel_and_resume(self):
        for action in ("action_cancel", "action_resume"):
            file = self.send("link", self.csv(action))
            for name in (AUDITOR, *OTHERS):
                user = self.user_of(name)
                with self.subTest(action, name=name), self.assertRaises(AccessError):
                    getattr(file.with_user(user), action)()
            self.assertEqual(file.state, "received")
        file.with_user(self.user_of(ADMIN)).action_cancel()
        self.assertEqual(file.state, "cancelled")


@tagged("post_install", "-at_install")
class TestFileSignature(SignatureCase, FileCase):
    """Files of partners that sign."""

    def test_partner_that_must_sign_signs_the_digest(self):
        self.add_key()
        self.sender.signature_policy = "required"
        content = self.csv("a")
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        good = sign(f"sha-256=:{digest}:".encode())

        self.assertRefused(self.upload("link", content), 401, "err.signature.missing")
        for wrong in (sign(content), sign(b"sha-256=:AAAA:"), good[:-2], "x"):
            with self.subTest(wrong[-9:]):
                response = self.upload("link", content, headers={"Signature": wrong})
                self.assertRefused(response, 401, "err.signature.invalid")
        self.assertFalse(list(self.folder.iterdir()))
        response = self.upload("link", content, headers={"Signature": good})
        self.assertEqual(response.status_code, 200, response.text)
