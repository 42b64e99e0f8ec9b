from freezegun import freeze_time
from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core.commands import LinkItem, Origin, ResolveItem
from ..core.reason import Cause
from .common import BANK_FA, NATIONAL_ID, STAFF, MapperCase, account_of

utc = fields.Datetime.to_datetime


def causes(outcomes):
    return [outcome.cause for outcome in outcomes]


@tagged("post_install", "-at_install")
class TestMapperService(MapperCase):
    def test_link_stores_row_and_first_version(self):
        origin = Origin(sender="pbms", transaction_id="txn-1")
        with freeze_time("2026-03-01 12:00:00"):
            (outcome,) = self.link(
                "ana",
                origin=origin,
                name="Ana",
                phone_number="tel:+63 917 123 4567",
                additional_info=[{"name": "lang", "value": "fr"}, {"strategy_id": 1}],
            )
        mapping = self.mapping("ana")
        self.assertEqual((outcome.cause, outcome.version), (Cause.DONE, 1))
        self.assertRecordValues(
            mapping,
            [
                {
                    "id_value": NATIONAL_ID % "ana",
                    "fa_value": BANK_FA % account_of("ana"),
                    "provider_id": self.provider.id,
                    "branch_id": self.branch.id,
                    "strategy_id": self.strategy.id,
                    "name": "Ana",
                    "phone": "+639171234567",
                    "additional_info": [{"name": "lang", "value": "fr"}],
                    "state": "active",
                    "channel": "api",
                    "sender": "pbms",
                    "user_id": self.api_user.id,
                    "linked_at": utc("2026-03-01 12:00:00"),
                    "changed_at": utc("2026-03-01 12:00:00"),
                    "version": 1,
                }
            ],
        )
        self.assertEqual(mapping.fa_parts["number"], account_of("ana"))
        self.assertRecordValues(
            mapping.version_ids,
            [
                {
                    "version": 1,
                    "step": "link",
                    "before": False,
                    "transaction_id": "txn-1",
                    "reference_id": "ref-ana",
                    "changed_at": utc("2026-03-01 12:00:00"),
                }
            ],
        )
        self.assertEqual(mapping.version_ids.after["fa_value"], mapping.fa_value)

    def test_a_mixed_batch_is_answered_item_by_item(self):
        self.link("known")
        items = [
            LinkItem("1", NATIONAL_ID % "known", BANK_FA % account_of("known")),
            LinkItem("2", NATIONAL_ID % "known", BANK_FA % "1"),
            LinkItem("3", NATIONAL_ID % "new", BANK_FA % "2"),
            LinkItem("4", NATIONAL_ID % "new", BANK_FA % "3"),
            LinkItem("5", "", BANK_FA % "4"),
            LinkItem("6", NATIONAL_ID % "bad", "account:x@indigo.testbank.testacc"),
            LinkItem("3", NATIONAL_ID % "twice", BANK_FA % "5"),
            Cause.TIMESTAMP_INVALID,
        ]
        self.assertEqual(
            causes(self.mapper().link(items)),
            [
                Cause.UNCHANGED,
                Cause.ALREADY_LINKED,
                Cause.DONE,
                Cause.ALREADY_LINKED,
                Cause.ID_INVALID,
                Cause.FA_INVALID,
                Cause.REFERENCE_DUPLICATE,
                Cause.TIMESTAMP_INVALID,
            ],
        )
        self.assertFalse(self.mapping("bad") or self.mapping("twice"))

    def test_update_keeps_what_is_empty_and_writes_history(self):
        self.link("ana", name="Ana", phone_number="+639171234567")
        items = [LinkItem("u", NATIONAL_ID % "ana", BANK_FA % "77")]
        (outcome,) = self.mapper().update(items)
        mapping = self.mapping("ana")
        self.assertEqual((outcome.cause, outcome.version), (Cause.DONE, 2))
        self.assertEqual(
            (mapping.fa_value, mapping.name, mapping.phone),
            (BANK_FA % "77", "Ana", "+639171234567"),
        )
        last = mapping.version_ids[0]
        self.assertEqual((last.version, last.step), (2, "update"))
        self.assertEqual(last.before["fa_value"], BANK_FA % account_of("ana"))
        self.assertEqual(last.after["fa_value"], BANK_FA % "77")

    def test_relink_begins_a_new_time_and_keeps_the_history(self):
        with freeze_time("2026-03-01"):
            self.link("ana", name="Ana")
            self.mapper().unlink(self.unlink_items("ana"))
        with freeze_time("2026-04-01"):
            self.link("ana", fa=BANK_FA % "5")
        mapping = self.mapping("ana")
        self.assertEqual((mapping.state, mapping.version), ("active", 3))
        self.assertFalse(mapping.name)
        self.assertEqual(mapping.linked_at, utc("2026-04-01"))
        steps = mapping.version_ids.sorted("version").mapped("step")
        self.assertEqual(steps, ["link", "unlink", "link"])

    def test_update_does_not_move_the_day_of_the_link(self):
        with freeze_time("2026-03-01"):
            self.link("ana")
        with freeze_time("2026-04-01"):
            self.mapper().update([LinkItem("u", NATIONAL_ID % "ana", BANK_FA % "5")])
        mapping = self.mapping("ana")
        self.assertEqual(mapping.linked_at, utc("2026-03-01"))
        self.assertEqual(mapping.changed_at, utc("2026-04-01"))

    def test_hold_release_suspend_reinstate(self):
        self.link("ana")
        table = [
            ("hold", self.officer, "on_hold", Cause.ID_INACTIVE),
            ("release", self.manager, "active", Cause.ID_ACTIVE),
            ("suspend", self.officer, "suspended", Cause.ID_INACTIVE),
            ("reinstate", self.manager, "active", Cause.ID_ACTIVE),
        ]
        for method, user, state, cause in table:
            with self.subTest(step=method):
                outcomes = self.step(method, "ana", user=user)
                self.assertEqual(causes(outcomes), [Cause.DONE])
                mapping = self.mapping("ana")
                self.assertEqual((mapping.state, mapping.reason), (state, STAFF.reason))
                self.assertEqual(causes(self.resolve("ana")), [cause])

    def test_hold_ends_by_its_date(self):
        with freeze_time("2026-03-01"):
            self.link("ana")
            self.step("hold", "ana", hold_until=utc("2026-03-02"))
            self.assertEqual(self.mapping("ana").effective_state, "on_hold")
        with freeze_time("2026-03-02"):
            mapping = self.mapping("ana")
            mapping.invalidate_recordset()
            self.assertEqual(mapping.effective_state, "active")
            self.assertEqual(causes(self.resolve("ana")), [Cause.ID_ACTIVE])

    def test_resolve_by_address_and_by_prefix(self):
        self.link("Ana")
        fa = BANK_FA % account_of("Ana")
        may = Origin(may_reverse=True, may_prefix=True)
        items = [
            ResolveItem("1", None, fa, True),
            ResolveItem("2", None, f"account:{account_of('Ana')}@", True),
            ResolveItem("3", "TOKEN:Ana@", None, True),
            ResolveItem("4", NATIONAL_ID % "Ana", f"account:{account_of('Ana')}@"),
            ResolveItem("5", None, "account:000@", True),
        ]
        outcomes = self.mapper().resolve(items, may)
        self.assertEqual(
            causes(outcomes),
            [
                Cause.FA_ACTIVE,
                Cause.FA_ACTIVE,
                Cause.ID_ACTIVE,
                Cause.ID_ACTIVE,
                Cause.FA_NOT_FOUND,
            ],
        )
        self.assertEqual([o.id for o in outcomes[:2]], [NATIONAL_ID % "Ana"] * 2)
        self.assertEqual(outcomes[2].fa, fa)

    def test_a_prefix_that_fits_two_finds_none(self):
        self.link("ana")
        self.mapper().link([LinkItem("b", "token:ana@other", BANK_FA % "5")])
        items = [ResolveItem("1", "token:ana@", None, True)]
        outcomes = self.mapper().resolve(items, Origin(may_prefix=True))
        self.assertEqual(causes(outcomes), [Cause.ID_NOT_FOUND])

    def test_without_the_right_a_prefix_is_an_id_like_any_other(self):
        self.link("ana")
        items = [ResolveItem("1", "token:ana@", None, True)]
        (outcome,) = self.mapper().resolve(items, Origin())
        self.assertIn(outcome.cause, (Cause.ID_NOT_FOUND, Cause.ID_INVALID))

    def test_resolve_with_parts(self):
        self.link("ana")
        (with_parts,) = self.resolve("ana", with_parts=True)
        (without,) = self.resolve("ana")
        self.assertIn(account_of("ana"), with_parts.fa_parts)
        self.assertIsNone(without.fa_parts)

    def test_known_links_take_no_number_of_the_sequence(self):
        """Programmes send all their links again, night after night."""
        last_number = "SELECT last_value FROM g2p_spar_mapping_id_seq"
        self.link("ana")
        self.cr.execute(last_number)
        before = self.cr.fetchone()
        self.assertEqual(causes(self.link("ana")), [Cause.UNCHANGED])
        self.assertEqual(
            causes(self.link("ana", fa=BANK_FA % "5")), [Cause.ALREADY_LINKED]
        )
        self.cr.execute(last_number)
        self.assertEqual(self.cr.fetchone(), before)

    def test_versions_tell_what_changed_since(self):
        self.link("ana", "ben")
        prepared = {o.mapping_id: o.version for o in self.resolve("ana", "ben")}
        self.mapper().update([LinkItem("u", NATIONAL_ID % "ana", BANK_FA % "5")])
        self.step("hold", "ben")
        ana, ben = prepared
        now = self.mapper().versions([ana, ben, 0])
        self.assertEqual(now, {ana: (2, True), ben: (2, False)})
        with self.assertQueryCount(1):
            self.mapper().versions([ana, ben])
        with self.assertRaises(AccessError):
            self.mapper(self.viewer).versions([ana])

    def test_an_id_kept_as_hash(self):
        self.env["g2p.spar.id.type"].create(
            {
                "name": "Secret number",
                "code": "secret_number",
                "template": "secret:{value}@state",
                "keyed_hash": True,
            }
        )
        secret = "secret:123456789012@state"
        self.mapper().link([LinkItem("1", secret, BANK_FA % "8")])
        (outcome,) = self.mapper().resolve([ResolveItem("1", secret, None, True)])
        self.assertEqual(outcome.fa, BANK_FA % "8")
        mapping = self.env["g2p.spar.mapping"].browse(outcome.mapping_id)
        for value in (mapping.id_value, mapping.id_key, mapping.display_name):
            self.assertNotIn("123456789012", value)
        may = Origin(may_reverse=True)
        (reverse,) = self.mapper().resolve(
            [ResolveItem("1", None, BANK_FA % "8", True)], may
        )
        self.assertEqual((reverse.cause, reverse.id), (Cause.FA_ACTIVE, None))

    def test_statements_do_not_grow_with_the_batch(self):
        def names(prefix, count):
            return [f"{prefix}{number}" for number in range(count)]

        few, many = names("f", 2), names("m", 200)
        self.link("warm")
        self.resolve("warm")
        with self.assertQueryCount(3):
            self.link(*few)
        with self.assertQueryCount(3):
            self.link(*many)
        for batch in (few, many):
            # Known IDs: one more statement reads them, none writes.
            with self.assertQueryCount(4):
                self.link(*batch)
        for batch in (few, many):
            with self.assertQueryCount(1):
                self.resolve(*batch)
            items = [LinkItem(n, NATIONAL_ID % n, BANK_FA % "1") for n in batch]
            with self.assertQueryCount(4):
                self.mapper().update(items)
            with self.assertQueryCount(3):
                self.mapper().unlink(self.unlink_items(*batch))

    def test_who_may_do_what(self):
        self.link("ana")
        table = {
            "link": {self.api_user, self.officer, self.manager},
            "update": {self.api_user, self.officer, self.manager},
            "unlink": {self.api_user, self.officer, self.manager},
            "resolve": {self.api_user, self.officer, self.manager},
            "hold": {self.officer, self.manager},
            "suspend": {self.officer, self.manager},
            "release": {self.manager},
            "reinstate": {self.manager},
        }
        everybody = self.api_user | self.viewer | self.officer | self.manager
        for method, allowed in table.items():
            for user in everybody | self.env.ref("base.public_user"):
                with self.subTest(method=method, user=user.login):
                    call = getattr(self.mapper(user), method)
                    if user in allowed:
                        call([], Origin())
                    else:
                        with self.assertRaises(AccessError):
                            call([], Origin())

    def test_a_failing_statement_is_logged_without_its_values(self):
        """The log is read by more people than the registry."""
        self.cr.execute(
            "CREATE FUNCTION spar_test_fail() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
            "CREATE TRIGGER spar_test_fail BEFORE INSERT ON g2p_spar_mapping"
            " FOR EACH ROW EXECUTE FUNCTION spar_test_fail()"
        )
        with (
            self.assertNoLogs("odoo.sql_db", "WARNING"),
            self.assertRaises(errors.RaiseException),
            self.cr.savepoint(),
        ):
            self.link("ana")

    def test_the_database_refuses_to_change_history(self):
        self.link("ana")
        for statement in (
            "UPDATE g2p_spar_mapping_version SET reason = 'x'",
            "DELETE FROM g2p_spar_mapping_version",
            "TRUNCATE g2p_spar_mapping_version",
        ):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.InsufficientPrivilege),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement)
