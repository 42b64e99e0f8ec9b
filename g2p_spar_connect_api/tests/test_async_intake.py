import json

from odoo.tests import tagged

from .async_common import AsyncCase

WRITES = ("link", "update", "unlink")


@tagged("post_install", "-at_install")
class TestAsyncIntake(AsyncCase):
    def ack(self, operation, items, **kw):
        """Send a message. :return: what is said of it"""
        body = self.message(operation, items, **kw)
        response = self.post_later(operation, body)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()["message"]

    def assertNotTaken(self, ack, code):
        """The message was refused and left nothing behind."""
        self.assertEqual((ack["ack_status"], ack["error"]["code"]), ("ERR", code))
        self.assertTrue(ack["error"]["message"].endswith("."))
        self.assertFalse(self.env["g2p.spar.message"].search([("mode", "=", "async")]))

    def test_message_is_taken_and_changes_nothing_yet(self):
        before = self.mappings()
        for operation in (*WRITES, "resolve"):
            ack = self.ack(operation, [self.link_item("a")])
            with self.subTest(operation):
                self.assertEqual(ack["ack_status"], "ACK")
                self.assertNotIn("error", ack)
                logged = self.logged(ack)
                self.assertEqual((logged.mode, logged.state), ("async", "received"))
                self.assertEqual(logged.operation, operation)
                self.assertEqual(self.mappings(), before)

    def test_both_addresses(self):
        body = self.message("link", [self.link_item("a")])
        first = self.post("../link", body).json()

        again = self.post("../../async/link", body).json()

        self.assertEqual(again, first)

    def test_without_callback_address_nothing_is_promised(self):
        self.sender.callback_url = False

        ack = self.take("link", [self.link_item("a")])
        self.work_off()

        self.assertEqual(ack["ack_status"], "NACK")
        self.assertTrue(self.mapping("a"))
        self.assertFalse(self.delivery(ack))

    def test_repeat_is_acknowledged_as_before(self):
        for operation in WRITES:
            body = self.message(operation, [self.link_item("a")])
            first = self.post_later(operation, body)
            self.work_off()
            self.sender.callback_url = False

            again = self.post_later(operation, body)

            with self.subTest(operation):
                self.assertEqual(again.content, first.content)
                self.assertEqual(len(self.logged(first.json()["message"])), 1)
            self.sender.callback_url = self.partner.url

    def test_same_name_for_another_message(self):
        self.ack("link", [self.link_item("a")], message_id="name")
        kept = self.env["g2p.spar.message"].search_count([])

        ack = self.ack("link", [self.link_item("b")], message_id="name")

        self.assertEqual(ack["error"]["code"], "err.request.bad")
        self.assertEqual(self.env["g2p.spar.message"].search_count([]), kept)

    def test_same_message_in_the_other_way(self):
        """Once taken for later it is not answered at once, nor the other way."""
        later = self.message("link", [self.link_item("a")])
        self.post_later("link", later)
        header = self.post("link", later).json()["header"]
        self.assertEqual(header["status_reason_code"], "rjct.message_id.duplicate")

        at_once = self.message("link", [self.link_item("b")])
        self.post("link", at_once)
        ack = self.post_later("link", at_once).json()["message"]
        self.assertEqual(ack["ack_status"], "ERR")

    def test_headers_that_refuse(self):
        for header, code in (
            ({"version": "9"}, "err.version.not_supported"),
            ({"action": "unlink"}, "err.request.bad"),
            ({"total_count": 7}, "err.request.bad"),
            ({"message_ts": "soon"}, "err.request.bad"),
            ({"sender_uri": "https://evil.example/"}, "err.sender_uri.invalid"),
            ({"sender_uri": self.partner.url + "x"}, "err.sender_uri.invalid"),
        ):
            with self.subTest(**header):
                self.assertNotTaken(
                    self.ack("link", [self.link_item("a")], **header), code
                )

    def test_name_of_another_sender(self):
        other = self.make_sender(active=False)
        ack = self.ack("link", [self.link_item("a")], sender_id=other.mnemonic.upper())
        self.assertNotTaken(ack, "err.sender_id.invalid")
        for name in (self.sender.mnemonic, "nobody", ""):
            with self.subTest(name):
                ack = self.ack("link", [self.link_item("a")], sender_id=name)
                self.assertEqual(ack["ack_status"], "ACK")

    def test_receiver(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("g2p_spar_connect_api.receiver_id", "spar")

        ack = self.ack("link", [self.link_item("a")], receiver_id="other")
        self.assertNotTaken(ack, "err.receiver_id.invalid")
        ack = self.ack("link", [self.link_item("a")], receiver_id="spar")
        self.assertEqual(ack["ack_status"], "ACK")

    def test_requests_that_are_refused(self):
        self.sender.may_link = False
        response = self.post_later("link", self.message("link", []))
        self.assertRefused(response, 403, "err.request.forbidden")
        self.sender.may_link = True
        for body in (b"", b"[]", b"{", b'{"header": {}}', b"\xff"):
            with self.subTest(body):
                response = self.post_later("link", body)
                self.assertRefused(response, 400, "err.request.bad")
        response = self.post_later("link", b"{}", token="wrong")
        self.assertRefused(response, 401, "err.request.unauthorized")
        self.assertFalse(self.env["g2p.spar.message"].search([("mode", "=", "async")]))

    def test_content_is_kept_sealed_only(self):
        ack = self.take("link", [self.link_item("private")])

        payload = self.env["g2p.spar.message.payload"].search(
            [("message_id", "=", self.logged(ack).id)]
        )
        self.assertEqual(payload.kind, "request")
        text = json.dumps([self.logged(ack).read(), payload.read()], default=str)
        self.assertNotIn("private@", text)
        [raw] = payload.read_contents([self.logged(ack).id], "request").values()
        self.assertIn(b"private", raw)

    def test_one_item_costs_few_statements(self):
        """The message, its sealed content, and what the rights need."""
        token = self.token()
        for count in (1, 50):
            items = [self.link_item(f"p{number}") for number in range(count)]
            body = self.message("link", items)
            self.post_later("link", self.message("link", items), token)
            with self.subTest(count), self.assertQueryCount(7):
                self.post_later("link", body, token)
