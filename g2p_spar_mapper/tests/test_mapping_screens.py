from datetime import datetime, timedelta
from itertools import product

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..const import STATES
from ..core.commands import UpdateItem
from ..core.state import effective_state
from .common import NATIONAL_ID, MapperCase

NOW = datetime.fromisoformat("2026-03-01 12:00:00")
DATES = (None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1))


@tagged("post_install", "-at_install")
class TestMappingScreens(MapperCase):
    """What the mapping model adds for screens."""

    def put(self, mapping, **columns):
        """Write columns past the service, to have states at any moment."""
        for name, value in columns.items():
            self.env.execute_query(
                SQL(
                    "UPDATE g2p_spar_mapping SET %s = %s WHERE id = %s RETURNING id",
                    SQL.identifier(name),
                    value,
                    mapping.id,
                )
            )
        mapping.invalidate_recordset()

    @freeze_time(NOW)
    def test_state_in_sql_is_the_state_of_the_core(self):
        cases = list(product([code for code, _label in STATES], DATES, DATES))
        names = [f"p{number}" for number in range(len(cases))]
        self.link(*names)
        mappings = [self.mapping(name) for name in names]
        expected = {}
        for mapping, (state, hold, valid) in zip(mappings, cases, strict=True):
            self.put(mapping, state=state, hold_until=hold, valid_until=valid)
            now = effective_state(state, hold, valid, NOW)
            expected.setdefault(now, set()).add(mapping.id)
            self.assertEqual(mapping.effective_state, now, (state, hold, valid))

        ours = [("id", "in", [mapping.id for mapping in mappings])]
        model = self.env["g2p.spar.mapping"].with_user(self.viewer)
        for state, ids in expected.items():
            found = model.search([*ours, ("effective_state", "=", state)])
            self.assertEqual(set(found.ids), ids, state)
        groups = model._read_group(ours, ["effective_state"], ["__count"])
        self.assertEqual(dict(groups), {key: len(ids) for key, ids in expected.items()})

    @freeze_time(NOW)
    def test_the_state_is_said_in_words(self):
        self.link("a")
        mapping = self.mapping("a").with_user(self.viewer).with_context(tz="UTC")
        tomorrow = NOW + timedelta(days=1)
        yesterday = NOW - timedelta(days=1)
        cases = [
            ("active", None, None, "Payments go to this address."),
            (
                "active",
                None,
                tomorrow,
                "Payments go to this address until 03/02/2026 12:00",
            ),
            ("active", None, yesterday, "The link ended on 02/28/2026 12:00"),
            ("on_hold", tomorrow, None, "On hold until 03/02/2026 12:00"),
            ("on_hold", None, None, "On hold. Nothing is paid until somebody"),
            ("suspended", None, None, "Disputed. Nothing is paid"),
            ("unlinked", None, None, "This ID has no address any more."),
        ]
        for state, hold, valid, words in cases:
            self.put(mapping, state=state, hold_until=hold, valid_until=valid)
            with self.subTest(state=state, hold=hold, valid=valid):
                self.assertEqual(mapping.state_sentence[: len(words)], words)

    def test_parts_are_told_by_their_labels(self):
        self.link(
            "a",
            fa=None,
            fa_parts={"number": "12345", "bank": "testbank"},
            fa_type="TEST_ACCOUNT",
        )
        lines = self.mapping("a").with_user(self.officer).fa_parts_text.splitlines()
        self.assertIn("Account number: 12345", lines)
        self.assertIn("Bank: testbank", lines)

    def test_history_says_what_changed(self):
        self.link("a", name="Amina")
        self.mapper(self.officer).update(
            [UpdateItem("u", NATIONAL_ID % "a", name="Amina Okello")]
        )
        last, first = self.mapping("a").version_ids.with_user(self.viewer)
        self.assertEqual((first.step, first.changed_fields), ("link", False))
        self.assertEqual((last.step, last.changed_fields), ("update", "Name"))

    def test_the_look_up_takes_whole_values_only(self):
        self.link("amina")
        model = self.env["g2p.spar.mapping"].with_user(self.viewer)
        found = self.mapping("amina")
        whole = [
            ("lookup_id", "token:amina@nationalId"),
            ("lookup_id", " TOKEN:amina@NATIONALID "),
            ("lookup_fa", found.fa_value),
            ("lookup_fa", found.fa_value.upper()),
        ]
        for field, text in whole:
            with self.subTest(field=field, text=text):
                self.assertEqual(model.search([(field, "=", text)]), found)
        for field, text in [("lookup_id", "token:ami"), ("lookup_fa", "account:0")]:
            for operator in ("=", "ilike", "like", "=ilike"):
                with self.subTest(field=field, text=text, operator=operator):
                    self.assertFalse(model.search([(field, operator, text)]))

    def test_dialogs_are_opened_on_what_is_selected(self):
        self.link("a", "b")
        mappings = self.mapping("a") | self.mapping("b")
        action = mappings.with_user(self.officer).action_hold()
        self.assertEqual(action["target"], "new")
        self.assertEqual(action["context"]["default_operation"], "hold")
        self.assertEqual(action["context"]["default_mapping_ids"], mappings.ids)

    def test_too_many_at_once_are_refused(self):
        many = self.env["g2p.spar.mapping"].browse(range(1, 1002))
        with self.assertRaisesRegex(UserError, "1,000"):
            many.with_user(self.officer).action_hold()
