from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_intake.models import g2p_spar_file_mixin as work

from .file_common import FileCase

_HTTP = "odoo.addons.g2p_spar_connect_api.http"


class _Killed(BaseException):
    """A worker dies: nothing after it is done, not even the handling of errors."""


@tagged("post_install", "-at_install")
class TestFileWork(FileCase):
    """Files go on where they ended, whatever happens in between."""

    def setUp(self):
        """Work in small parts."""
        super().setUp()
        self.patch(work, "PART_ROWS", 2)

    def die_at(self, model, method, count):
        """Let the worker die at a call of a method. :return: context"""
        table = type(self.env[model])
        original, calls = getattr(table, method), []

        def dying(record, *args, **kw):
            calls.append(1)
            if len(calls) == count:
                raise _Killed
            return original(record, *args, **kw)

        return patch.object(table, method, dying)

    def work_until_killed(self):
        """Do what a job does whose worker is killed."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # Not assertRaises: it would undo what was committed before.
            with suppress(_Killed):
                env["g2p.spar.file"].work_off()
                self.fail("nobody was killed")
            cr.rollback()
        self.env.invalidate_all()

    def test_no_row_is_lost_or_done_twice_when_a_worker_is_killed(self):
        people = [f"p{number}" for number in range(7)]
        places = [
            ("g2p.spar.mapper", "link"),
            ("g2p.spar.file.part", "keep"),
            ("g2p.spar.file", "_make_receipt"),
            ("g2p.spar.message", "finish"),
            ("g2p.spar.file", "_read_pieces"),
        ]
        for round_, (model, method) in enumerate(places):
            names = [f"{name}-{round_}" for name in people]
            file = self.send("link", self.csv(*names))
            versions = self.env["g2p.spar.mapping.version"].search_count([])
            with (
                self.subTest(method),
                self.die_at(model, method, 1 if method == "finish" else 2),
            ):
                self.work_until_killed()
                self.assertLess(file.completed, 7)
                self.work_off()
                rows = self.rows(self.fetch(file))
                self.assertEqual(
                    [row["reference_id"] for row in rows],
                    [f"ref-{name}" for name in names],
                )
                self.assertEqual({row["status"] for row in rows}, {"succ"})
                after = self.env["g2p.spar.mapping.version"].search_count([])
                self.assertEqual((file.state, after - versions), ("done", 7))

    def test_part_that_fails_is_tried_again_later_then_put_aside(self):
        file = self.send("link", self.csv("a", "b", "c"))
        broken = patch.object(
            type(self.env["g2p.spar.mapper"]), "link", side_effect=ZeroDivisionError
        )
        now = fields.Datetime.now()
        with broken, mute_logger(_HTTP):
            for number in range(work.MAX_TRIES):
                with freeze_time(now + timedelta(hours=number)):
                    self.work_off()
                    tries = file.tries
                    self.work_off()
                self.assertEqual((file.tries, tries), (number + 1, number + 1))
        self.assertEqual((file.state, file.completed), ("failed", 0))
        self.assertEqual(file.message_record_id.state, "failed")
        self.assertFalse(file.sudo()._is_due())

        file.action_resume()
        self.work_off()

        self.assertEqual((file.state, file.succeeded), ("done", 3))
        self.assertEqual(file.message_record_id.state, "done")

    def test_part_that_always_kills_its_worker_is_put_aside(self):
        file = self.send("link", self.csv("a"))
        for _try in range(work.MAX_TRIES):
            with self.die_at("g2p.spar.mapper", "link", 1):
                self.work_until_killed()
            self.assertEqual(file.state, "working")

        self.work_off()

        self.assertEqual(file.state, "failed")
        self.assertIn("begun too often", file.problem)

    def test_partner_that_was_shut_out_since(self):
        for vals in ({"active": False}, {"may_link": False}):
            sender = self.make_sender()
            token = self.token(sender, self.new_secret(sender))
            file = self.send("link", self.csv("a"), token=token)
            sender.write(vals)
            with self.subTest(vals):
                self.work_off()
                self.assertEqual(file.state, "failed")
                self.assertIn("shut out", file.problem)
        self.assertFalse(self.mapping("a"))

    def test_files_of_one_partner_are_done_in_order_and_partners_take_turns(self):
        other = self.make_sender()
        token = self.token(other, self.new_secret(other))
        first = self.send("link", self.csv("a", "b", "c", "d"))
        second = self.send("link", self.csv("e"))
        third = self.send("link", self.csv("f", "g", "h"), token=token)
        order = []
        original = type(first)._do_rows

        def noting(record, part, facts):
            order.append(record.id)
            return original(record, part, facts)

        with patch.object(type(first), "_do_rows", noting):
            self.work_off()

        self.assertEqual(order, [first.id, third.id, first.id, second.id, third.id])

    def test_job_gives_its_worker_back(self):
        file = self.send("link", self.csv("a", "b", "c"))
        with patch.object(work, "SLOT_SECONDS", -1):
            self.work_off()
        self.assertEqual((file.state, file.completed), ("working", 2))

    def test_sweeper_wakes_who_works_files_off(self):
        woken = []
        wake = type(self.env["g2p.spar.wake"])
        self.startPatcher(
            patch.object(wake, "ensure", lambda self, kind, at=None: woken.append(kind))
        )
        self.env["g2p.spar.file"]._cron_sweep()
        self.assertFalse(woken)
        self.send("link", self.csv("a"))

        self.env["g2p.spar.file"]._cron_sweep()

        self.assertEqual([kind[0] for kind in woken], ["root.g2p_spar_file"])

    def test_partner_is_called_back_with_counts_and_link(self):
        self.sender.callback_url = "https://pbms.example.org/back"
        deliveries = type(self.env["g2p.spar.delivery"])
        posted = []
        self.startPatcher(
            patch.object(deliveries, "post", lambda self, *args: posted.append(args))
        )
        response = self.upload("link", self.csv("a") + b"x,y,\r\n")
        self.assertEqual(response.json()["message"]["ack_status"], "ACK")
        self.work_off()

        [(facts, operation, body, correlation_id, url, record_id)] = posted
        header = body["header"]
        file = self.files()
        self.assertEqual(facts.record_id, self.sender.id)
        self.assertEqual((operation, url), ("link", None))
        self.assertEqual(correlation_id, file.correlation_id)
        self.assertEqual(record_id, file.message_record_id.id)
        self.assertEqual(
            (header["status"], header["total_count"], header["completed_count"]),
            ("succ", 2, 2),
        )
        told = header["meta"]["file"]
        self.assertTrue(
            told["href"].endswith(f"/spar/v1/files/{correlation_id}/result")
        )
        self.assertEqual((told["succeeded_count"], told["rejected_count"]), (1, 1))
        self.assertEqual(body["message"]["link_response"], [])

    def test_partner_without_a_callback_is_told_so_and_asks_for_the_status(self):
        response = self.upload("link", self.csv("a"))
        message = response.json()["message"]
        progress = self.env["g2p.spar.file"].get_progress(message["correlation_id"])
        self.assertEqual(message["ack_status"], "NACK")
        self.assertTrue(progress.is_pending)

        self.work_off()

        progress = self.env["g2p.spar.file"].get_progress(message["correlation_id"])
        self.assertEqual(
            (progress.is_pending, progress.total, progress.succeeded), (False, 1, 1)
        )
        deliveries = self.env["g2p.spar.delivery"]
        self.assertFalse(deliveries.search([("sender_id", "=", self.sender.id)]))

    def test_cancelled_file_ends_where_it_is(self):
        file = self.send("link", self.csv("a", "b", "c"))
        with patch.object(work, "SLOT_SECONDS", -1):
            self.work_off()

        file.action_cancel()
        self.work_off()

        self.assertEqual((file.state, file.completed), ("cancelled", 2))
        self.assertEqual(len(self.rows(self.fetch(file))), 2)
        self.assertFalse(self.mapping("c"))

    def test_result_is_deleted_in_time_with_its_key(self):
        file = self.send("link", self.csv("a"))
        self.work_off()
        token = self.token()
        later = fields.Datetime.now() + timedelta(days=8)

        file.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertRefused(self.fetch(file, token), 410, "err.request.not_found")
        with freeze_time(later):
            self.env["g2p.spar.file"]._gc_files()

        parts = self.env["g2p.spar.file.part"]
        self.assertFalse(parts.search([("file_id", "=", file.id)]))
        self.assertFalse(file.sudo().sealed_key)
        self.assertRefused(self.fetch(file, token), 410, "err.request.not_found")
        self.assertEqual((file.succeeded, file.state), (1, "done"))

    def test_files_that_nobody_knows_are_deleted_after_a_day(self):
        self.send("link", self.csv("a"))
        known = [path.name for path in self.folder.iterdir()]
        (self.folder / "orphan").touch()

        self.env["g2p.spar.file.keeper"]._gc_orphans()
        self.assertTrue((self.folder / "orphan").exists())
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.env["g2p.spar.file.keeper"]._gc_orphans()

        self.assertEqual([path.name for path in self.folder.iterdir()], known)

    def test_file_that_was_changed_on_disk_is_not_worked_off(self):
        file = self.send("link", self.csv("a"))
        [path] = self.folder.iterdir()
        path.write_bytes(bytes(len(path.read_bytes())))

        with mute_logger(_HTTP):
            self.work_off()

        self.assertEqual((file.state, file.tries, file.completed), ("working", 1, 0))
        self.assertFalse(self.mapping("a"))
