import tempfile
import time
from datetime import date
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .. import usage as counting
from ..core.usage import Key, Sum
from ..models import g2p_spar_usage
from .common import ConnectCase, SenderCase

DAY = date(2026, 3, 1)


@tagged("post_install", "-at_install")
class TestUsage(SenderCase):
    def _add(self, *pairs):
        self.env["g2p.spar.usage"]._add(dict(pairs))

    def _line(self, **conditions):
        domain = [(name, "=", value) for name, value in conditions.items()]
        return self.env["g2p.spar.usage"].search([("day", "=", DAY), *domain])

    def _key(self, **values):
        return Key(DAY, self.sender.mnemonic, "link", "")._replace(**values)

    def test_sums_are_added_to_the_line_of_the_day(self):
        self._add((self._key(), Sum(2, 10, 9, 20.5, 1772366400.0)))
        self._add((self._key(), Sum(1, 5, 5, 1.5, 1772366300.0)))
        line = self._line(sender_id=self.sender.id)
        self.assertEqual((line.calls, line.items, line.succeeded), (3, 15, 14))
        self.assertEqual((line.refusals, line.ms), (0, 22.0))
        self.assertEqual(str(line.last_at), "2026-03-01 12:00:00")

    def test_refusals_have_lines_of_their_own(self):
        self._add(
            (self._key(), Sum(4, 4, 4, 1.0, 1.0)),
            (self._key(code="err.request.bad"), Sum(3, 0, 0, 1.0, 1.0)),
        )
        self.assertEqual(self._line(code="err.request.bad").refusals, 3)
        self.assertEqual(self._line(code="").refusals, 0)

    def test_who_is_not_known_is_counted_once(self):
        self._add(
            (self._key(sender=""), Sum(1, 0, 0, 1.0, 1.0)),
            (self._key(sender="gone.example.org"), Sum(2, 0, 0, 1.0, 2.0)),
        )
        self._add((self._key(sender=""), Sum(1, 0, 0, 1.0, 3.0)))
        self.assertEqual(self._line(sender_id=False).calls, 4)

    def test_archived_partners_are_known(self):
        self.sender.active = False
        self._add((self._key(), Sum(1)))
        self.assertEqual(self._line(sender_id=self.sender.id).calls, 1)

    def test_one_statement_for_any_number_of_sums(self):
        self._add((self._key(), Sum(1)))
        with self.assertQueryCount(2):
            self._add(*((self._key(code=f"c{n}"), Sum(1)) for n in range(50)))

    def test_form_shows_the_last_call_and_those_of_the_month(self):
        today = Key(fields.Date.today(), self.sender.mnemonic, "link", "")
        self._add(
            (today, Sum(7, last=1772366400.0)),
            (self._key(day=date(2020, 1, 1)), Sum(9)),
        )
        self.sender.invalidate_recordset()
        self.assertEqual(self.sender.calls_month, 7)
        self.assertEqual(str(self.sender.last_call), "2026-03-01 12:00:00")

    def test_old_lines_are_forgotten(self):
        self._add((self._key(day=date(2020, 1, 1)), Sum(1)))
        self.env["g2p.spar.usage"]._forget()
        found = self.env["g2p.spar.usage"].search([("day", "=", date(2020, 1, 1))])
        self.assertFalse(found)

    def test_rights(self):
        self._add((self._key(), Sum(1)))
        line = self._line()
        for role, may_read in (
            ("group_admin", True),
            ("group_auditor", True),
            ("group_manager", False),
            ("group_api", False),
        ):
            user = new_test_user(
                self.env, f"spar_usage_{role}", groups=f"g2p_spar_mapper.{role}"
            )
            mine = line.with_user(user)
            with self.subTest(role=role):
                self.assertIs(mine.has_access("read"), may_read)
                for operation in ("write", "create", "unlink"):
                    with self.assertRaises(AccessError):
                        mine.check_access(operation)


@tagged("post_install", "-at_install")
class TestHttpUsage(ConnectCase):
    """Real calls are counted on disk and gathered from there."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for module in (counting, g2p_spar_usage):
            self.startPatcher(
                patch.object(module, "folder_of", lambda _database: self.folder)
            )
        self.startPatcher(patch.object(counting, "_files", {}))

    def _gather(self):
        later = time.time() + 600
        with patch.object(g2p_spar_usage.time, "time", return_value=later):
            self.env["g2p.spar.usage"]._cron_gather()
        return self.env["g2p.spar.usage"].search([("sender_id", "=", self.sender.id)])

    def test_calls_and_refusals(self):
        token = self.token()
        self.results("link", [self.link_item("A"), self.link_item("B")], token=token)
        self.post("link", b"no JSON", token=token)
        lines = self._gather()
        done = lines.filtered(lambda one: one.operation == "link" and not one.code)
        self.assertEqual((done.calls, done.items, done.succeeded), (1, 2, 2))
        refused = lines.filtered("code")
        self.assertEqual((refused.refusals, refused.items), (1, 0))
        self.assertEqual(refused.code, "err.request.bad")

    def test_nothing_is_counted_twice(self):
        self.results("resolve", [self.item("A")])
        self._gather()
        self.env.cr.postcommit.run()
        lines = self._gather().filtered(lambda one: one.operation == "resolve")
        self.assertEqual(sum(lines.mapped("calls")), 1)

    def test_a_full_disk_refuses_nobody(self):
        with (
            patch.object(counting.CallFiles, "note", side_effect=OSError),
            self.assertLogs("odoo.addons.g2p_spar_connect_api.usage", "WARNING"),
        ):
            self.assertEqual(len(self.results("resolve", [self.item("A")])), 1)
