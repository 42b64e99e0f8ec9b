import multiprocessing
import os
import shutil
import tempfile
import threading
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..core.rate import BUCKETS, WAYS, RateTable, seconds_left

NOW = 1_800_000_000.0
EACH = 4000


def hit_often(path, start):
    """Count from a process of its own, at the same time as others."""
    table = RateTable(Path(path))
    start.wait(60)
    for _n in range(EACH):
        table.hit("client", NOW)
    table.close()


class PoliteTable(RateTable):
    """Lets other threads run in the midst of a count."""

    def _find(self, *args):
        found = super()._find(*args)
        os.sched_yield()
        return found


@tagged("post_install", "-at_install")
class TestRate(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.path = Path(folder) / "new" / "table.bin"
        self.table = RateTable(self.path)
        self.addCleanup(self.table.close)

    def test_counts(self):
        self.assertEqual([self.table.hit("a", NOW) for _n in range(3)], [1, 2, 3])
        self.assertEqual(self.table.hit("b", NOW), 1)

    def test_weight_zero_only_reads(self):
        self.table.hit("a", NOW)

        self.assertEqual([self.table.hit("a", NOW, 0) for _n in range(2)], [1, 1])

    def test_next_minute_starts_anew(self):
        self.table.hit("a", NOW)

        self.assertEqual(self.table.hit("a", NOW + 59), 2)
        self.assertEqual(self.table.hit("a", NOW + 60), 1)

    def test_file_is_private(self):
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)

    def test_survives_reopening(self):
        self.table.hit("a", NOW)
        again = RateTable(self.path)
        self.addCleanup(again.close)

        self.assertEqual(again.hit("a", NOW), 2)

    def test_full_table_lets_busy_names_stand(self):
        for _n in range(10):
            self.table.hit("busy", NOW)
        for number in range(BUCKETS * WAYS * 4):
            self.table.hit(f"one-off {number}", NOW)

        self.assertEqual(self.table.hit("busy", NOW), 11)

    def test_exact_over_processes(self):
        context = multiprocessing.get_context("fork")
        start = context.Barrier(3)
        workers = [
            context.Process(target=hit_often, args=(str(self.path), start))
            for _n in range(3)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)

        self.assertEqual([worker.exitcode for worker in workers], [0, 0, 0])
        self.assertEqual(self.table.hit("client", NOW, 0), 3 * EACH)

    def test_exact_over_threads(self):
        table = PoliteTable(self.path)
        self.addCleanup(table.close)

        def hit():
            for _n in range(EACH):
                table.hit("client", NOW)

        threads = [threading.Thread(target=hit) for _n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        self.assertEqual(self.table.hit("client", NOW, 0), 4 * EACH)

    def test_seconds_left(self):
        for now, left in ((NOW, 60), (NOW + 0.5, 60), (NOW + 59, 1), (NOW + 59.9, 1)):
            with self.subTest(now=now):
                self.assertEqual(seconds_left(now), left)
