from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.commands import Origin
from ..core.reason import Cause
from ..core.resolving import is_prefix, normalize_prefix
from ..core.state import Step
from .pure import (
    FA,
    HOUR,
    ID,
    NOW,
    OTHER_FA,
    Registry,
    link_item,
    resolve_item,
    step_item,
    unlink_item,
)

_REVERSE = Origin(may_reverse=True)
_UNKNOWN = "token:nobody@nationalId"


class TestResolve(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry()
        self.registry.run(Step.LINK, link_item())

    def _ask(self, origin=None, now=NOW, **values):
        (outcome,) = self.registry.resolve(
            resolve_item(**values), origin=origin, now=now
        )
        return outcome

    def test_details(self):
        outcome = self._ask()
        self.assertEqual((outcome.cause, outcome.fa), (Cause.ID_ACTIVE, FA))
        self.assertTrue(outcome.payable)
        self.assertEqual((outcome.provider_id, outcome.strategy_id), (31, 11))

    def test_yes_no_tells_no_address(self):
        outcome = self._ask(details=False)
        self.assertEqual((outcome.cause, outcome.fa), (Cause.ID_ACTIVE, None))
        self.assertTrue(outcome.payable)

    def test_unknown(self):
        self.assertEqual(self._ask(id=_UNKNOWN).cause, Cause.ID_NOT_FOUND)
        self.registry.run(Step.UNLINK, unlink_item())
        self.assertEqual(self._ask().cause, Cause.ID_NOT_FOUND)

    def test_not_payable(self):
        for step in (Step.HOLD, Step.SUSPEND):
            self.registry.run(step, step_item())
            with self.subTest(step=step):
                outcome = self._ask()
                self.assertEqual((outcome.cause, outcome.fa), (Cause.ID_INACTIVE, None))
                self.assertFalse(outcome.payable)

    def test_expired(self):
        self.registry.run(Step.UPDATE, link_item(valid_until=NOW + HOUR))
        self.assertEqual(self._ask().fa, FA)
        outcome = self._ask(now=NOW + HOUR)
        self.assertEqual((outcome.cause, outcome.fa), (Cause.ID_INACTIVE, None))

    def test_id_and_address(self):
        self.assertEqual(self._ask(fa=FA.upper()).cause, Cause.ID_ACTIVE)
        mismatch = self._ask(fa=OTHER_FA)
        self.assertEqual((mismatch.cause, mismatch.fa), (Cause.FA_NOT_LINKED, None))

    def test_address_alone(self):
        self.assertEqual(self._ask(id=None, fa=OTHER_FA).cause, Cause.FA_NOT_FOUND)
        plain = self._ask(id=None, fa=FA)
        self.assertEqual((plain.cause, plain.id), (Cause.FA_ACTIVE, None))
        self.assertTrue(plain.payable)
        told = self._ask(_REVERSE, id=None, fa=FA)
        self.assertEqual((told.id, told.payable), (ID, True))
        self.assertIsNone(self._ask(_REVERSE, id=None, fa=FA, details=False).id)

    def test_a_shared_address_names_nobody(self):
        self.registry.run(Step.LINK, link_item(id="token:second@nationalId"))
        outcome = self._ask(_REVERSE, id=None, fa=FA)
        self.assertEqual((outcome.cause, outcome.id), (Cause.FA_ACTIVE, None))

    def test_an_address_on_hold_is_inactive(self):
        self.registry.run(Step.HOLD, step_item())
        outcome = self._ask(_REVERSE, id=None, fa=FA)
        self.assertEqual((outcome.cause, outcome.id), (Cause.FA_INACTIVE, None))

    def test_the_id_type_of_another_is_not_told(self):
        origin = Origin(may_reverse=True, id_type_ids=frozenset({42}))
        self.assertIsNone(self._ask(origin, id=None, fa=FA).id)

    def test_what_is_a_prefix(self):
        table = {"account:1@": True, "account:1@b": False, "account1@": False}
        for text, expected in table.items():
            with self.subTest(text=text):
                self.assertEqual(is_prefix(text), expected)
        self.assertFalse(is_prefix(5))
        self.assertEqual(normalize_prefix(" Account:Ab@"), "account:ab@")
        self.assertEqual(normalize_prefix("TOKEN:Ab@", True), "token:Ab@")

    def test_prefix_beside_an_id(self):
        may = Origin(may_prefix=True)
        table = [
            ("account:123456@", may, Cause.ID_ACTIVE),
            ("account:12345@", may, Cause.FA_NOT_LINKED),
            ("account:123456@", Origin(), Cause.FA_INVALID),
        ]
        for fa, origin, cause in table:
            with self.subTest(fa=fa, origin=origin):
                self.assertEqual(self._ask(origin, fa=fa).cause, cause)

    def test_nothing_asked(self):
        self.assertEqual(self._ask(id=None).cause, Cause.NOTHING_ASKED)
        self.assertEqual(self._ask(id="", fa="").cause, Cause.NOTHING_ASKED)

    def test_bad_items_are_answered_in_their_place(self):
        items = [
            resolve_item(),
            Cause.TIMESTAMP_INVALID,
            resolve_item(reference_id="2", id="a\x00"),
            resolve_item(),
            resolve_item(reference_id="3", id=_UNKNOWN),
        ]
        causes = [outcome.cause for outcome in self.registry.resolve(*items)]
        self.assertEqual(
            causes,
            [
                Cause.ID_ACTIVE,
                Cause.TIMESTAMP_INVALID,
                Cause.ID_INVALID,
                Cause.REFERENCE_DUPLICATE,
                Cause.ID_NOT_FOUND,
            ],
        )

    @given(
        st.lists(
            st.sampled_from([Step.HOLD, Step.SUSPEND, Step.RELEASE, Step.UNLINK]),
            max_size=4,
        ),
        st.booleans(),
        st.sampled_from([None, ID, _UNKNOWN]),
        st.sampled_from([None, FA, OTHER_FA]),
        st.integers(-3, 3),
    )
    def test_what_is_not_payable_is_never_sent(self, steps, details, id_, fa, hours):
        registry = Registry()
        registry.run(Step.LINK, link_item(valid_until=NOW + HOUR))
        for step in steps:
            make = unlink_item if step == Step.UNLINK else step_item
            registry.run(step, make())
        (outcome,) = registry.resolve(
            resolve_item(id=id_, fa=fa, details=details),
            origin=_REVERSE,
            now=NOW + hours * HOUR,
        )
        if not outcome.payable:
            self.assertIsNone(outcome.fa)
            self.assertIsNone(outcome.fa_parts)
        if hours >= 1:
            self.assertFalse(outcome.payable)
        if fa == OTHER_FA:
            self.assertIsNone(outcome.fa)
