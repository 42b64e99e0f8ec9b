from psycopg2.errors import InsufficientPrivilege

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..core.commands import CheckItem, Origin, StepItem
from ..core.erasure import KEY_MARK, WORD
from ..core.reason import Cause
from .change_common import ChangeCase
from .common import BANK_FA, NATIONAL_ID, STAFF, account_of
from .roles import MANAGERS, RolesMixin

#: Every column of every table in which a text can stand.
_COLUMNS = """
    SELECT c.table_name, c.column_name FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
    AND c.data_type IN ('character varying', 'text', 'jsonb', 'json')
"""
NAME, PHONE = "Zenaida Quispe", "+254711223344"


def find_text(env, *texts):
    """Where in the whole database some texts stand: table and column."""
    env.flush_all()
    patterns = [f"%{text}%" for text in texts]
    return [
        (table, column)
        for table, column in env.execute_query(SQL(_COLUMNS))
        if env.execute_query(
            SQL(
                "SELECT 1 FROM %s WHERE %s::text ILIKE ANY(%s) LIMIT 1",
                SQL.identifier(table),
                SQL.identifier(column),
                patterns,
            )
        )
    ]


@tagged("post_install", "-at_install")
class TestErasure(ChangeCase):
    """What was personal is gone; what was done stays known."""

    def setUp(self):
        super().setUp()
        info = [{"name": "village", "value": "Baraka-Unheard"}]
        self.link("zuri", name=NAME, phone_number=PHONE, additional_info=info)
        self.update("zuri", "5566778899")
        self.mapper().add_checks(
            [CheckItem("1", NATIONAL_ID % "zuri", 3, "passed", f"seen by {NAME}")],
            STAFF,
        )
        self.zuri = self.mapping("zuri")
        self.said = ("token:zuri@", account_of("zuri"), "5566778899", NAME, PHONE)

    def erase(self, name="zuri", user=None):
        return self.step("erase", name, user=user or self.manager)[0]

    def lines(self):
        """What the history says besides what is personal."""
        return [
            (one.version, one.step, one.state, one.user_id, one.changed_at)
            for one in self.zuri.version_ids.sorted("version")
        ]

    # === WHAT IS LEFT === #

    def test_no_text_of_the_person_is_left_anywhere(self):
        self.policy()
        self.update("zuri", "9911223355", origin=Origin("api", reason=NAME))
        self.decide("withdraw", "zuri", origin=Origin("staff", reason=f"{NAME} rang"))
        wanted = (*self.said, "9911223355", "Baraka-Unheard")
        self.assertTrue(find_text(self.env, *wanted))
        self.assertEqual(self.erase().cause, Cause.DONE)
        self.assertEqual(find_text(self.env, *wanted), [])

    def test_the_trail_stays(self):
        before = self.lines()
        self.erase()
        self.env.invalidate_all()
        self.assertEqual(self.lines()[:-1], before)
        last = self.zuri.version_ids.sorted("version")[-1]
        self.assertEqual(
            (last.step, last.state, last.user_id, last.reason),
            ("erase", "unlinked", self.manager, STAFF.reason),
        )
        self.assertEqual(self.zuri.provider_id, self.provider)

    def test_that_the_account_changed_can_still_be_seen(self):
        self.erase()
        self.env.invalidate_all()
        first, second, third = self.zuri.version_ids.sorted("version")
        for version in (first, second, third):
            self.assertTrue(version.fa_after.startswith(WORD))
        self.assertNotEqual(first.fa_after, second.fa_after)
        self.assertEqual(second.fa_after, third.fa_after)
        self.assertIn("Address", second.changed_fields)

    def test_the_id_can_be_linked_anew(self):
        self.erase()
        self.assertFalse(self.mapping("zuri"))
        self.assertIsNone(self.resolve("zuri")[0].fa)
        self.assertEqual(self.link("zuri")[0].cause, Cause.DONE)
        self.assertEqual(self.mapping("zuri").version, 1)
        self.assertEqual(self.erase().cause, Cause.DONE)
        # The keyed hash leads from the ID to both, which an auditor can follow.
        marked = [("id_key", "=like", f"{KEY_MARK}%")]
        erased = self.env["g2p.spar.mapping"].search(marked)
        self.assertEqual(len({one.id_value.split("-")[0] for one in erased}), 1)
        self.assertEqual(len(erased), 2)

    def test_others_are_left_alone(self):
        self.link("zola", name="Zola", fa=BANK_FA % "5566778899")
        self.erase()
        zola = self.mapping("zola")
        self.assertEqual((zola.name, zola.state), ("Zola", "active"))
        self.assertIn("5566778899", self.resolve("zola")[0].fa)

    def test_dialogs_forget_what_was_typed(self):
        dialog = self.env["g2p.spar.mapping.change"].create(
            {"operation": "update", "name": NAME, "mapping_ids": self.zuri.ids}
        )
        spoken = dialog.create(
            {
                "operation": "hold",
                "reason": f"{NAME} rang",
                "mapping_ids": self.zuri.ids,
            }
        )
        self.env.flush_all()
        self.erase()
        self.assertFalse((dialog | spoken).exists())

    # === WHEN IT IS REFUSED === #

    def test_what_somebody_has_to_decide_about_is_kept(self):
        self.policy()
        self.link("held", "disputed", "waiting")
        self.step("hold", "held")
        self.step("suspend", "disputed")
        self.update("waiting", "123123")
        found = {
            name: self.erase(name).cause
            for name in ("held", "disputed", "waiting", "nobody")
        }
        self.assertEqual(
            found,
            {
                "held": Cause.PROTECTED,
                "disputed": Cause.PROTECTED,
                "waiting": Cause.CHANGE_WAITS,
                "nobody": Cause.ID_UNKNOWN,
            },
        )
        self.assertEqual(self.mapping("held").version, 2)

    def test_once_is_enough(self):
        self.erase()
        self.assertEqual(self.erase().cause, Cause.ID_UNKNOWN)

    # === THE DOOR OF THE DATABASE === #

    def forge(self, statement):
        """Try a statement on the history behind the service's back."""
        with mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(statement)

    def test_history_cannot_be_erased_of_who_was_not(self):
        for table in ("g2p_spar_mapping_version", "g2p_spar_verification"):
            with self.assertRaises(InsufficientPrivilege):
                self.forge(SQL("UPDATE %s SET evidence = NULL", SQL.identifier(table)))

    def test_history_of_the_erased_can_lose_nothing_else(self):
        self.erase()
        table = SQL.identifier("g2p_spar_mapping_version")
        mine = SQL("WHERE mapping_id = %s", self.zuri.id)
        forged = (
            "step = 'link'",
            "user_id = 1",
            "changed_at = now()",
            "reason = 'nothing happened'",
            'after = after || \'{"state": "active"}\'',
            'after = after || \'{"fa_value": "account:1@thief.bank"}\'',
            "after = NULL",
            "before = '{}'",
        )
        for change in forged:
            with self.subTest(change=change), self.assertRaises(InsufficientPrivilege):
                self.forge(SQL("UPDATE %s SET %s %s", table, SQL(change), mine))
        for removal in (
            SQL("DELETE FROM %s %s", table, mine),
            SQL("TRUNCATE %s", table),
        ):
            with self.assertRaises(InsufficientPrivilege):
                self.forge(removal)


@tagged("post_install", "-at_install")
class TestErasureRights(RolesMixin, ChangeCase):
    def test_who_erases(self):
        self.link(*MANAGERS, "nobody")

        def erase(env):
            role = env.user.login.rpartition("_")[2]
            name = role if role in MANAGERS else "nobody"
            item = StepItem("1", NATIONAL_ID % name)
            [outcome] = env["g2p.spar.mapper"].erase([item], STAFF)
            self.assertEqual(outcome.cause, Cause.DONE)

        self.check(MANAGERS, erase, label="erase", refusal=AccessError)
