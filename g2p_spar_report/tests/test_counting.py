import random
from collections import Counter
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin
from odoo.addons.g2p_spar_mapper.core.state import State, effective_state
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, account_of

from ..models import counting
from .common import ReportCase

MOMENTS = [
    datetime.fromisoformat(f"2026-05-{day} {hour}:00")
    for day in ("01", "02", "03")
    for hour in ("00", "11")
]
PORTAL = Origin(channel="portal", reason="Asked for by the person")


@tagged("post_install", "-at_install")
class TestMoves(ReportCase):
    """The statement's states are those of ``core.state``, at any moment."""

    def test_states_by_moment(self):
        numbers = random.Random(5)
        sides = [
            (
                numbers.choice(MOMENTS),
                numbers.choice(list(State)).value,
                numbers.choice([None, *MOMENTS]),
                numbers.choice([None, *MOMENTS]),
            )
            for _ in range(400)
        ]
        found = self.moves_of(sides)
        for number, (since, state, hold, valid) in enumerate(sides):
            for moment in (one for one in MOMENTS if one >= since):
                with self.subTest(side=sides[number], moment=moment):
                    self.assertEqual(
                        self.state_at(found[number], moment),
                        effective_state(state, hold, valid, moment),
                    )

    def test_what_is_taken_back_leaves_nothing(self):
        """A side that begins and ends at one moment moves nothing, ever."""
        side = (MOMENTS[0], "on_hold", MOMENTS[2], MOMENTS[4])
        (first,) = self.moves_of([side])
        (second,) = self.moves_of([side], sign=-1)
        self.assertEqual(sorted(first), sorted((m, s, -c) for m, s, c in second))

    def moves_of(self, sides, sign=1):
        """Moves (moment, state, change) of each side."""
        values = SQL(", ").join(
            SQL(
                "(%s, %s::timestamp, %s, %s, %s::timestamp, %s::timestamp)",
                n,
                a,
                sign,
                *b,
            )
            for n, (a, *b) in enumerate(sides)
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT number, moment, to_state, change FROM (%s) m",
                counting.moves(
                    SQL(
                        "SELECT * FROM (VALUES %s) v"
                        "(number, since, sign, state, hold_until, valid_until)",
                        values,
                    )
                ),
            )
        )
        found = [[] for _ in sides]
        for number, *move in rows:
            found[number].append(tuple(move))
        return found

    def state_at(self, moves, moment):
        """The one state that is not left at a moment."""
        sums = Counter()
        for at, state, change in moves:
            if at <= moment:
                sums[state] += change
        (state,) = [state for state, count in sums.items() if count]
        self.assertEqual(sums[state], 1)
        return state


