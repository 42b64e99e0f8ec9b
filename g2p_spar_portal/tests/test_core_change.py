from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.g2p_spar_fa_reference.core.rules import (
    FaTypeRule,
    PartRule,
    ProviderRule,
)
from odoo.addons.g2p_spar_fa_reference.tests.core_samples import (
    BANK,
    WALLET,
    reference,
)

from ..core.change import (
    Choice,
    Named,
    Step,
    group_digits,
    may_show,
    offered_types,
    open_step,
    parts_of,
    steps_of,
    typed_parts,
)
from ..core.digest import change_digest
from ..core.present import Present
from ..core.reference_number import (
    ALPHABET,
    read_reference_number,
    reference_number,
)

_PROVIDER = Named("dfsp1", "Bank 1")
_BRANCH = Named("indigo", "Indigo")
_TYPED = {"account_number": "123"}
_OPAQUE = FaTypeRule(
    9, "CASH", "Cash", "none", False, (PartRule("code", "Code", "typed"),)
)
_ALL = (Step.PROVIDER, Step.BRANCH, Step.NUMBER, Step.REVIEW)


class TestSteps(BaseCase):
    def test_the_steps_follow_from_the_parts(self):
        table = (
            (BANK, True, _ALL),
            (BANK, False, (Step.PROVIDER, Step.NUMBER, Step.REVIEW)),
            (WALLET, True, (Step.PROVIDER, Step.NUMBER, Step.REVIEW)),
            (_OPAQUE, False, (Step.NUMBER, Step.REVIEW)),
        )
        for fa_type, has_branches, steps in table:
            with self.subTest(type=fa_type.code, branches=has_branches):
                self.assertEqual(steps_of(fa_type, has_branches), steps)

    def test_the_next_step_is_the_first_that_is_not_done(self):
        table = (
            (Choice(), Step.PROVIDER),
            (Choice(_PROVIDER, None, True), Step.BRANCH),
            (Choice(_PROVIDER, None, False), Step.NUMBER),
            (Choice(_PROVIDER, _BRANCH, True), Step.NUMBER),
            (Choice(_PROVIDER, None, True, _TYPED), Step.BRANCH),
            (Choice(_PROVIDER, _BRANCH, True, _TYPED), Step.REVIEW),
        )
        for choice, step in table:
            with self.subTest(choice=choice):
                self.assertEqual(open_step(BANK, choice), step)

    def test_no_step_can_be_skipped_and_each_done_one_shown_again(self):
        choice = Choice(_PROVIDER, None, True)
        shown = [step for step in Step if may_show(BANK, choice, step)]
        self.assertEqual(shown, [Step.PROVIDER, Step.BRANCH])
        self.assertFalse(may_show(WALLET, Choice(_PROVIDER), Step.BRANCH))

    def test_another_provider_takes_branch_and_number_away(self):
        full = Choice(_PROVIDER, _BRANCH, True, _TYPED)
        self.assertEqual(full.with_provider(_PROVIDER, True), full)
        other = Named("other", "Other")
        self.assertEqual(full.with_provider(other, False), Choice(other))
        self.assertEqual(full.with_branch(_BRANCH).typed, _TYPED)

    def test_what_must_be_typed_is_asked_first(self):
        parts = (
            PartRule("a", "A", "typed"),
            PartRule("b", "B", "typed", required=True),
        )
        rule = FaTypeRule(1, "X", "X", parts=parts)
        self.assertEqual([part.name for part in typed_parts(rule)], ["b", "a"])

    def test_the_parts_of_the_address_are_those_chosen_and_typed(self):
        choice = Choice(_PROVIDER, _BRANCH, True, _TYPED | {"note": ""})
        self.assertEqual(
            parts_of(BANK, choice),
            {
                "bank_code": "dfsp1",
                "bank_name": "Bank 1",
                "branch_code": "indigo",
                "branch_name": "Indigo",
                "account_number": "123",
            },
        )
        parsed = reference().build_address(parts_of(BANK, choice), "BANK_ACCOUNT")
        self.assertEqual(parsed.fa_value, "account:123@indigo.dfsp1.bank_acc")

    def test_only_types_that_somebody_can_hold_are_offered(self):
        codes = [rule.code for rule in offered_types(reference())]
        self.assertEqual(codes, ["BANK_ACCOUNT", "MOBILE_WALLET"])
        bank_only = {"dfsp1": ProviderRule(11, "dfsp1", "Bank 1", "bank")}
        found = offered_types(reference(providers_by_code=bank_only))
        self.assertEqual([rule.code for rule in found], ["BANK_ACCOUNT"])
        self.assertEqual(offered_types(reference(strategies=())), ())

    @given(
        st.builds(
            Choice,
            st.none() | st.builds(Named, st.text(), st.text()),
            st.none() | st.builds(Named, st.text(), st.text()),
            st.booleans(),
            st.none() | st.dictionaries(st.text(), st.text()),
        )
    )
    def test_a_choice_comes_back_as_it_was_kept(self, choice):
        self.assertEqual(Choice.load(choice.dump()), choice)
        self.assertTrue(may_show(BANK, choice, open_step(BANK, choice)))

    @given(st.text(alphabet="0123456789", max_size=40))
    def test_groups_lose_no_digit(self, number):
        groups = group_digits(number)
        self.assertEqual("".join(groups), number)
        self.assertTrue(all(len(group) <= 4 for group in groups))
        if len(number) > 1:
            self.assertTrue(all(len(group) >= 2 for group in groups))


