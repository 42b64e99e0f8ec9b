from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import tagged

from ..models import g2p_spar_file_mixin as work
from ..models import g2p_spar_intake_reading as reading
from .common import IntakeCase


class _Killed(BaseException):
    """A worker dies: nothing after it is done, not even the handling of errors."""


@tagged("post_install", "-at_install")
class TestIntakeWork(IntakeCase):
    """Lists go on where they ended, whatever happens in between."""

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
                env["g2p.spar.intake"].work_off()
                self.fail("nobody was killed")
            cr.rollback()
        self.env.invalidate_all()

    def test_no_row_is_lost_or_done_twice_when_a_worker_is_killed(self):
        places = [
            ("g2p.spar.mapper", "link", 2),
            ("g2p.spar.intake.part", "keep", 1),
            ("g2p.spar.intake", "_finish", 1),
            ("g2p.spar.intake", "_read_pieces", 3),
            ("g2p.spar.intake", "_find_clashes", 1),
        ]
        for number, (model, method, count) in enumerate(places):
            names = [f"p{number}{letter}" for letter in "abcdefg"]
            intake = self.upload(
                *map(self.row, names[:3]), "x,", *map(self.row, names[3:])
            )
            versions = self.env["g2p.spar.mapping.version"].search_count([])
            intake.action_run()
            with self.subTest(method), self.die_at(model, method, count):
                self.work_until_killed()
                self.assertLess(intake.completed, 8)
                self.work_off()
                self.assertEqual((intake.state, intake.succeeded), ("done", 7))
                self.assertEqual(len(self.refused(intake)), 1)
                after = self.env["g2p.spar.mapping.version"].search_count([])
                self.assertEqual(after - versions, 7)

    def test_large_files_are_read_by_a_job_also_after_it_was_killed(self):
        self.patch(reading, "_SMALL", {"csv": 1, "xlsx": 1})
        intake = self.upload(self.row("a"))
        self.assertEqual(intake.state, "reading")
        with self.die_at("g2p.spar.intake", "_guess", 1):
            self.work_until_killed()
            self.assertEqual(intake.state, "reading")
            self.work_off()
        self.assertEqual((intake.state, intake.total), ("draft", 1))
        self.run_all(intake)

        unfit = self.upload("1,2", names="id,ID")
        self.work_off()
        self.assertEqual(unfit.state, "failed")
        self.assertIn("same name", unfit.problem)

    def test_pause_go_on_and_cancel(self):
        intake = self.upload(*map(self.row, ["a", "b", "c", "d", "e"]))
        intake.action_run()
        self.patch(work, "SLOT_SECONDS", -1)
        self.work_off()  # compares the rows
        self.work_off()
        intake.action_pause()
        self.work_off()
        self.assertEqual((intake.state, intake.completed), ("paused", 2))
        self.assertFalse(intake.sudo()._is_due())

        intake.action_resume()
        self.work_off()
        self.assertEqual((intake.state, intake.completed), ("running", 4))
        intake.action_cancel()
        self.env.cr.postcommit.run()
        self.work_off()

        self.assertEqual((intake.state, intake.completed), ("cancelled", 4))
        self.assertTrue(self.mapping("d"))
        self.assertFalse(self.mapping("e"))
        self.assertFalse(list(self.folder.iterdir()))
        self.patch(work, "SLOT_SECONDS", 60)
        # Not all of it was done, so the same file may go on.
        again = self.upload(*map(self.row, ["a", "b", "c", "d", "e"]))
        self.run_all(again)
        self.assertEqual(again.tally, {"UNCHANGED": 4, "DONE": 1})

    def test_part_that_always_kills_its_worker_is_put_aside_and_can_go_on(self):
        intake = self.upload(self.row("a"))
        intake.action_run()
        for _try in range(work.MAX_TRIES):
            with self.die_at("g2p.spar.mapper", "link", 1):
                self.work_until_killed()
            self.assertEqual(intake.state, "running")
        self.work_off()
        self.assertEqual(intake.state, "failed")
        self.assertIn("begun too often", intake.problem)

        intake.action_resume()
        self.work_off()
        self.assertEqual((intake.state, intake.succeeded), ("done", 1))

    def test_officer_who_lost_the_right_does_no_more_rows(self):
        intake = self.upload(self.row("a"))
        intake.action_run()
        group = self.env.ref("g2p_spar_mapper.group_manager")
        self.manager.sudo().group_ids -= group
        self.work_off()
        self.assertEqual((intake.sudo().tries, intake.sudo().completed), (1, 0))
        self.assertIn("You may not", intake.sudo().problem)
        self.env = self.env(su=True)
        self.assertFalse(self.mapping("a"))

    def test_file_that_was_changed_on_disk_is_not_worked_off(self):
        intake = self.upload(self.row("a"))
        [path] = self.folder.iterdir()
        path.write_bytes(bytes(len(path.read_bytes())))
        intake.action_run()
        self.work_off()
        self.assertEqual((intake.state, intake.completed), ("running", 0))
        self.assertTrue(intake.problem)

    def test_file_that_is_gone_is_told_without_where_it_was(self):
        intake = self.upload(self.row("a"))
        [path] = self.folder.iterdir()
        path.unlink()
        intake.action_run()
        with self.assertLogs("odoo.addons.g2p_spar_intake", "WARNING"):
            self.work_off()
        self.assertTrue(intake.problem)
        self.assertNotIn(str(self.folder), intake.problem)

    def test_refused_rows_are_deleted_in_time_with_their_key(self):
        intake = self.upload("x,")
        self.run_all(intake)
        self.assertTrue(intake.has_refused_file)
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self.env["g2p.spar.intake"].sudo()._gc_refused()
            intake.invalidate_recordset()
            self.assertFalse(intake.has_refused_file)
        self.assertFalse(intake.sudo().sealed_key)
        self.assertEqual(self.refused(intake), [])

    def test_sweeper_wakes_who_works_lists_off(self):
        woken = []
        wake = type(self.env["g2p.spar.wake"])
        self.startPatcher(
            patch.object(wake, "ensure", lambda self, kind, at=None: woken.append(kind))
        )
        table = self.env["g2p.spar.intake"].sudo()
        table._cron_sweep()
        self.assertFalse(woken)
        self.upload(self.row("a")).action_run()
        table._cron_sweep()
        self.assertEqual([kind[0] for kind in woken], ["root.g2p_spar_intake"])

    def test_statements_of_a_part_do_not_depend_on_its_rows(self):
        counts = []
        # The first fills the caches.
        for turn, size in enumerate((5, 5, 50)):
            self.patch(work, "PART_ROWS", size)
            names = [f"q{turn}n{number}" for number in range(size)]
            intake = self.upload(*map(self.row, names))
            intake.action_run()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.work_off()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(intake.succeeded, size)
        self.assertEqual(counts[1], counts[2])
