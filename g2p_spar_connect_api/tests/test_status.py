from unittest.mock import patch

from odoo.tests import tagged

from .async_common import AsyncCase
from .samples import STAMP

PATHS = ("mapper/sync", "sync", "registry/sync")


@tagged("post_install", "-at_install")
class TestStatus(AsyncCase):
    def question(self, kind, value, txn_type="link", **values):
        """A question as the specification has it."""
        return {
            "reference_id": "q1",
            "txn_type": txn_type,
            "attribute_type": kind,
            "attribute_value": value,
            **values,
        }

    def status_message(self, asked, **header):
        """A message that asks."""
        message = self.message("txn-status", [asked], **header)
        message["message"] = {"transaction_id": "t9", "txnstatus_request": asked}
        return message

    def ask(self, asked, token=None, path="mapper/sync"):
        """Ask at once. :return: the answer"""
        body = self.status_message(asked)
        response = self.post(f"../../{path}/txn/status", body, token)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def told(self, answer):
        """References and statuses that an answer to one question tells."""
        status = answer["message"]["txnstatus_response"]["txn_status"]
        [results] = [value for value in status.values() if isinstance(value, list)]
        return [(result["reference_id"], result["status"]) for result in results]

    def test_each_name_of_a_message_that_was_answered_at_once(self):
        items = [self.link_item("a"), self.item("b", fa="")]
        message = self.post("link", self.message("link", items)).json()["message"]
        whole = [("ref-a", "succ"), ("ref-b", "rjct")]

        for kind, value, told in (
            ("transaction_id", "t1", whole),
            ("correlation_id", message["correlation_id"], whole),
            ("reference_id_list", ["ref-b"], whole[1:]),
            (
                "reference_id_list",
                "ref-b,ref-x",
                [("ref-b", "rjct"), ("ref-x", "rjct")],
            ),
        ):
            for path in PATHS:
                answer = self.ask(self.question(kind, value), path=path)
                with self.subTest(kind=kind, path=path):
                    self.assertEqual(self.told(answer), told)
                    response = answer["message"]["txnstatus_response"]
                    self.assertEqual(response["txn_type"], "on-link")
                    self.assertEqual(answer["header"]["action"], "txn-on-status")

    def test_three_states_of_a_message_that_is_worked_off_later(self):
        ack = self.take("link", [self.link_item("a")])
        asked = self.question("correlation_id", ack["correlation_id"])

        before = self.ask(asked)
        self.work_off()
        after = self.ask(asked)
        self.env["g2p.spar.message.payload"].search([]).unlink()
        purged = self.ask(asked)

        self.assertEqual(before["header"]["status"], "pdng")
        self.assertEqual(before["header"]["completed_count"], 0)
        self.assertEqual(self.told(before), [("ref-a", "pdng")])
        self.assertEqual(after["header"]["status"], "succ")
        self.assertEqual(after["header"]["completed_count"], 1)
        [result] = self._results(after)
        self.assertEqual(result["fa"], self.link_item("a")["fa"])
        [result] = self._results(purged)
        self.assertEqual((result["status"], result["fa"]), ("succ", None))

    def _results(self, answer):
        status = answer["message"]["txnstatus_response"]["txn_status"]
        return status["link_response"]

    def test_shape_of_the_client_libraries(self):
        message = self.post("link", self.message("link", [self.link_item("a")])).json()
        correlation_id = message["message"]["correlation_id"]
        asked = [
            self.question("correlation_id", correlation_id, timestamp=STAMP),
            self.question("transaction_id", "unknown", timestamp=STAMP),
        ]

        response = self.ask(asked)["message"]["txnstatus_response"]

        self.assertEqual([answer["txn_type"] for answer in response], ["link", "link"])
        self.assertTrue(response[0]["txn_status"]["link_response"][0]["status"], "succ")

    def test_nobody_elses_messages(self):
        ack = self.take("link", [self.link_item("a")])
        other = self.make_sender()
        token = self.token(other, self.new_secret(other))
        for kind, value in (
            ("transaction_id", "t1"),
            ("correlation_id", ack["correlation_id"]),
            ("reference_id_list", ["ref-a"]),
        ):
            answer = self.ask(self.question(kind, value), token)
            with self.subTest(kind):
                self.assertEqual(answer["header"]["status"], "rjct")
                self.assertEqual(self.told(answer), [("q1", "rjct")])

    def test_only_messages_of_the_operation(self):
        ack = self.take("link", [self.link_item("a")])
        for txn_type in ("update", "unlink", "resolve"):
            asked = self.question("correlation_id", ack["correlation_id"], txn_type)
            with self.subTest(txn_type):
                self.assertEqual(self.ask(asked)["header"]["status"], "rjct")

    def test_all_messages_of_a_transaction(self):
        for person in "ab":
            self.take("link", [self.link_item(person)])
        self.results("link", [self.link_item("c")])

        answer = self.ask(self.question("transaction_id", "t1"))

        self.assertEqual(
            self.told(answer),
            [("ref-a", "pdng"), ("ref-b", "pdng"), ("ref-c", "succ")],
        )
        self.assertEqual(answer["header"]["total_count"], 3)

    def test_right_to_ask(self):
        self.sender.may_status = False
        body = self.status_message(self.question("transaction_id", "t1"))
        for path in (*PATHS, "mapper", "async"):
            response = self.post(f"../../{path}/txn/status", body)
            with self.subTest(path):
                self.assertRefused(response, 403, "err.request.forbidden")

    def test_without_the_right_to_the_operation_no_address_is_told(self):
        """A token of mapper.status alone, or a right that was taken away."""
        self.results("link", [self.link_item("a")])
        ack = self.take("resolve", [self.item("a", scope="details")])
        self.work_off()
        self.deliver()
        self.partner.received.clear()
        asked = self.question("correlation_id", ack["correlation_id"], "resolve")
        narrow = self.token(scope="mapper.status")

        def told(answer):
            response = answer["message"]["txnstatus_response"]
            [result] = response["txn_status"]["resolve_response"]
            return result["status_reason_code"], result["fa"]

        self.assertTrue(told(self.ask(asked))[1])
        self.assertEqual(told(self.ask(asked, narrow)), ("succ.id.active", None))
        self.post_later("txn/status", self.status_message(asked), narrow)
        self.work_off()
        self.deliver()
        [(*_rest, sent)] = self.partner.received
        self.assertEqual(told(sent), ("succ.id.active", None))
        self.sender.may_resolve = False
        self.assertEqual(told(self.ask(asked)), ("succ.id.active", None))

    def test_the_newest_message_tells_of_a_reference(self):
        """References that every message numbers anew cost one message each."""
        acks = [
            self.take("link", [self.link_item(person, reference_id="1")])
            for person in "abc"
        ]
        self.work_off()
        self.take("link", [self.link_item("d", reference_id="2")])
        opened = []
        payloads = type(self.env["g2p.spar.message.payload"])
        read = payloads.read_contents

        def note(table, record_ids, kind):
            opened.extend(record_ids)
            return read(table, record_ids, kind)

        with patch.object(payloads, "read_contents", note):
            answer = self.ask(self.question("reference_id_list", ["1", "2"]))

        self.assertEqual(self.told(answer), [("1", "succ"), ("2", "pdng")])
        self.assertEqual(opened[0], self.logged(acks[-1]).id)
        self.assertEqual(len(opened), 2)
        [first, _second] = self._results(answer)
        self.assertEqual(first["fa"], self.link_item("c")["fa"])

    def test_unfit_questions(self):
        body = self.status_message(self.question("name", "x"))
        response = self.post("../../mapper/sync/txn/status", body)
        self.assertRefused(response, 400, "err.request.bad")
        body = self.status_message(self.question("transaction_id", "x"), version="9")
        answer = self.post("../../mapper/sync/txn/status", body).json()
        self.assertEqual(answer["header"]["status_reason_code"], "rjct.version.invalid")

    def test_asked_later_is_told_by_callback(self):
        self.results("link", [self.link_item("a")])
        body = self.status_message(self.question("transaction_id", "t1"))
        ack = self.post_later("txn/status", body).json()["message"]
        self.assertEqual(ack["ack_status"], "ACK")
        self.work_off()
        self.deliver()

        [(path, _headers, sent)] = self.partner.received
        self.assertEqual(path, "/callback/txn/on-status")
        self.assertEqual(sent["header"]["action"], "txn-on-status")
        self.assertEqual(sent["message"]["correlation_id"], ack["correlation_id"])
        self.assertEqual(self.told(sent), [("ref-a", "succ")])
        again = self.post_later("txn/status", body).json()["message"]
        self.assertEqual(again, ack)

    def test_address_that_changed_since_it_was_resolved(self):
        self.results("link", [self.link_item("a")])
        ack = self.take("resolve", [self.item("a", scope="details")])
        self.work_off()
        asked = self.question("correlation_id", ack["correlation_id"], "resolve")

        def address():
            response = self.ask(asked)["message"]["txnstatus_response"]
            [result] = response["txn_status"]["resolve_response"]
            return result["fa"]

        self.assertTrue(address())
        # Asked now and told later: the address is compared again.
        self.post_later("txn/status", self.status_message(asked))
        self.work_off()
        self.results("unlink", [self.item("a")])
        self.assertIsNone(address())
        self.env["g2p.spar.delivery"].search([("operation", "=", "resolve")]).unlink()
        self.deliver()
        [(*_rest, sent)] = self.partner.received
        response = sent["message"]["txnstatus_response"]
        self.assertIsNone(response["txn_status"]["resolve_response"][0]["fa"])

    def test_message_put_aside_is_pending(self):
        ack = self.take("link", [self.link_item("a")])
        self.logged(ack).state = "failed"
        self.env.flush_all()

        asked = self.question("correlation_id", ack["correlation_id"])
        answer = self.ask(asked)

        self.assertEqual(answer["header"]["status"], "pdng")
        [result] = self._results(answer)
        self.assertIn("administrator", result["status_reason_message"])