@tagged("post_install", "-at_install")
class TestCounting(ReportCase):
    """Daily sums say what the registry holds, and what it held."""

    def grown(self, days_ago=0):
        """By how many IDs each state is larger than before the test."""
        before = Counter(self.before)
        now = Counter(self.totals(days_ago))
        states = before.keys() | now.keys()
        return {s: now[s] - before[s] for s in states if now[s] != before[s]}

    def live(self, name, **values):
        return LinkItem(
            f"ref-{name}", NATIONAL_ID % name, fa=BANK_FA % account_of(name), **values
        )

    def test_a_life_in_days(self):
        with self.on(6):
            self.link("amina", "biru", "chala")
        with self.on(4):
            self.step("hold", "amina", hold_until=self.moment(2))
            self.step("suspend", "biru")
        with self.on(1):
            self.mapper().unlink(self.unlink_items("chala"))
        self.count()
        self.assertEqual(self.grown(5), {"active": 3})
        self.assertEqual(self.grown(3), {"active": 1, "on_hold": 1, "suspended": 1})
        self.assertEqual(self.grown(2), {"active": 2, "suspended": 1})
        self.assertEqual(self.grown(), {"active": 1, "suspended": 1, "unlinked": 1})

    def test_dates_that_come_are_taken_back_by_a_change_before(self):
        with self.on(9):
            self.mapper().link([self.live("amina", valid_until=self.moment(3))])
        with self.on(5):
            self.step("suspend", "amina")
        self.count()
        self.assertEqual(self.grown(1), {"suspended": 1})

    def test_a_link_that_ends(self):
        with self.on(9):
            self.mapper().link([self.live("amina", valid_until=self.moment(3))])
        self.count()
        self.assertEqual(self.grown(4), {"active": 1})
        self.assertEqual(self.grown(3), {"expired": 1})

    def test_days_to_come_are_known_and_not_counted_today(self):
        with self.on(2):
            self.mapper().link([self.live("amina", valid_until=self.moment(-10))])
        self.count()
        self.assertEqual(self.grown(), {"active": 1})
        coming = self.today + timedelta(days=10)
        (row,) = self.rows(
            "mapping_move", where=f"day = '{coming}' AND state = 'expired'"
        )
        self.assertEqual(row["growth"], 1)

    def test_a_change_of_channel_and_provider_moves_the_id(self):
        other = self.provider.copy({"name": "Other bank", "code": "otherbank"})
        with self.on(3):
            self.link("amina")
        with self.on(2):
            self.mapper().update(
                [
                    LinkItem(
                        "ref",
                        NATIONAL_ID % "amina",
                        fa=f"account:{account_of('amina')}@indigo.otherbank.testacc",
                    )
                ],
                PORTAL,
            )
        self.count()
        rows = self.rows(
            "mapping",
            "channel, provider_code, state, mappings",
            "provider_code IN ('testbank', 'otherbank')",
        )
        self.assertEqual(
            rows,
            [
                {
                    "channel": "portal",
                    "provider_code": other.code,
                    "state": "active",
                    "mappings": 1,
                }
            ],
        )
        (change,) = self.rows(
            "change", where="step = 'update' AND provider_code = 'otherbank'"
        )
        self.assertEqual((change["changes"], change["address_changes"]), (1, 1))

    def test_an_id_linked_again_has_no_changed_address(self):
        with self.on(3):
            self.link("amina")
            self.mapper().unlink(self.unlink_items("amina"))
            self.link("amina", fa=BANK_FA % "77")
        self.count()
        rows = self.rows("change", where="provider_code = 'testbank' AND step = 'link'")
        self.assertEqual(
            [(row["changes"], row["address_changes"]) for row in rows], [(2, 0)]
        )

    def test_sums_agree_with_the_registry(self):
        """However the mappings changed, sums and a count of them say the same."""
        numbers = random.Random(7)
        names = [f"p{number}" for number in range(25)]
        for days_ago in range(12, 0, -1):
            with self.on(days_ago):
                self.change_some(numbers, names, days_ago)
        self.count()
        self.assertEqual(self.counted_directly(), self.by_cell())
        # The same, when every day is counted on its own and again.
        self.env["g2p.spar.tally.day"]._count_open()
        self.assertEqual(self.counted_directly(), self.by_cell())

    def change_some(self, numbers, names, days_ago):
        self.mapper().link(
            [
                self.live(
                    name,
                    valid_until=numbers.choice(
                        [None, self.moment(days_ago - numbers.randint(1, 9))]
                    ),
                )
                for name in numbers.sample(names, 6)
            ]
        )
        until = self.moment(days_ago - numbers.randint(1, 5))
        for method in ("hold", "suspend", "release", "reinstate"):
            chosen = numbers.sample(names, 3)
            user = self.manager if method[:2] == "re" else self.officer
            values = {"hold_until": until} if method == "hold" else {}
            self.step(method, *chosen, user=user, **values)
        self.mapper().unlink(self.unlink_items(*numbers.sample(names, 2)))

    def by_cell(self):
        rows = self.rows("mapping", "provider_code, channel, state, mappings")
        return Counter(
            {
                (r["provider_code"], r["channel"], r["state"]): r["mappings"]
                for r in rows
            }
        )

    def counted_directly(self):
        """Count the mappings themselves, by the rule of ``core.state``."""
        end = self.moment(0, 24) - timedelta(microseconds=1)
        found = self.env["g2p.spar.mapping"].search([])
        return Counter(
            (
                one.provider_id.code or None,
                one.channel,
                effective_state(
                    one.state, one.hold_until or None, one.valid_until or None, end
                ),
            )
            for one in found
        )

    def test_disputes(self):
        with self.on(5):
            self.link("amina", "biru")
        with self.on(3):
            self.step("suspend", "amina", "biru")
        with self.on(1):
            self.step("reinstate", "amina", user=self.manager)
        self.count()
        days = {
            (self.today - row["day"]).days: (row["opened"], row["settled"])
            for row in self.rows("dispute")
        }
        self.assertEqual(days[3], (2, 0))
        self.assertEqual(days[2], (0, 0))
        self.assertEqual(days[1], (0, 1))
        still = self.before.get("suspended", 0)
        (row,) = self.rows("dispute", where=f"day = '{self.today}'")
        self.assertEqual(row["open_at_end"], still + 1)

    def test_sandboxes_are_not_counted(self):
        with self.on(2):
            self.mapper().link([self.live("amina")], Origin("api", sandbox="pbms"))
        self.count()
        self.assertEqual(self.grown(), {})
        self.assertFalse(self.rows("change", where="provider_code = 'testbank'"))


