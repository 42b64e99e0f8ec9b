import json
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.models.g2p_spar_mapper import G2PSparMapper

from ..core.access_token import issue
from ..core.jose.own import new_key
from ..models.g2p_spar_access import G2PSparAccess
from .common import ConnectCase

HTTP = "odoo.addons.g2p_spar_connect_api.http"


@tagged("post_install", "-at_install")
class TestRefusals(ConnectCase):
    """What is refused before the items are looked at, over real HTTP."""

    def setUp(self):
        super().setUp()
        self.before = self.mappings()
        self.addCleanup(lambda: self.assertEqual(self.mappings(), self.before))
        self.good = json.dumps(self.message("link", [self.link_item("no")])).encode()

    def _open(self, **headers):
        return self.url_open(
            "/spar/v1/mapper/sync/link",
            data=self.good,
            headers={"Content-Type": "application/json", **headers},
        )

    def test_no_token(self):
        response = self._open()

        self.assertRefused(response, 401, "err.request.unauthorized")
        self.assertEqual(response.headers["WWW-Authenticate"], 'Bearer realm="spar"')

    def test_unusable_token(self):
        token = self.token()
        head, body, signature = token.split(".")
        for header in (
            "Bearer",
            "Bearer x",
            "Bearer é".encode().decode("latin1"),
            f"Basic {token}",
            token,
            f"Bearer {head}.{body}.",
            f"Bearer {head}.{body}.{signature[::-1]}",
            f"Bearer {token}x",
        ):
            response = self._open(Authorization=header)
            with self.subTest(header=header[:20]):
                self.assertRefused(response, 401, "err.request.unauthorized")
                self.assertIn("invalid_token", response.headers["WWW-Authenticate"])

    def test_foreign_token(self):
        """Signed with a key of somebody else, right in everything else."""
        access = self.env["g2p.spar.access"]
        self.token()
        token = issue(
            new_key(),
            access._issuer(),
            self.sender.client_id,
            frozenset({"mapper.link"}),
            1,
            2**40,
        )

        response = self._open(Authorization=f"Bearer {token}")

        self.assertRefused(response, 401, "err.request.unauthorized")

    def test_expired_token(self):
        access = self.env["g2p.spar.access"]
        for age, status in ((60, 200), (7200, 401)):
            key = self.env["g2p.spar.own.key"].get_signing_key()
            now = int(self.env.cr.now().timestamp())
            scopes = frozenset({"mapper.resolve"})
            token = issue(
                key, access._issuer(), self.sender.client_id, scopes, now - age, 600
            )
            message = self.message("resolve", [self.item("x")])
            with self.subTest(age=age):
                response = self.post("resolve", message, token)
                self.assertEqual(response.status_code, status, response.text)

    def test_missing_scope(self):
        token = self.token(scope="mapper.resolve")

        response = self.post("link", self.good, token)

        self.assertRefused(response, 403, "err.request.forbidden")
        self.assertIn("insufficient_scope", response.headers["WWW-Authenticate"])

    def test_right_taken_away(self):
        """A right is gone at once, whatever the token says."""
        token = self.token()
        self.sender.may_link = False

        response = self.post("link", self.good, token)

        self.assertRefused(response, 403, "err.request.forbidden")

    def test_sender_shut_out(self):
        token = self.token()
        for values in (
            {"active": False},
            {"active": True, "valid_until": "2020-01-01 00:00:00"},
        ):
            self.sender.write(values)
            with self.subTest(values=values):
                response = self.post("link", self.good, token)
                self.assertRefused(response, 401, "err.request.unauthorized")

    def test_tokens_called_back(self):
        token = self.token()
        self.assertEqual(self.post("resolve", self._ask(), token).status_code, 200)
        self.sender.tokens_from = "2999-01-01 00:00:00"

        response = self.post("resolve", self._ask(), token)

        self.assertRefused(response, 401, "err.request.unauthorized")

    def _ask(self):
        return self.message("resolve", [self.item("x")])

    def test_session_of_staff_is_no_way_in(self):
        self.authenticate("admin", "admin")

        self.assertRefused(self._open(), 401, "err.request.unauthorized")

    def test_method(self):
        token = self.token()
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            response = self.url_open(
                "/spar/v1/mapper/sync/link",
                method=method,
                headers={"Authorization": f"Bearer {token}"},
            )
            with self.subTest(method):
                self.assertRefused(response, 405, "err.request.bad")
                self.assertEqual(response.headers["Allow"], "POST")

    def test_media_type(self):
        for media in ("text/plain", "application/x-www-form-urlencoded", "text/json"):
            response = self.post("link", self.good, **{"Content-Type": media})
            with self.subTest(media):
                self.assertRefused(response, 415, "err.request.bad")
        parameter = {"Content-Type": "application/json; charset=utf-8"}
        response = self.post("resolve", self._ask(), **parameter)
        self.assertEqual(response.status_code, 200)

    def test_body(self):
        token = self.token()
        for body in (
            b"",
            b"{",
            b"[]",
            b"null",
            b"{}",
            b'{"header": {}, "message": {}}',
            b'{"header": NaN}',
            b"\xff\xfe",
            b'{"a":' * 3000,
            self.good[:-2],
        ):
            response = self.post("link", body, token)
            with self.subTest(body=body[:30]):
                self.assertRefused(response, 400, "err.request.bad")

    def test_encrypted(self):
        message = json.loads(self.good)
        message["header"]["is_msg_encrypted"] = True

        response = self.post("link", message)

        self.assertRefused(response, 400, "err.encryption.invalid")

    def test_purpose(self):
        cash = self.env["g2p.spar.purpose"].create({"name": "Cash", "code": "cash"})
        self.sender.purpose_ids = cash
        for purpose, status in (("cash", 200), (None, 200), ("census", 403)):
            message = self.message(
                "resolve", [self.item("p")], meta={"purpose": purpose}
            )
            with self.subTest(purpose=purpose):
                response = self.post("resolve", message)
                self.assertEqual(response.status_code, status)

    def test_rejected_by_header(self):
        item = self.link_item("no")
        for header, code in (
            ({"action": "dance"}, "rjct.action.not_supported"),
            ({"action": "unlink"}, "rjct.action.invalid"),
            ({"version": "7"}, "rjct.version.invalid"),
            ({"message_ts": "2999-01-01"}, "rjct.message_ts.invalid"),
            ({"total_count": 9}, "rjct.total_count.invalid"),
        ):
            response = self.post("link", self.message("link", [item], **header))
            with self.subTest(header=header):
                self.assertEqual(response.status_code, 200)
                found = response.json()
                self.assertEqual(found["header"]["status"], "rjct")
                self.assertEqual(found["header"]["status_reason_code"], code)
                [result] = found["message"]["link_response"]
                self.assertEqual((result["id"], result["status"]), (item["id"], "rjct"))

    def test_empty_list(self):
        response = self.post("link", self.message("link", []))

        header = response.json()["header"]
        self.assertEqual(header["status_reason_code"], "rjct.total_count.invalid")
        self.assertEqual(response.json()["message"]["link_response"], [])

    def test_technical_user_without_right(self):
        self.sender.user_id.write({"group_ids": [(5,)]})

        with mute_logger("odoo.http"):
            response = self.post("resolve", self._ask())

        self.assertRefused(response, 403, "err.request.forbidden")

    def test_fault_of_ours(self):
        """No trace in the answer; none of the content in the log."""
        fault = RuntimeError("token:secret@nationalId")
        with (
            patch.object(G2PSparMapper, "link", side_effect=fault),
            self.assertLogs(HTTP, "ERROR") as log,
        ):
            response = self.post("link", self.good)

        message = self.assertRefused(response, 500, "err.service.unavailable")
        self.assertIn("logged", message)
        self.assertIn("RuntimeError", log.output[0])
        self.assertIn("g2p_spar_connect.py", log.output[0])
        self.assertNotIn("secret@", log.output[0])

    def test_fault_while_authenticating(self):
        """It is no reason to send a partner to the token endpoint."""
        token = self.token()
        for fault, status in (
            (OSError("disk full"), 500),
            (psycopg2.OperationalError("gone"), 503),
        ):
            with (
                self.subTest(fault=fault),
                patch.object(G2PSparAccess, "count_request", side_effect=fault),
                mute_logger(HTTP),
            ):
                response = self.post("link", self.good, token)
                self.assertRefused(response, status, "err.service.unavailable")

    def test_database_gives_up(self):
        for fault in (
            psycopg2.OperationalError("the server closed the connection"),
            psycopg2.errors.QueryCanceled("too long"),
        ):
            with (
                self.subTest(fault=fault),
                patch.object(G2PSparMapper, "link", side_effect=fault),
                mute_logger("odoo.http", "odoo.sql_db"),
            ):
                response = self.post("link", self.good)
                self.assertRefused(response, 503, "err.service.unavailable")
                self.assertGreaterEqual(int(response.headers["Retry-After"]), 1)
