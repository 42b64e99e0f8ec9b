from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .async_common import AsyncCase


@tagged("post_install", "-at_install")
class TestDelivery(AsyncCase):
    def promise(self, person="a", **header):
        """Let a message be worked off. :return: its callback"""
        ack = self.take("link", [self.link_item(person)], **header)
        self.work_off()
        return self.delivery(ack)

    def reports(self, delivery):
        """HTTP statuses of its attempts, the first one first."""
        return delivery.attempt_ids.sorted("id").mapped("status")

    def test_any_success_is_a_delivery(self):
        for status in (200, 201, 202, 204):
            self.partner.statuses = [status]
            delivery = self.promise()
            self.deliver()
            with self.subTest(status):
                self.assertEqual(delivery.state, "delivered")
                self.assertTrue(delivery.delivered_at and delivery.digest)
                self.assertEqual(self.reports(delivery), [status])
                self.assertEqual(delivery.url, f"{self.partner.url}/on-link")

    def test_failures_are_tried_again_later(self):
        self.partner.statuses = [500, 404, 503]
        delivery = self.promise()
        pauses = []
        for _time in range(3):
            self.deliver()
            self.assertEqual(delivery.state, "due")
            self.deliver()  # not yet
            pauses.append(delivery.next_at - fields.Datetime.now())
            self.make_due(delivery)
        self.deliver()

        self.assertEqual(delivery.state, "delivered")
        self.assertEqual(self.reports(delivery), [500, 404, 503, 200])
        self.assertLess(pauses[0], pauses[2])
        sent = [body for _path, _headers, body in self.partner.received]
        self.assertEqual(sent, [sent[0]] * 4)

    def test_server_that_does_not_answer(self):
        delivery = self.promise()
        self.partner.close()

        self.deliver()

        self.assertEqual((delivery.state, delivery.is_unanswered), ("due", True))
        self.assertEqual(delivery.attempt_ids.code, "unreachable")
        self.assertTrue(delivery.problem)

    def test_others_wait_while_a_server_does_not_answer(self):
        self.partner.statuses = [503]
        first, second = self.promise("a"), None
        self.deliver()
        second = self.promise("b")
        self.deliver()
        self.assertEqual((first.attempts, second.attempts), (1, 0))

        self.make_due(first)
        self.deliver()

        self.assertEqual((first.state, second.state), ("delivered", "delivered"))

    def test_new_address_is_tried_at_once(self):
        self.partner.statuses = [503]
        first = self.promise("a")
        self.deliver()
        second = self.promise("b")

        self.sender.callback_url = f"{self.partner.url}/moved"
        self.deliver()

        self.assertEqual((first.state, second.state), ("delivered", "delivered"))
        self.assertEqual(first.url, f"{self.partner.url}/moved/on-link")

    def test_one_message_that_is_refused_holds_nobody_up(self):
        self.partner.statuses = [400]
        first = self.promise("a")
        self.deliver()
        second = self.promise("b")

        self.deliver()

        self.assertEqual((first.state, second.state), ("due", "delivered"))

    def test_partners_do_not_wait_for_each_other(self):
        self.partner.close()
        bad = self.promise("a")
        self.deliver()
        other, server = self.make_sender(), self.serve()
        other.callback_url = server.url
        body = self.message("link", [self.link_item("b")])
        token = self.token(other, self.new_secret(other))
        ack = self.post_later("link", body, token).json()["message"]
        self.work_off()

        self.deliver()

        self.assertEqual((bad.state, self.delivery(ack).state), ("due", "delivered"))
        self.assertEqual(len(server.received), 1)

    def test_after_a_day_it_is_parked_and_can_be_sent_again(self):
        self.partner.statuses = [500, 500, 500]
        delivery = self.promise()
        self.deliver()
        self.make_due(delivery, hours=23)
        self.deliver()
        self.assertEqual(delivery.state, "due")
        self.make_due(delivery, hours=24)
        self.deliver()
        self.assertEqual((delivery.state, delivery.next_at), ("parked", False))
        self.deliver()
        self.assertEqual(len(self.partner.received), 3)

        delivery.with_user(self._staff("admin")).action_send_again()
        self.deliver()

        self.assertEqual(delivery.state, "delivered")

    def test_callback_that_was_taken_and_never_reported_is_sent_again(self):
        delivery = self.promise()
        with self.killed("g2p.spar.delivery", "_note"):
            self.deliver()
        self.assertEqual(delivery.state, "due")
        self.assertGreater(delivery.next_at, fields.Datetime.now())

        self.make_due(delivery)
        self.deliver()

        self.assertEqual(delivery.state, "delivered")
        ids = {body["header"]["message_id"] for *_rest, body in self.partner.received}
        self.assertEqual(ids, {delivery.callback_id})

    def test_address_of_the_message(self):
        delivery = self.promise(sender_uri=f"{self.partner.url}/below")
        self.deliver()

        self.assertEqual(delivery.url, f"{self.partner.url}/below/on-link")
        [(path, *_rest)] = self.partner.received
        self.assertEqual(path, "/callback/below/on-link")

    def test_address_is_that_of_the_moment(self):
        elsewhere = self.serve()
        for wanted in (None, self.partner.url):
            delivery = self.promise(sender_uri=wanted)
            self.sender.callback_url = elsewhere.url
            self.deliver()
            with self.subTest(wanted):
                state = "parked" if wanted else "delivered"
                self.assertEqual(delivery.state, state)
                self.assertEqual(len(elsewhere.received), 1)
            self.sender.callback_url = self.partner.url
        self.assertFalse(self.partner.received)

    def test_what_may_not_be_sent_is_parked(self):
        for change in ({"active": False}, {"callback_url": False}):
            delivery = self.promise()
            self.sender.write(change)
            self.deliver()
            with self.subTest(**change):
                self.assertEqual(delivery.state, "parked")
                self.assertTrue(delivery.problem.endswith("."))
            self.sender.write({"active": True, "callback_url": self.partner.url})
        self.assertFalse(self.partner.received)

    def test_address_that_is_not_allowed(self):
        delivery = self.promise()
        self.env["g2p.spar.outgoing.address"].search([]).unlink()

        self.deliver()

        self.assertEqual(delivery.attempt_ids.code, "address_forbidden")
        self.assertFalse(self.partner.received)

    def test_purged_result(self):
        delivery = self.promise()
        self.env["g2p.spar.message.payload"].search([]).unlink()

        self.deliver()

        self.assertEqual(delivery.state, "parked")
        self.assertIn("purged", delivery.problem)

    def test_address_that_changed_since_it_was_resolved(self):
        self.results("link", [self.link_item("a"), self.link_item("b")])
        items = [self.item("a", scope="details"), self.item("b", scope="details")]
        self.take("resolve", items)
        self.work_off()
        self.results("unlink", [self.item("a")])

        self.deliver()

        [(*_rest, body)] = self.partner.received
        first, second = body["message"]["resolve_response"]
        self.assertIsNone(first["fa"])
        self.assertEqual(first["status_reason_code"], "succ.id.inactive")
        self.assertTrue(second["fa"])

    def test_a_body_of_its_own(self):
        """What is not kept with a message is kept with the callback, sealed."""
        facts = self.env["g2p.spar.sender"].get_facts(self.sender.client_id)
        body = {"header": {"status": "succ"}, "message": {"private": "words"}}
        self.env["g2p.spar.delivery"].post(facts, "resolve", body, "c9")
        delivery = self.env["g2p.spar.delivery"].search([("correlation_id", "=", "c9")])
        self.assertNotIn("words", str(delivery.read()))

        self.deliver()

        [(path, _headers, sent)] = self.partner.received
        self.assertEqual(path, "/callback/on-resolve")
        self.assertEqual(sent["message"], {"private": "words"})
        self.assertEqual(sent["header"]["action"], "on-resolve")
        self.assertFalse(delivery.content)

    def test_next_attempt_wakes_somebody(self):
        self.partner.statuses = [500]
        delivery = self.promise()
        self.deliver()

        job = self.env["queue.job"].search([("method_name", "=", "send_due")])
        self.assertEqual(job.eta, delivery.next_at)

    def test_callback_address_must_be_one(self):
        for text in ("pbms", "ftp://a.example", "https://a.example/?x=1", "https://"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.sender.callback_url = text

    def test_only_administrators_send_again(self):
        delivery = self.promise()
        for user in (self._staff("auditor"), self.officer, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                delivery.with_user(user).action_send_again()

    def test_callbacks_without_message_are_dropped_in_time(self):
        facts = self.env["g2p.spar.sender"].get_facts(self.sender.client_id)
        deliveries = self.env["g2p.spar.delivery"]
        deliveries.post(facts, "link", {"header": {}}, "c9")
        delivery = deliveries.search([("correlation_id", "=", "c9")])
        now = fields.Datetime.now()
        for days, kept in ((29, True), (31, False)):
            delivery.created_at = now - timedelta(days=days)
            delivery.flush_recordset()
            deliveries._gc_deliveries()
            with self.subTest(days=days):
                self.assertEqual(bool(delivery.exists()), kept)
