from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import Origin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA

from ..core.windows import size_class
from .common import NOON, PARTNER, WatchCase

NAMES = ("amina", "biru", "chala", "dawit", "eden")
SANDBOX = Origin("api", sender="pbms-a", sandbox="pbms")
DELIVERED = (
    "shared_address",
    "to_one_address",
    "one_actor",
    "one_provider",
    "one_id",
    "before_payment",
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@tagged("post_install", "-at_install")
class TestSharedAddress(WatchCase):
    """Many IDs on one address."""

    def setUp(self):
        super().setUp()
        self.watch = self.rule(
            kind="shared_address", subject_kind="address", threshold=2
        )
        self.shared = BANK_FA % "4711"

    def test_found_from_the_threshold_on(self):
        self.link("amina", fa=self.shared)
        self.assertFalse(self.look(self.watch))
        self.link_at(NOON, "biru", fa=self.shared)
        alert = self.look(self.watch, NOON + HOUR)
        self.assertEqual(alert.found_count, 2)
        self.assertEqual(alert.provider_id, self.provider)
        self.assertIn(alert.mapping_id, self.mapping("amina") | self.mapping("biru"))

    def test_found_once_and_again_when_it_has_doubled(self):
        self.link_at(NOON, "amina", "biru", fa=self.shared)
        first = self.look(self.watch)
        self.link_at(NOON, "chala", fa=self.shared)
        self.assertEqual(self.look(self.watch, NOON + HOUR), first)
        self.assertEqual(first.found_count, 3)
        first.write({"outcome": "normal", "note": "A family."})
        first.action_close()
        self.assertEqual(self.look(self.watch, NOON + HOUR), first)
        self.link_at(NOON + HOUR, "dawit", fa=self.shared)
        found = self.look(self.watch, NOON + 2 * HOUR)
        self.assertEqual(found.mapped("found_count"), [3, 4])
        self.assertEqual(found.mapped("period"), ["1", "2"])

    def test_the_first_look_reads_everything_the_next_what_changed(self):
        self.link_at(NOON - 300 * DAY, "amina", "biru", fa=self.shared)
        self.assertEqual(len(self.look(self.watch)), 1)
        other = self.rule(kind="shared_address", subject_kind="address", threshold=2)
        other.looked_at = NOON - DAY
        self.assertFalse(self.look(other))
        other.threshold = 3
        self.assertFalse(other.looked_at)

    def test_ended_and_unlinked_ids_do_not_count(self):
        self.link_at(NOON - 9 * DAY, "amina", "biru", fa=self.shared)
        self.link_at(NOON - 9 * DAY, "chala", fa=self.shared, valid_until=NOON - DAY)
        self.mapper().unlink(self.unlink_items("biru"))
        self.assertFalse(self.look(self.watch))

    def test_sandboxes_do_not_count(self):
        self.link("amina", "biru", fa=self.shared, origin=SANDBOX)
        self.assertFalse(self.look(self.watch))
        self.link("chala", "dawit", fa=BANK_FA % "4712", origin=SANDBOX)
        self.assertFalse(self.look(self.watch))

    def test_classes_of_size_as_the_core_has_them(self):
        for threshold in (2, 3, 7, 10):
            for count in range(threshold, 3000):
                self.env.cr.execute(
                    "SELECT (2 ^ floor(log(2, (%s / %s)::numeric)))::int",
                    [count, threshold],
                )
                self.assertEqual(
                    self.env.cr.fetchone()[0], 2 ** size_class(count, threshold)
                )


@tagged("post_install", "-at_install")
class TestBurst(WatchCase):
    """Many changes in a short time."""

    def setUp(self):
        super().setUp()
        self.link_at(NOON - 90 * DAY, *NAMES)

    def burst(self, **values):
        return self.rule(**{"kind": "burst", "threshold": 3, "hours": 2} | values)

    def test_by_one_partner(self):
        watch = self.burst()
        self.move("amina", "biru", at=NOON - HOUR)
        self.assertFalse(self.look(watch, NOON - HOUR))
        self.move("chala", at=NOON)
        alert = self.look(watch)
        self.assertEqual(alert.found_count, 3)
        self.assertEqual((alert.sender, alert.user_id), ("pbms-a", self.api_user))
        self.assertEqual((alert.first_at, alert.last_at), (NOON - HOUR, NOON))

    def test_two_partners_are_not_one(self):
        watch = self.burst()
        self.move("amina", "biru")
        self.move("chala", origin=Origin("api", sender="pbms-b"))
        self.assertFalse(self.look(watch))

    def test_who_calls_each_list_otherwise_is_still_one(self):
        watch = self.burst()
        for number, name in enumerate(("amina", "biru", "chala")):
            origin = Origin("import", sender=f"list {number}")
            self.move(name, origin=origin, user=self.manager)
        alert = self.look(watch)
        self.assertEqual((alert.user_id, alert.sender), (self.manager, False))
        action = alert.with_user(self.officer).action_open_subject()
        shown = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(shown), 3)

    def test_a_longer_time_is_no_burst(self):
        watch = self.burst()
        for number, name in enumerate(NAMES):
            self.move(name, at=NOON + number * 2 * HOUR)
        self.assertFalse(self.look(watch, NOON + 12 * HOUR))

    def test_a_burst_between_two_looks_is_found(self):
        """Whatever the hours at which is looked, and however late."""
        watch = self.burst()
        self.look(watch, NOON - 5 * HOUR)
        for minutes, name in ((0, "amina"), (70, "biru"), (119, "chala")):
            self.move(name, at=NOON + timedelta(minutes=minutes))
        alert = self.look(watch, NOON + 9 * HOUR)
        self.assertEqual(alert.found_count, 3)

    def test_found_once_a_day(self):
        watch = self.burst()
        self.move("amina", "biru", "chala")
        first = self.look(watch)
        self.move("dawit", at=NOON + HOUR)
        self.assertEqual(self.look(watch, NOON + HOUR), first)
        self.assertEqual(first.found_count, 4)
        self.move("eden", at=NOON + DAY)
        self.assertEqual(self.look(watch, NOON + DAY), first)

    def test_only_changes_of_an_address_count(self):
        watch = self.burst()
        for name in NAMES:
            self.step("hold", name)
        self.link("fana", "gemechu", "hana", origin=PARTNER)
        now = self.mapping("hana").changed_at
        self.assertFalse(self.look(watch, now))
        self.assertTrue(self.look(self.burst(counted="any", threshold=5), now))

    def test_a_change_that_waits_counts_when_it_is_asked_for(self):
        watch, to_one = self.burst(), self.burst(subject_kind="address")
        self.env["g2p.spar.change.policy"].create(
            {"name": "A day", "effect": "wait", "hours": 24, "sequence": -1}
        )
        self.move("amina", "biru", "chala", to="77")
        self.assertEqual(self.look(watch).found_count, 3)
        self.assertFalse(self.look(to_one))
        with freeze_time(NOON + 30 * HOUR):
            self.mapper(self.env.ref("base.user_root")).apply_due()
        self.assertEqual(len(self.look(watch, NOON + 30 * HOUR)), 1)
        self.assertEqual(self.look(to_one, NOON + 30 * HOUR).found_count, 3)

    def test_to_one_address(self):
        watch = self.burst(subject_kind="address")
        self.move("amina", "biru", "chala", to="77")
        self.move("dawit", to="78")
        alert = self.look(watch)
        self.assertEqual(alert.found_count, 3)
        self.assertNotIn("77", alert.subject_text)

    def test_of_one_id(self):
        watch = self.burst(subject_kind="mapping", hours=100)
        for number in range(3):
            self.move(
                "amina", to=self.account("amina", number), at=NOON + number * HOUR
            )
        alert = self.look(watch, NOON + 4 * HOUR)
        self.assertEqual(alert.mapping_id, self.mapping("amina"))

    def test_disputes_at_one_provider(self):
        watch = self.burst(subject_kind="provider", counted="dispute", hours=10)
        self.step("suspend", "amina", "biru", "chala")
        alert = self.look(watch, self.mapping("amina").changed_at)
        self.assertEqual(alert.provider_id, self.provider)
        self.assertEqual(alert.found_count, 3)

    def test_only_one_channel(self):
        watch = self.burst(channel="staff")
        self.move("amina", "biru", "chala")
        self.assertFalse(self.look(watch))
        staff = Origin("staff", reason="Asked for")
        self.move("amina", "biru", "chala", to="2", origin=staff, user=self.officer)
        self.assertEqual(self.look(watch).user_id, self.officer)

    def test_sandboxes_do_not_count(self):
        watch = self.burst(counted="any")
        self.link_at(NOON, "fana", "gemechu", "hana", origin=SANDBOX)
        self.assertFalse(self.look(watch))


