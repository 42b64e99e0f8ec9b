import json
import logging

from odoo.tests import tagged

from ..core.envelope import ECHO_LIMIT
from .common import ConnectCase


@tagged("post_install", "-at_install")
class TestLimits(ConnectCase):
    def test_items(self):
        self.sender.item_limit = 3
        items = [self.link_item(f"p{n}") for n in range(4)]
        before = self.mappings()

        response = self.post("link", self.message("link", items))

        header = response.json()["header"]
        self.assertEqual(
            header["status_reason_code"], "rjct.total_count.limit_exceeded"
        )
        self.assertIn("3", header["status_reason_message"])
        self.assertEqual(self.mappings(), before)
        self.assertEqual(len(self.results("link", items[:3])), 3)

    def test_a_hundred_thousand_items(self):
        items = [{"reference_id": str(n)} for n in range(100_000)]

        response = self.post("resolve", self.message("resolve", items))

        found = response.json()
        self.assertEqual(
            found["header"]["status_reason_code"], "rjct.total_count.limit_exceeded"
        )
        self.assertEqual(found["header"]["total_count"], 100_000)
        self.assertEqual(len(found["message"]["resolve_response"]), ECHO_LIMIT)

    def test_body(self):
        self.sender.body_megabytes = 1
        message = self.message("resolve", [self.item("x", name="x" * 2**20)])

        response = self.post("resolve", message)

        self.assertRefused(response, 413, "err.request.bad")
        self.assertIn(str(2**20), response.text)

    def test_body_that_was_not_announced(self):
        """Sent in chunks, as HTTP/1.1 allows."""
        self.sender.body_megabytes = 1
        message = self.message("resolve", [self.item("x", name="x" * 2**19)])
        raw = json.dumps(message).encode()
        for padding, status in ((0, 200), (2**20, 413)):
            chunks = iter((raw[:1000], raw[1000:], b" " * padding))
            headers = {
                "Authorization": f"Bearer {self.token()}",
                "Content-Type": "application/json",
            }
            with self.subTest(padding=padding):
                response = self.opener.post(
                    f"{self.base_url()}/spar/v1/sync/resolve",
                    data=filter(None, chunks),
                    headers=headers,
                )
                self.assertEqual(response.status_code, status, response.text)

    def test_id_of_a_megabyte(self):
        [result] = self.results("resolve", [self.item("x", id="x" * 2**20)])

        self.assertEqual(result["status_reason_code"], "rjct.id.invalid")

    def test_requests(self):
        self.sender.request_limit = 2
        token = self.token()
        other = self.make_sender()
        other_token = self.token(other, self.new_secret(other))
        message = self.message("resolve", [self.item("x")])

        found = [self.post("resolve", message, token) for _n in range(3)]

        self.assertEqual([r.status_code for r in found], [200, 200, 429])
        self.assertRefused(found[2], 429, "err.request.too_many_requests")
        self.assertLessEqual(1, int(found[2].headers["Retry-After"]))
        self.assertGreaterEqual(60, int(found[2].headers["Retry-After"]))
        self.assertEqual(
            self.post("resolve", message, other_token).status_code, 200, "its own count"
        )

    def test_audit_line(self):
        item = self.link_item("Private", name="Private", phone_number="+639171234567")
        token = self.token()
        with self.assertLogs("g2p_spar.audit", logging.INFO) as log:
            self.post("link", self.message("link", [item, None], "mid"), token)
            self.post("link", b"{}", token)
            self.post("link", b"{}", "no.token")

        granted, bad, unknown = (json.loads(r.getMessage()) for r in log.records)
        self.assertEqual(
            {k: v for k, v in granted.items() if k not in ("at", "ms")},
            {
                "op": "link",
                "ip": "127.0.0.1",
                "sender": self.sender.mnemonic,
                "transaction_id": "t1",
                "message_id": "mid",
                "purpose": None,
                "items": 2,
                "succeeded": 1,
                "rejected": 1,
                "status": 200,
                "code": None,
                "via": "token",
                "reason": None,
                "protocol": "g2p_connect",
                "replay": False,
            },
        )
        self.assertEqual((bad["status"], bad["code"]), (400, "err.request.bad"))
        self.assertEqual(bad["sender"], self.sender.mnemonic)
        self.assertEqual((unknown["status"], unknown["sender"]), (401, None))
        text = str(log.output)
        for private in (item["id"], item["fa"], "Private", "+63917", token):
            self.assertNotIn(private, text)

    def test_replay_is_noted(self):
        message = self.message("link", [self.link_item("a")])
        token = self.token()
        with self.assertLogs("g2p_spar.audit", logging.INFO) as log:
            for _n in range(2):
                self.post("link", message, token)

        replays = [json.loads(r.getMessage())["replay"] for r in log.records]
        self.assertEqual(replays, [False, True])
