import shutil
import sqlite3
import tempfile
import threading
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..core.seen import SeenNames

NOW = 1_800_000_000.0


@tagged("post_install", "-at_install")
class TestSeen(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.path = Path(folder) / "deep" / "seen.sqlite"
        self.seen = self._open()

    def _open(self):
        seen = SeenNames(self.path)
        self.addCleanup(seen.close)
        return seen

    def test_once(self):
        self.assertTrue(self.seen.use("a", "1", NOW, NOW + 10))
        self.assertFalse(self.seen.use("a", "1", NOW + 9, NOW + 10))
        self.assertTrue(self.seen.use("a", "2", NOW, NOW + 10))
        self.assertTrue(self.seen.use("b", "1", NOW, NOW + 10))

    def test_again_after_its_time(self):
        self.seen.use("a", "1", NOW, NOW + 10)

        self.assertTrue(self.seen.use("a", "1", NOW + 10, NOW + 20))
        self.assertFalse(self.seen.use("a", "1", NOW + 11, NOW + 20))

    def test_another_process(self):
        self.seen.use("a", "1", NOW, NOW + 10)

        self.assertFalse(self._open().use("a", "1", NOW, NOW + 10))

    def test_at_once(self):
        """Of many that use a name at the same moment exactly one may."""
        files = [self._open() for _number in range(4)]
        start, found = threading.Barrier(len(files)), []

        def use(seen):
            start.wait()
            found.append([seen.use("a", str(n), NOW, NOW + 10) for n in range(50)])

        threads = [threading.Thread(target=use, args=(seen,)) for seen in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual([sum(uses) for uses in zip(*found, strict=True)], [1] * 50)

    def test_forgotten_names_are_cleared_away(self):
        for number in range(255):
            self.seen.use("a", str(number), NOW, NOW + 10)
        self.seen.use("a", "last", NOW + 11, NOW + 20)

        count = sqlite3.connect(self.path).execute("SELECT count(*) FROM seen")

        self.assertEqual(count.fetchone(), (1,))

    def test_is_its_owners_alone(self):
        self.assertEqual(self.path.stat().st_mode & 0o077, 0)
