from datetime import datetime, timedelta

from odoo.tests import BaseCase

from odoo.addons.g2p_spar_mapper.core.life import Life
from odoo.addons.g2p_spar_mapper.core.state import State, Step, is_payable

from ..core.removal import removal_digest
from ..core.situation import Kind, Meanwhile, Waits, situation_of
from ..core.story import Event, address_of, event_of, page_count

NOW = datetime(2026, 11, 23, 12)  # noqa: DTZ001 (naive UTC, as stored)
PAST, FUTURE = NOW - timedelta(days=3), NOW + timedelta(days=3)
DATES = (None, PAST, FUTURE)


class TestSituation(BaseCase):
    def test_what_a_person_is_told_in_each_state(self):
        table = [
            # stored, hold until, valid until -> told, day, change, dispute, remove
            (State.ACTIVE, None, None, Kind.PAID, None, "cdr"),
            (State.ACTIVE, None, FUTURE, Kind.PAID_UNTIL, FUTURE, "cdr"),
            (State.ACTIVE, None, PAST, Kind.OVER, PAST, "cr"),
            (State.ON_HOLD, None, None, Kind.WAITING, None, "d"),
            (State.ON_HOLD, FUTURE, None, Kind.WAITING_UNTIL, FUTURE, "d"),
            (State.ON_HOLD, PAST, None, Kind.PAID, None, "cdr"),
            (State.SUSPENDED, None, None, Kind.STOPPED, None, ""),
            (State.UNLINKED, None, None, Kind.REMOVED, None, "c"),
        ]
        for state, hold, valid, kind, until, may in table:
            with self.subTest(state=state, hold=hold, valid=valid):
                told = situation_of(state, hold, valid, NOW)
                self.assertEqual((told.kind, told.until), (kind, until))
                self.assertEqual(told.may_change, "c" in may)
                self.assertEqual(told.may_dispute, "d" in may)
                self.assertEqual(told.may_remove, "r" in may)

    def test_a_person_is_told_of_money_exactly_when_it_is_paid(self):
        for state in State:
            for hold in DATES:
                for valid in DATES:
                    told = situation_of(state, hold, valid, NOW)
                    paid = is_payable(state, hold, valid, NOW)
                    self.assertEqual(told.is_paid, paid, (state, hold, valid))

    def test_whether_an_account_that_ends_can_be_kept(self):
        day = timedelta(days=1)
        table = [
            # valid until, told, renew
            (None, Kind.PAID, False),
            (NOW + 31 * day, Kind.PAID_LONG, False),
            (NOW + 29 * day, Kind.ENDS, True),
            (NOW, Kind.GRACE, True),
            (NOW - 9 * day, Kind.GRACE, True),
            (NOW - 10 * day, Kind.OVER, False),
        ]
        life = Life(365, 10, (30, 7))
        for valid, kind, may_renew in table:
            with self.subTest(valid=valid):
                told = situation_of(State.ACTIVE, None, valid, NOW, life)
                self.assertEqual((told.kind, told.may_renew), (kind, may_renew))
                told = situation_of(State.ACTIVE, None, valid, NOW, life, Waits())
                self.assertFalse(told.may_renew)

    def test_a_change_that_waits_is_told_with_what_is_paid(self):
        table = [
            # stored, valid until -> paid meanwhile, withdraw
            (State.ACTIVE, None, Meanwhile.PAID, True),
            (State.ACTIVE, PAST, Meanwhile.NOTHING, True),
            (State.ON_HOLD, None, Meanwhile.HELD, True),
            (State.UNLINKED, None, Meanwhile.NOTHING, True),
            # Whoever disputes must not be undone by whoever is logged in.
            (State.SUSPENDED, None, Meanwhile.NOTHING, False),
        ]
        for state, valid, meanwhile, may_withdraw in table:
            with self.subTest(state=state, valid=valid):
                told = situation_of(state, None, valid, NOW, waits=Waits(FUTURE))
                self.assertEqual(told.meanwhile, meanwhile)
                self.assertEqual(told.may_withdraw, may_withdraw)
                self.assertFalse(told.may_change or told.may_remove)


class TestStory(BaseCase):
    def test_what_each_step_was(self):
        one, other = {"fa_value": "a"}, {"fa_value": "b"}
        gone = {"fa_value": "a", "state": "unlinked"}
        table = [
            ("link", None, one, Event.CHOSEN),
            ("link", gone, one, Event.CHOSEN_AGAIN),
            ("update", one, other, Event.CHANGED),
            ("update", one, dict(one, name="N"), Event.DETAILS),
            ("unlink", one, gone, Event.REMOVED),
            ("hold", one, one, Event.PAUSED),
            ("release", one, one, Event.RESUMED),
            ("suspend", one, one, Event.STOPPED),
            ("reinstate", one, one, Event.RESTORED),
            ("propose", one, one, Event.ASKED),
            ("withdraw", one, one, Event.GIVEN_UP),
            ("apply", one, other, Event.APPLIED),
            ("rollback", one, other, Event.BROUGHT_BACK),
            ("rollback", one, one, Event.RESTORED),
            ("renew", one, one, Event.RENEWED),
            ("report", one, one, Event.FAILED),
            ("erase", one, gone, Event.REMOVED),
        ]
        self.assertEqual({step for step, *_ in table}, set(Step))
        for step, before, after, event in table:
            with self.subTest(step, same=before == after):
                self.assertEqual(event_of(step, before, after), event)

    def test_what_happened_by_itself_is_told_so(self):
        told = event_of("unlink", {"fa_value": "a"}, None, "registry")
        self.assertEqual(told, Event.ENDED)

    def test_a_removed_account_is_none(self):
        self.assertIsNone(address_of({"fa_value": "a", "state": "unlinked"}))
        self.assertIsNone(address_of(None))

    def test_ten_entries_fill_a_page(self):
        self.assertEqual([page_count(n) for n in (0, 1, 10, 11, 21)], [1, 1, 1, 2, 3])


class TestRemovalDigest(BaseCase):
    def test_it_is_of_one_account_as_it_is_now(self):
        digests = {removal_digest(*pair) for pair in [(1, 1), (1, 2), (2, 1), (11, 1)]}
        self.assertEqual(len(digests), 4)
        self.assertEqual(removal_digest(1, 1), removal_digest(1, 1))
