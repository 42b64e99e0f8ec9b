import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import RLock
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL

from ..core.commands import CheckItem, LinkItem, Origin, StepItem, WaitingItem
from ..core.reason import Cause

ID = "token:changes-at-once@nationalId"
FIRST, SECOND, THIRD = ("opaque-at-once-1", "opaque-at-once-2", "opaque-at-once-3")
NAME = "Policy of changes at once"
ORIGIN = Origin(channel="staff", reason="Two at once")


@tagged("post_install", "-at_install")
class TestChangesAtOnce(BaseCase):
    """Two callers at the same moment, each in a transaction that reads committed.

    The second waits for the row, and has to see what the first did to the change
    that waits beside it. What the tests leave is removed again.
    """

    def setUp(self):
        super().setUp()
        # The thread that runs the tests holds the lock of the registry.
        self.startPatcher(patch.object(Registry, "_lock", RLock()))
        #: Of whom no ID is left to find them by.
        self.erased = []
        self.remove_all()
        self.addCleanup(self.remove_all)
        with self.transaction() as env:
            env["g2p.spar.change.policy"].create(
                {"name": NAME, "sequence": -1, "hours": 1, "payment": "stop"}
            )
        self.call("link", LinkItem("1", ID, FIRST))

    @contextmanager
    def transaction(self):
        """An environment of its own, committed at the end of the block."""
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SET LOCAL lock_timeout = '20s'")
            env = api.Environment(cr, SUPERUSER_ID, {})
            yield env
            env.flush_all()

    def remove_all(self):
        """Remove the mapping and the policy; history is only removable by its owner."""
        with self.transaction() as env:
            found = Domain("lookup_id", "=", ID) | Domain("id", "in", self.erased)
            mapping = env["g2p.spar.mapping"].search(found)
            table, trigger = "g2p_spar_mapping_version", "g2p_spar_append_only"
            for word in ("DISABLE", "ENABLE"):
                if word == "ENABLE":
                    for name in ("pending_change", "mapping_version"):
                        env.cr.execute(
                            SQL(
                                "DELETE FROM %s WHERE mapping_id = ANY(%s)",
                                SQL.identifier(f"g2p_spar_{name}"),
                                mapping.ids,
                            )
                        )
                env.cr.execute(
                    SQL(
                        "ALTER TABLE %s %s TRIGGER %s",
                        SQL.identifier(table),
                        SQL(word),
                        SQL.identifier(trigger),
                    )
                )
            env.cr.execute(
                SQL("DELETE FROM g2p_spar_mapping WHERE id = ANY(%s)", mapping.ids)
            )
            env["g2p.spar.change.policy"].search([("name", "=", NAME)]).unlink()

    def call(self, method, item):
        """Call the service in a transaction of its own. :return: the cause"""
        with self.transaction() as env:
            return getattr(env["g2p.spar.mapper"], method)([item], ORIGIN)[0].cause

    def race(self, first, second):
        """Let the second caller wait for the row which the first has written.

        :return: the causes of both
        """
        with ThreadPoolExecutor(1) as pool:
            with self.transaction() as env:
                method, item = first
                service = env["g2p.spar.mapper"]
                before = getattr(service, method)([item], ORIGIN)[0].cause
                later = pool.submit(self.call, *second)
                self.wait_for_lock(env.cr, later)
            return before, later.result(20)

    def wait_for_lock(self, cr, later):
        """Return when another transaction waits for one of this one's."""
        for _ in range(2000):
            cr.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted"
                " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cr.fetchone()[0]:
                return
            if later.done():
                self.fail(f"did not wait: {later.result()!r}")
            time.sleep(0.005)
        self.fail("nobody waits")

    def stored(self):
        """State and address of the mapping, and states of its changes, oldest first."""
        with self.transaction() as env:
            mapping = env["g2p.spar.mapping"].search([("lookup_id", "=", ID)])
            states = mapping.pending_ids.sorted("id").mapped("state")
            waits = mapping.change_waits
            self.assertEqual(waits, "waiting" in states)
            return mapping.state, mapping.fa_value, states

    def test_a_check_of_who_is_being_erased_is_not_kept(self):
        with self.transaction() as env:
            found = env["g2p.spar.mapping"].search([("lookup_id", "=", ID)])
            self.erased = found.ids
        check = ("add_checks", CheckItem("1", ID, 5, "passed", "seen by Ana"))
        causes = self.race(("erase", StepItem("1", ID)), check)
        self.assertEqual(causes, (Cause.DONE, Cause.ID_UNKNOWN))

    def ask(self, fa):
        return "update", LinkItem("1", ID, fa)

    def test_a_dispute_meets_a_change_that_was_just_asked_for(self):
        causes = self.race(self.ask(SECOND), ("suspend", StepItem("1", ID)))
        self.assertEqual(causes, (Cause.WAITING, Cause.DONE))
        self.assertEqual(self.stored(), ("suspended", FIRST, ["disputed"]))

    def test_two_changes_at_once_are_one(self):
        causes = self.race(self.ask(SECOND), self.ask(THIRD))
        self.assertEqual(causes, (Cause.WAITING, Cause.CHANGE_WAITS))
        self.assertEqual(self.stored(), ("on_hold", FIRST, ["waiting"]))

    def test_the_same_change_twice_at_once(self):
        causes = self.race(self.ask(SECOND), self.ask(SECOND))
        self.assertEqual(causes, (Cause.WAITING, Cause.WAITING))
        self.assertEqual(self.stored(), ("on_hold", FIRST, ["waiting"]))

    def test_made_and_given_up_at_once(self):
        self.call(*self.ask(SECOND))
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            made = ("apply", WaitingItem("1", ID, None, True))
            causes = self.race(made, ("withdraw", WaitingItem("1", ID)))
        self.assertEqual(causes, (Cause.DONE, Cause.NOT_POSSIBLE))
        self.assertEqual(self.stored(), ("active", SECOND, ["applied"]))

    def test_given_up_and_made_at_once(self):
        self.call(*self.ask(SECOND))
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            made = ("apply", WaitingItem("1", ID, None, True))
            causes = self.race(("withdraw", WaitingItem("1", ID)), made)
        self.assertEqual(causes, (Cause.DONE, Cause.NOT_POSSIBLE))
        self.assertEqual(self.stored(), ("active", FIRST, ["withdrawn"]))