@tagged("post_install", "-at_install")
class TestDays(ReportCase):
    """Which days are counted when."""

    def counted(self):
        days = self.env["g2p.spar.tally.day"].search([])
        return {(self.today - day.day).days: day.is_final for day in days}

    def test_past_days_are_final_and_today_is_not(self):
        with self.on(3):
            self.link("amina")
        with freeze_time(self.moment(0)):
            self.count()
        days = self.counted()
        self.assertFalse(days[0])
        self.assertTrue(all(days[one] for one in (1, 2, 3)))

    def test_yesterday_is_open_until_the_morning(self):
        with freeze_time(self.moment(0, 5)):
            self.link("amina")
            self.count()
        self.assertFalse(self.counted().get(1, False))

    def test_a_late_line_of_a_final_day_is_found(self):
        with self.on(4):
            self.link("amina")
        self.count()
        with self.on(3):
            self.link("biru")
        self.env["g2p.spar.tally.day"]._count_open()
        before = self.totals()
        self.env["g2p.spar.tally.day"]._cron_check()
        self.assertEqual(self.totals()["active"], before["active"] + 1)

    def test_who_looks_may_count_but_not_all_the_time(self):
        days = self.env["g2p.spar.tally.day"].with_user(self.viewer)
        with freeze_time(self.moment(0, 10)):
            self.link("amina")
            days.count_now()
            first = self.totals()
        with freeze_time(self.moment(0, 10) + timedelta(seconds=30)):
            self.link("biru")
            days.count_now()
        self.assertEqual(self.totals(), first)
        with freeze_time(self.moment(0, 10) + timedelta(seconds=90)):
            days.count_now()
        self.assertEqual(self.totals()["active"], first["active"] + 1)


@tagged("post_install", "-at_install")
class TestAddresses(ReportCase):
    """Addresses of several IDs."""

    def shared(self):
        self.env["g2p.spar.tally.address"]._cron_count()
        rows = self.rows("shared_address", "ids", "provider_code = 'testbank'")
        return sorted(row["ids"] for row in rows)

    def test_shared_addresses_are_counted_and_forgotten(self):
        fa = BANK_FA % "4711"
        self.link("amina", "biru", "chala", fa=fa)
        self.link("dawit")
        self.assertEqual(self.shared(), [3])
        self.mapper().unlink(self.unlink_items("chala"))
        self.assertEqual(self.shared(), [2])
        self.link("eden", "fana", fa=BANK_FA % "4712")
        self.assertEqual(self.shared(), [2, 2])
        self.mapper().unlink(self.unlink_items("biru", "fana"))
        self.assertEqual(self.shared(), [])

    def test_ended_links_do_not_count(self):
        fa = BANK_FA % "4711"
        self.link("amina", fa=fa)
        with self.on(5):
            self.link("biru", fa=fa, valid_until=self.moment(3))
        self.assertEqual(self.shared(), [])

    def test_a_hold_that_is_over_and_a_link_that_is_not(self):
        fa = BANK_FA % "4711"
        with self.on(5):
            self.link("amina", "biru", fa=fa)
            self.step("hold", "amina", "biru", hold_until=self.moment(3))
        self.assertEqual(self.shared(), [2])

    def test_sandboxes_do_not_count(self):
        fa = BANK_FA % "4711"
        for name in ("amina", "biru"):
            item = LinkItem("ref", NATIONAL_ID % name, fa=fa)
            self.mapper().link([item], Origin("api", sandbox="pbms"))
        self.assertEqual(self.shared(), [])

    def test_the_ids_behind_an_address_are_shown(self):
        self.link("amina", "biru", fa=BANK_FA % "4711")
        self.shared()
        found = self.env["g2p.spar.tally.address"].with_user(self.viewer).search([])
        found = found.filtered(lambda one: one.provider_id == self.provider)
        domain = found.action_open_mappings()["domain"]
        self.assertEqual(
            self.env["g2p.spar.mapping"].with_user(self.viewer).search(domain),
            self.mapping("amina") | self.mapping("biru"),
        )
