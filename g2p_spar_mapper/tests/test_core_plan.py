from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.commands import Origin, StoredKey
from ..core.reason import Cause
from ..core.state import State, Step
from .pure import (
    FA,
    HOUR,
    ID,
    NOW,
    OTHER_FA,
    Registry,
    link_item,
    renew_item,
    report_item,
    resolve_item,
    rollback_item,
    step_item,
    unlink_item,
    waiting_item,
)


class TestPlanLink(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry()

    def test_new_id(self):
        (outcome,) = self.registry.run(Step.LINK, link_item(name="Ana"))
        self.assertEqual((outcome.cause, outcome.version), (Cause.DONE, 1))
        row = self.registry.row
        self.assertEqual((row.fa_value, row.state, row.name), (FA, "active", "Ana"))
        self.assertEqual(
            (row.strategy_id, row.provider_id, row.branch_code), (11, 31, "indigo")
        )

    def test_what_an_address_says_of_itself(self):
        table = [
            # address -> provider, branch code, branch, has parts
            (FA, 31, "indigo", 51, True),
            ("account:1@INDIGO.DFSP1.bank_acc", 31, "INDIGO", 51, True),
            ("account:1@rhino.dfsp1.bank_acc", 31, "rhino", None, True),
            ("account:1@indigo.dfsp9.bank_acc", None, "indigo", None, True),
            ("joeuser@dfsp1", 31, None, None, False),
            ("opaque", None, None, None, False),
        ]
        for fa, provider_id, branch_code, branch_id, has_parts in table:
            with self.subTest(fa=fa):
                registry = Registry()
                registry.run(Step.LINK, link_item(fa=fa))
                row = registry.row
                self.assertEqual(
                    (row.provider_id, row.branch_code, row.branch_id),
                    (provider_id, branch_code, branch_id),
                )
                self.assertEqual(row.fa_parts is not None, has_parts)

    def test_same_again_succeeds_and_changes_nothing(self):
        self.registry.run(Step.LINK, link_item())
        again = self.registry.causes(Step.LINK, link_item(fa=FA.upper()))
        self.assertEqual(again, [Cause.UNCHANGED])
        self.assertEqual(len(self.registry.versions), 1)

    def test_other_address_is_refused(self):
        self.registry.run(Step.LINK, link_item())
        causes = self.registry.causes(Step.LINK, link_item(fa=OTHER_FA))
        self.assertEqual(causes, [Cause.ALREADY_LINKED])
        self.assertEqual(self.registry.row.fa_value, FA)

    def test_same_id_twice_in_one_batch(self):
        causes = self.registry.causes(
            Step.LINK,
            link_item(reference_id="1"),
            link_item(reference_id="2", fa=OTHER_FA),
            link_item(reference_id="3"),
        )
        self.assertEqual(causes, [Cause.DONE, Cause.ALREADY_LINKED, Cause.UNCHANGED])

    def test_same_reference_twice(self):
        causes = self.registry.causes(
            Step.LINK, link_item(), link_item(id="token:other@nationalId")
        )
        self.assertEqual(causes, [Cause.DONE, Cause.REFERENCE_DUPLICATE])

    def test_unlinked_id_is_linked_again_with_its_history(self):
        self.registry.run(Step.LINK, link_item(name="Ana"))
        self.registry.run(Step.UNLINK, unlink_item())
        (outcome,) = self.registry.run(Step.LINK, link_item(fa=OTHER_FA))
        self.assertEqual((outcome.cause, outcome.version), (Cause.DONE, 3))
        self.assertIsNone(self.registry.row.name)

    def test_expired_id_is_linked_again(self):
        self.registry.run(Step.LINK, link_item(valid_until=NOW + HOUR))
        later = NOW + 2 * HOUR
        causes = self.registry.causes(Step.LINK, link_item(fa=OTHER_FA), now=later)
        self.assertEqual(causes, [Cause.DONE])

    def test_protected_id_is_refused_even_with_its_own_address(self):
        self.registry.run(Step.LINK, link_item())
        for step in (Step.HOLD, Step.SUSPEND):
            self.registry.run(step, step_item())
            with self.subTest(step=step):
                causes = self.registry.causes(Step.LINK, link_item())
                self.assertEqual(causes, [Cause.PROTECTED])

    def test_bad_items_are_answered_in_their_place(self):
        table = [
            (Cause.ITEM_INVALID, Cause.ITEM_INVALID),
            (link_item(reference_id=""), Cause.REFERENCE_INVALID),
            (link_item(reference_id=5), Cause.REFERENCE_INVALID),
            (link_item(reference_id="x" * 100), Cause.REFERENCE_INVALID),
            (link_item(reference_id="x" * 99), Cause.DONE),
            (link_item(reference_id="a", id=""), Cause.ID_INVALID),
            (link_item(reference_id="b", id=12), Cause.ID_INVALID),
            (link_item(reference_id="c", id="x" * 256), Cause.ID_INVALID),
            (link_item(reference_id="d", id="a\x00b"), Cause.ID_INVALID),
            (link_item(reference_id="e", fa=""), Cause.FA_INVALID),
            (link_item(reference_id="f", fa="\ud800"), Cause.FA_INVALID),
            (link_item(reference_id="g", fa=None), Cause.FA_INVALID),
            (link_item(reference_id="h", name=5), Cause.NAME_INVALID),
            (link_item(reference_id="i", phone_number="x"), Cause.PHONE_INVALID),
            (link_item(reference_id="j", additional_info={}), Cause.INFO_INVALID),
            (link_item(reference_id="k"), Cause.UNCHANGED),
        ]
        causes = self.registry.causes(Step.LINK, *(item for item, _cause in table))
        self.assertEqual(causes, [cause for _item, cause in table])

    def test_id_type_that_the_caller_may_not_use(self):
        origin = Origin(id_type_ids=frozenset({42}))
        causes = self.registry.causes(Step.LINK, link_item(), origin=origin)
        self.assertEqual(causes, [Cause.ID_NOT_ALLOWED])

    def test_parts_instead_of_an_address(self):
        item = link_item(
            fa=None,
            fa_parts={"account_no": "5", "bank": "dfsp1", "branch": "indigo"},
            fa_type="BANK_ACCOUNT",
        )
        self.assertEqual(self.registry.causes(Step.LINK, item), [Cause.DONE])
        self.assertEqual(self.registry.row.fa_value, "account:5@indigo.dfsp1.bank_acc")

    def test_value_of_a_token_keeps_its_case(self):
        self.registry.run(Step.LINK, link_item())
        causes = self.registry.causes(
            Step.LINK, link_item(id="token:ab_1@nationalId", fa=OTHER_FA)
        )
        self.assertEqual(causes, [Cause.DONE])
        causes = self.registry.causes(
            Step.LINK, link_item(id="TOKEN:Ab_1@NATIONALID", fa=OTHER_FA)
        )
        self.assertEqual(causes, [Cause.ALREADY_LINKED])


class TestPlanUpdate(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry()
        self.registry.run(
            Step.LINK,
            link_item(
                name="Ana",
                phone_number="+639171234567",
                additional_info=[{"name": "a", "value": 1}],
            ),
        )

    def test_only_what_is_given_is_replaced(self):
        (outcome,) = self.registry.run(Step.UPDATE, link_item(fa=OTHER_FA))
        row = self.registry.row
        self.assertEqual((outcome.cause, outcome.version), (Cause.DONE, 2))
        self.assertEqual(
            (row.fa_value, row.name, row.phone), (OTHER_FA, "Ana", "+639171234567")
        )

    def test_without_an_address_the_rest_is_updated(self):
        causes = self.registry.causes(Step.UPDATE, link_item(fa="", name="Ben"))
        row = self.registry.row
        self.assertEqual(causes, [Cause.DONE])
        self.assertEqual((row.fa_value, row.name), (FA, "Ben"))

    def test_the_same_again_makes_no_version(self):
        causes = self.registry.causes(Step.UPDATE, link_item())
        self.assertEqual(causes, [Cause.UNCHANGED])
        self.assertEqual(len(self.registry.versions), 1)

    def test_refusals(self):
        unknown = link_item(id="token:none@nationalId")
        self.assertEqual(self.registry.causes(Step.UPDATE, unknown), [Cause.ID_UNKNOWN])
        self.registry.run(Step.HOLD, step_item())
        self.assertEqual(
            self.registry.causes(Step.UPDATE, link_item()), [Cause.PROTECTED]
        )

    def test_expired_and_unlinked_are_refused(self):
        self.registry.run(Step.UPDATE, link_item(valid_until=NOW + HOUR))
        later = NOW + 2 * HOUR
        self.assertEqual(
            self.registry.causes(Step.UPDATE, link_item(fa=OTHER_FA), now=later),
            [Cause.ID_EXPIRED],
        )
        self.registry.run(Step.UNLINK, unlink_item(), now=later)
        self.assertEqual(
            self.registry.causes(Step.UPDATE, link_item(fa=OTHER_FA), now=later),
            [Cause.ID_UNKNOWN],
        )

    def test_twice_in_one_batch_makes_two_versions(self):
        self.registry.causes(
            Step.UPDATE,
            link_item(reference_id="1", fa=OTHER_FA),
            link_item(reference_id="2", fa=FA),
        )
        self.assertEqual(self.registry.row.version, 3)
        before = [version.before.fa_value for version in self.registry.versions[1:]]
        self.assertEqual(before, [FA, OTHER_FA])

    def test_an_ended_hold_does_not_protect(self):
        self.registry.run(Step.HOLD, step_item(hold_until=NOW + HOUR))
        later = NOW + 2 * HOUR
        causes = self.registry.causes(Step.UPDATE, link_item(fa=OTHER_FA), now=later)
        self.assertEqual(causes, [Cause.DONE])
        self.assertIsNone(self.registry.row.hold_until)


class TestPlanUnlinkAndSteps(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry()
        self.registry.run(Step.LINK, link_item())

    def test_unlink(self):
        self.assertEqual(
            self.registry.causes(Step.UNLINK, unlink_item(fa=OTHER_FA)),
            [Cause.FA_DIFFERS],
        )
        self.assertEqual(
            self.registry.causes(Step.UNLINK, unlink_item(fa=FA)), [Cause.DONE]
        )
        self.assertEqual(
            self.registry.causes(Step.UNLINK, unlink_item()), [Cause.ID_UNKNOWN]
        )

    def test_protected_is_not_unlinked(self):
        self.registry.run(Step.SUSPEND, step_item())
        self.assertEqual(
            self.registry.causes(Step.UNLINK, unlink_item()), [Cause.PROTECTED]
        )

    def test_a_key_stands_for_an_id_nobody_can_type(self):
        key = StoredKey(self.registry.row.id_key)
        causes = self.registry.causes(Step.HOLD, step_item(id=key))
        self.assertEqual(causes, [Cause.DONE])

    def test_steps_and_states(self):
        table = [
            (Step.RELEASE, Cause.NOT_POSSIBLE, "active"),
            (Step.HOLD, Cause.DONE, "on_hold"),
            (Step.HOLD, Cause.NOT_POSSIBLE, "on_hold"),
            (Step.REINSTATE, Cause.NOT_POSSIBLE, "on_hold"),
            (Step.SUSPEND, Cause.DONE, "suspended"),
            (Step.RELEASE, Cause.NOT_POSSIBLE, "suspended"),
            (Step.REINSTATE, Cause.DONE, "active"),
        ]
        version = 1
        for step, cause, state in table:
            with self.subTest(step=step):
                (outcome,) = self.registry.run(step, step_item())
                self.assertEqual(outcome.cause, cause)
                self.assertEqual(self.registry.row.state, state)
                if cause == Cause.DONE:
                    version += 1
                    self.assertEqual(outcome.version, version)
                    self.assertEqual(outcome.payable, state == "active")
                self.assertEqual(self.registry.row.version, version)

    def test_no_step_on_an_id_that_is_not_linked(self):
        self.registry.run(Step.UNLINK, unlink_item())
        for item in (step_item(), step_item(id="token:none@nationalId")):
            for step in (Step.HOLD, Step.RELEASE, Step.SUSPEND, Step.REINSTATE):
                with self.subTest(step=step, item=item):
                    self.assertEqual(
                        self.registry.causes(step, item), [Cause.ID_UNKNOWN]
                    )

    def test_hold_with_an_end(self):
        self.registry.run(Step.HOLD, step_item(hold_until=NOW + HOUR))
        (held,) = self.registry.resolve(resolve_item())
        (free,) = self.registry.resolve(resolve_item(), now=NOW + HOUR)
        self.assertEqual((held.cause, held.fa), (Cause.ID_INACTIVE, None))
        self.assertEqual((free.cause, free.fa), (Cause.ID_ACTIVE, FA))


_ITEMS = st.builds(
    link_item,
    reference_id=st.sampled_from(["1", "2", "3", "", None]),
    id=st.sampled_from([ID, "token:b@nationalId", "x", "", 5]),
    fa=st.sampled_from([FA, OTHER_FA, "opaque", "", None, 7]),
    name=st.sampled_from([None, "A", 3]),
)


_MAKERS = {
    Step.UNLINK: unlink_item,
    Step.APPLY: waiting_item,
    Step.WITHDRAW: waiting_item,
    Step.ROLLBACK: rollback_item,
    Step.RENEW: renew_item,
    Step.REPORT: report_item,
}


class TestPlanProperties(BaseCase):
    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(set(Step) - {Step.PROPOSE})),
                st.lists(_ITEMS, min_size=1, max_size=4),
            ),
            max_size=6,
        )
    )
    def test_history_is_without_gaps(self, batches):
        registry = Registry()
        for step, items in batches:
            make = _MAKERS.get(step, step_item)
            if step not in (Step.LINK, Step.UPDATE):
                items = [make(reference_id=i.reference_id, id=i.id) for i in items]
            outcomes = registry.run(step, *items)
            self.assertEqual(len(outcomes), len(items))
            self.assertNotIn(None, outcomes)
        for _mapping_id, row, _waiting in registry.stored.values():
            lines = [v for v in registry.versions if v.after.id_key == row.id_key]
            self.assertEqual(
                [line.after.version for line in lines], list(range(1, row.version + 1))
            )
            self.assertEqual(lines[-1].after, row)
            for earlier, later in zip(lines, lines[1:], strict=False):
                self.assertEqual(later.before, earlier.after)

    def test_states_are_those_of_the_table(self):
        self.assertEqual(
            {state.value for state in State},
            {"active", "on_hold", "suspended", "expired", "unlinked"},
        )