class TestDigest(BaseCase):
    def test_each_fact_makes_another_digest(self):
        facts = ("key", 1, "old", "new", "1")
        changed = (
            ("kez", 1, "old", "new", "1"),
            ("key", 2, "old", "new", "1"),
            ("key", 1, None, "new", "1"),
            ("key", 1, "old", "neu", "1"),
            ("key", 1, "old", "new", "2"),
            ("key", 1, "oldn", "ew", "1"),
        )
        self.assertEqual(change_digest(*facts), change_digest(*facts))
        digests = {change_digest(*one) for one in (facts, *changed)}
        self.assertEqual(len(digests), len(changed) + 1)
        self.assertEqual({len(digest) for digest in digests}, {43})

    def test_only_who_never_had_an_account_is_at_the_first(self):
        self.assertTrue(Present().is_first)
        self.assertFalse(Present().is_live)
        removed = Present(1, 3, None, "unlinked")
        self.assertFalse(removed.is_first)
        self.assertFalse(removed.is_live)
        self.assertTrue(Present(1, 1, "k", "suspended").is_closed)


class TestReferenceNumber(BaseCase):
    @given(st.binary(min_size=9, max_size=9))
    def test_a_number_is_read_however_it_is_written(self, random):
        number = reference_number(random)
        self.assertRegex(number, r"^SPAR-[0-9A-Y]{5}-[0-9A-Y]{5}$")
        plain = number.replace("-", "").removeprefix("SPAR")
        for written in (number, number.lower(), plain, f" {plain[:3]} {plain[3:]} "):
            self.assertEqual(read_reference_number(written), number)
        alike = plain.replace("0", "o").replace("1", "l")
        self.assertEqual(read_reference_number(alike), number)

    @given(st.binary(min_size=9, max_size=9), st.integers(0, 9), st.integers(1, 30))
    def test_one_wrong_symbol_shows(self, random, at, shift):
        plain = reference_number(random).replace("-", "").removeprefix("SPAR")
        wrong = ALPHABET[(ALPHABET.index(plain[at]) + shift) % len(ALPHABET)]
        changed = plain[:at] + wrong + plain[at + 1 :]
        self.assertIsNone(read_reference_number(changed))

    @given(st.binary(min_size=9, max_size=9), st.integers(0, 8))
    def test_neighbours_the_wrong_way_round_show(self, random, at):
        plain = reference_number(random).replace("-", "").removeprefix("SPAR")
        swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :]
        if swapped != plain:
            self.assertIsNone(read_reference_number(swapped))

    @given(st.text(max_size=60))
    def test_any_text_is_read_or_not(self, text):
        number = read_reference_number(text)
        if number is not None:
            self.assertEqual(read_reference_number(number), number)

    def test_no_two_are_alike(self):
        self.assertEqual(len({reference_number() for _ in range(1000)}), 1000)
