import json
import logging
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.sql_db import db_connect
from odoo.tests import tagged

from ..models.g2p_spar_message_work import MAX_TRIES
from ..models.wakeups import WORK
from .async_common import AsyncCase

_HTTP_LOG = "odoo.addons.g2p_spar_connect_api.http"


@tagged("post_install", "-at_install")
class TestAsyncWork(AsyncCase):
    def answers(self, ack):
        """Bodies of the callbacks of a message."""
        return [
            body
            for _path, _headers, body in self.partner.received
            if body["message"]["correlation_id"] == ack["correlation_id"]
        ]

    def test_effect_and_callback(self):
        ack = self.take("link", [self.link_item("a"), self.item("b", fa="")])
        self.work_off()
        self.deliver()

        self.assertTrue(self.mapping("a"))
        [(path, headers, body)] = self.partner.received
        self.assertEqual(path, "/callback/on-link")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertIn("..", headers["Signature"])
        header, message = body["header"], body["message"]
        self.assertEqual((header["action"], header["status"]), ("on-link", "succ"))
        self.assertEqual((header["total_count"], header["completed_count"]), (2, 2))
        self.assertEqual(message["correlation_id"], ack["correlation_id"])
        self.assertEqual(message["transaction_id"], "t1")
        self.assertEqual(
            [(r["reference_id"], r["status"]) for r in message["link_response"]],
            [("ref-a", "succ"), ("ref-b", "rjct")],
        )
        logged = self.logged(ack)
        self.assertEqual((logged.state, logged.total, logged.succeeded), ("done", 2, 1))
        self.assertTrue(logged.result_digest)
        self.assertFalse(logged.marks)
        self.assertEqual(self.delivery(ack).state, "delivered")

    def test_who_looked_up_what_is_noted_when_it_is_done(self):
        with self.assertLogs("g2p_spar.audit", logging.INFO) as log:
            ack = self.take("resolve", [self.item("a")])
            self.work_off()

        lines = [json.loads(record.getMessage()) for record in log.records]
        _token, taken, line = lines
        self.assertEqual((taken["op"], taken["protocol"]), ("resolve", "g2p_connect"))
        self.assertEqual(
            (line["op"], line["sender"], line["items"], line["succeeded"]),
            ("on-resolve", self.sender.mnemonic, 1, 1),
        )
        self.assertEqual(line["message_id"], self.logged(ack).message_id)
        self.assertEqual(line["protocol"], "g2p_connect")

    def test_four_operations_answer_as_at_once(self):
        """What is posted later is what would have been answered."""
        self.results("link", [self.link_item("a")])
        for operation, item in (
            ("resolve", self.item("a", scope="details")),
            ("link", self.link_item("a")),
            ("update", self.link_item("nobody")),
            ("unlink", self.item("nobody")),
        ):
            at_once = self.results(operation, [item])
            ack = self.take(operation, [item])
            self.work_off()
            self.deliver()
            [body] = self.answers(ack)
            later = body["message"][f"{operation}_response"]
            for result in (*at_once, *later):
                result.pop("timestamp")
            with self.subTest(operation):
                self.assertEqual(later, at_once)
                self.assertEqual(body["header"]["action"], f"on-{operation}")

    def test_message_of_one_person_waits_for_the_older_one(self):
        acks = [
            self.take("link", [self.link_item("a")]),
            self.take("unlink", [self.item("a")]),
            self.take("link", [self.link_item("b")]),
        ]
        first, second, third = (self.logged(ack) for ack in acks)
        self.make_due(first)
        first.not_before = fields.Datetime.now() + timedelta(minutes=1)
        first.flush_recordset()

        self.work_off()
        self.assertEqual(
            (first.state, second.state, third.state), ("received", "received", "done")
        )

        self.make_due(first)
        self.work_off()
        self.assertEqual((first.state, second.state), ("done", "done"))
        self.assertEqual(self.mapping("a").state, "unlinked")

    def test_two_spellings_are_one_person(self):
        self.take("link", [self.link_item("a")])
        upper = self.item("a", id=self.item("a")["id"].replace("token:", "TOKEN:"))
        self.take("unlink", [upper])
        messages = self.env["g2p.spar.message"].search([("mode", "=", "async")])

        self.assertEqual(messages[0].marks, messages[1].marks)

    def test_nothing_is_done_twice(self):
        ack = self.take("link", [self.link_item("a")])
        for _time in range(3):
            self.work_off()
            self.deliver()

        self.assertEqual(len(self.answers(ack)), 1)
        self.assertEqual(len(self.mapping("a").version_ids), 1)

    def test_job_that_dies_leaves_nothing_half(self):
        """The effect is undone with the result and the callback."""
        ack = self.take("link", [self.link_item("a")])

        with self.killed("g2p.spar.delivery", "post"):
            self.work_off()
        self.assertFalse(self.mapping("a"))
        self.assertEqual(
            (self.logged(ack).state, self.logged(ack).tries), ("received", 1)
        )

        self.make_due(self.logged(ack))
        self.work_off()
        self.deliver()
        self.assertTrue(self.mapping("a"))
        self.assertEqual(len(self.answers(ack)), 1)

    def test_message_that_fails_is_put_aside_and_blocks_nobody(self):
        bad = self.take("link", [self.link_item("a")])
        good = self.take("unlink", [self.item("a")])
        deliveries = type(self.env["g2p.spar.delivery"])

        with (
            # When everything else is done.
            patch.object(deliveries, "post", side_effect=ZeroDivisionError("secret")),
            self.assertLogs(_HTTP_LOG) as log,
        ):
            for _time in range(MAX_TRIES):
                self.make_due(self.logged(bad))
                self.work_off()

        logged = self.logged(bad)
        self.assertEqual((logged.state, logged.tries), ("failed", MAX_TRIES))
        self.assertNotIn("secret", logged.problem + "".join(log.output))
        self.assertFalse(self.mapping("a"))
        self.make_due(self.logged(good))
        self.work_off()
        self.assertEqual(self.logged(good).state, "done")

        logged.with_user(self._staff("admin")).action_work_off_again()
        self.work_off()
        self.assertEqual(logged.state, "done")
        self.assertTrue(self.mapping("a"))
        self.assertTrue(self.delivery(bad))

    def test_message_that_kills_its_worker_is_put_aside(self):
        ack = self.take("link", [self.link_item("a")])
        logged = self.logged(ack)
        logged.write({"tries": MAX_TRIES})
        self.make_due(logged)

        self.work_off()

        self.assertEqual(logged.state, "failed")
        self.assertTrue(logged.problem)
        self.assertFalse(self.mapping("a"))

    def test_others_leave_a_message_alone_that_was_just_begun(self):
        ack = self.take("link", [self.link_item("a")])
        logged = self.logged(ack)
        logged.not_before = fields.Datetime.now() + timedelta(seconds=1)
        logged.flush_recordset()

        self.work_off()

        self.assertEqual((logged.state, logged.tries), ("received", 0))

    def test_right_that_was_taken_away(self):
        for change in ({"may_link": False}, {"active": False}):
            ack = self.take("link", [self.link_item("a")])
            self.sender.write(change)
            self.env.flush_all()
            self.work_off()
            with self.subTest(**change):
                self.assertEqual(self.logged(ack).state, "failed")
                self.assertFalse(self.mapping("a"))
            self.sender.write({"may_link": True, "active": True})

    def test_time_of_a_message_is_judged_when_it_is_taken(self):
        ack = self.take("link", [self.link_item("a")])
        logged = self.logged(ack)
        logged.answered_at = "2026-01-01 00:00:00"
        logged.flush_recordset()

        self.work_off()

        # The item's own time was in the future then.
        self.assertEqual((logged.state, logged.succeeded), ("done", 0))

    def test_contents_are_purged_and_counts_stay(self):
        ack = self.take("link", [self.link_item("a")])
        self.work_off()
        payloads = self.env["g2p.spar.message.payload"]
        logged = self.logged(ack)
        own = [("message_id", "=", logged.id)]
        now = fields.Datetime.now()

        for days, kinds in (
            (0.9, {"request", "result"}),
            (1.1, {"result"}),
            (31, set()),
        ):
            with patch.object(
                fields.Datetime, "now", lambda _d=days: now + timedelta(days=_d)
            ):
                payloads._gc_payloads()
            with self.subTest(days=days):
                self.assertEqual(set(payloads.search(own).mapped("kind")), kinds)
        self.assertEqual((logged.total, logged.succeeded), (1, 1))
        self.assertTrue(logged.digest and logged.result_digest)

    def test_content_that_is_needed_is_not_purged(self):
        ack = self.take("link", [self.link_item("a")])
        now = fields.Datetime.now()
        logged = self.logged(ack)
        logged.answered_at = now - timedelta(days=100)
        logged.flush_recordset()

        self.env["g2p.spar.message"]._gc_messages()
        self.env["g2p.spar.message.payload"]._gc_payloads()

        self.work_off()
        self.assertEqual(logged.state, "done")

    def test_message_that_needs_attention_is_not_dropped(self):
        ack = self.take("link", [self.link_item("a")])
        logged = self.logged(ack)
        for state, kept in (("failed", True), ("done", False)):
            logged.write({"state": state, "answered_at": "2020-01-01 00:00:00"})
            logged.flush_recordset()
            logged._gc_messages()
            with self.subTest(state):
                self.assertEqual(bool(logged.exists()), kept)

    def test_sweeper_wakes_where_something_is_due(self):
        jobs = [("method_name", "in", ("work_off", "send_due"))]

        def swept():
            self.env["queue.job"].search(jobs).unlink()
            self.env["g2p.spar.message"]._cron_sweep()
            self.env["g2p.spar.message"]._cron_sweep()
            return self.env["queue.job"].search(jobs).mapped("method_name")

        self.assertEqual(swept(), [])
        ack = self.take("link", [self.link_item("a")])
        self.assertEqual(swept(), ["work_off"])
        self.work_off()
        self.assertEqual(swept(), ["send_due"])
        self.deliver()
        self.assertEqual(swept(), [])
        self.assertEqual(self.delivery(ack).state, "delivered")

    def test_lost_job_does_not_count_as_waiting(self):
        self.take("link", [self.link_item("a")])
        jobs = [("method_name", "=", "work_off")]

        def waiting():
            self.env["g2p.spar.message"]._cron_sweep()
            return self.env["queue.job"].search(jobs)

        job = waiting()
        now = fields.Datetime.now()
        for seconds, found in ((2, 1), (30, 2)):
            enqueued = now - timedelta(seconds=seconds)
            job.write({"state": "enqueued", "date_enqueued": enqueued})
            job.flush_recordset()
            with self.subTest(seconds=seconds):
                self.assertEqual(len(waiting()), found)

    def test_sweep_rouses_the_runner(self):
        """It listens to the table of jobs, and looks for dead ones when it hears."""
        connection = db_connect(self.env.cr.dbname)
        with connection.cursor() as runner, connection.cursor() as sweeper:
            runner.execute("LISTEN queue_job")
            runner.commit()
            wake = self.env(cr=sweeper)["g2p.spar.wake"]
            with patch.object(type(wake), "ensure"):
                wake.sweep(WORK)
            sweeper.commit()
            runner.execute("SELECT 1")
            heard = [notice.channel for notice in runner._cnx.notifies]
        self.assertEqual(heard, ["queue_job"])

    def test_wake_ups_are_in_their_channels(self):
        self.take("link", [self.link_item("a")])
        self.env["g2p.spar.message"]._cron_sweep()

        job = self.env["queue.job"].search([("method_name", "=", "work_off")])
        self.assertEqual(job.channel, "root.g2p_spar_work")
        self.assertTrue(job.job_function_id.allow_commit)
        self.assertEqual(job.max_retries, 0)

    def test_only_administrators_work_off_again(self):
        ack = self.take("link", [self.link_item("a")])
        for user in (self._staff("auditor"), self.officer, self.manager):
            message = self.logged(ack).with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                message.action_work_off_again()