@tagged("post_install", "-at_install")
class TestBeforePayment(WatchCase):
    """Changes shortly before a payment."""

    def setUp(self):
        super().setUp()
        self.link_at(NOON - 90 * DAY, *NAMES)
        self.watch = self.rule(kind="before_payment", threshold=2, days=3)
        self.payment = self.env["g2p.spar.payment.date"].create(
            {"name": "May", "date": date(2026, 5, 6)}
        )

    def test_found_in_the_days_before(self):
        self.move("amina", "biru")
        alert = self.look(self.watch)
        self.assertEqual(alert.found_count, 2)
        self.assertIn("2026-05-06", alert.period)

    def test_what_came_before_these_days_does_not_count(self):
        self.move("amina", at=NOON - 2 * DAY)
        self.move("biru")
        self.assertFalse(self.look(self.watch))

    def test_the_day_itself_and_later_do_not_count(self):
        self.move("amina", at=NOON + DAY)
        self.move("biru", at=NOON + 2 * DAY)
        self.assertFalse(self.look(self.watch, NOON + 2 * DAY))

    def test_one_provider_only(self):
        self.payment.provider_id = self.provider.copy({"name": "O", "code": "other"})
        self.move("amina", "biru")
        self.assertFalse(self.look(self.watch))
        self.payment.provider_id = self.provider
        self.assertTrue(self.look(self.watch))

    def test_without_dates_nothing_is_found(self):
        self.payment.active = False
        self.move("amina", "biru")
        self.assertFalse(self.look(self.watch))


@tagged("post_install", "-at_install")
class TestJob(WatchCase):
    """The job lets every rule look that is switched on."""

    def test_all_rules_look(self):
        on, off = self.rule(), self.rule(active=False)
        with self.enter_registry_test_mode():
            self.env.ref("g2p_spar_watch.cron_look").method_direct_trigger()
        self.assertTrue(on.looked_at)
        self.assertFalse(off.looked_at)

    def test_the_rules_that_come_with_the_addon_can_look(self):
        for name in DELIVERED:
            rule = self.env.ref(f"g2p_spar_watch.rule_{name}")
            rule._look()
            self.assertTrue(rule.looked_at)
            self.assertIn(str(rule.threshold), rule.sentence)
