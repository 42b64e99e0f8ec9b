import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.ladder import Check, Result, Rung, level_of, read_check
from ..core.name_check import (
    RESULTS,
    NameVerdict,
    read_answer,
    write_question,
)

_CHECKS = st.lists(
    st.builds(Check, st.sampled_from(Rung), st.sampled_from(Result)), max_size=8
)


class TestLadder(BaseCase):
    def test_level_table(self):
        passed, failed, unclear = Result.PASSED, Result.FAILED, Result.UNCLEAR
        table = [
            (False, [], 0),
            (True, [], 1),
            (False, [(2, passed)], 2),
            (True, [(3, passed), (2, passed)], 3),
            (True, [(3, passed), (3, failed)], 1),
            (True, [(3, failed), (3, passed)], 3),
            (True, [(3, passed), (3, unclear)], 3),
            (True, [(5, passed), (3, failed)], 5),
            (True, [(2, passed), (5, passed), (5, failed)], 2),
        ]
        for has_form, checks, expected in table:
            with self.subTest(checks=checks, has_form=has_form):
                found = level_of(has_form, [Check(*check) for check in checks])
                self.assertEqual(found, expected)

    @given(st.booleans(), _CHECKS)
    def test_a_level_was_passed_and_not_lost(self, has_form, checks):
        level = level_of(has_form, checks)
        if level > Rung.FORMAT:
            clear = [
                one.result
                for one in checks
                if one.rung == level and one.result != Result.UNCLEAR
            ]
            self.assertEqual(clear[-1], Result.PASSED)

    @given(st.booleans(), _CHECKS)
    def test_what_is_unclear_changes_nothing(self, has_form, checks):
        clear = [one for one in checks if one.result != Result.UNCLEAR]
        self.assertEqual(level_of(has_form, checks), level_of(has_form, clear))

    def test_checks_are_read(self):
        self.assertEqual(read_check(3, "passed"), (3, "passed"))
        for rung, result in (
            (1, "passed"),
            (0, "passed"),
            (6, "passed"),
            ("3", "passed"),
            (True, "passed"),
            (3, "yes"),
            (3, None),
        ):
            with (
                self.subTest(rung=rung, result=result),
                self.assertRaises(ValueError),
            ):
                read_check(rung, result)


class TestNameCheck(BaseCase):
    def answer(self, status=200, body=None, **values):
        usual = {"reference": "r", "outcome": "match", "check_id": "c1"}
        raw = json.dumps(usual | values).encode() if body is None else body
        return read_answer(status, raw, "r")

    def test_each_outcome_is_read(self):
        for verdict in NameVerdict:
            self.assertEqual(self.answer(outcome=verdict.value), (verdict, "c1"))
            self.assertIn(verdict, RESULTS)

    def test_only_a_match_passes_and_only_none_fails(self):
        passing = {v for v, r in RESULTS.items() if r == Result.PASSED}
        failing = {v for v, r in RESULTS.items() if r == Result.FAILED}
        self.assertEqual((passing, failing), ({"match"}, {"none"}))

    def test_what_is_not_understood_decides_nothing(self):
        for values in (
            {"status": 500},
            {"status": 201},
            {"body": b""},
            {"body": b"\xff"},
            {"body": b"[]"},
            {"body": b"[" * 4000},
            {"body": b" " * 5000},
            {"reference": "other"},
            {"outcome": "yes"},
            {"outcome": None},
            {"check_id": 7},
            {"check_id": "x" * 65},
            {"check_id": "a\nb"},
        ):
            with self.subTest(values):
                self.assertEqual(self.answer(**values), ("not_possible", ""))

    @given(st.binary(max_size=200), st.integers(100, 599))
    def test_no_answer_is_an_error(self, body, status):
        verdict, _check_id = read_answer(status, body, "r")
        self.assertEqual(verdict, NameVerdict.NOT_POSSIBLE)

    @given(st.text(max_size=50), st.text(max_size=50))
    def test_the_question_says_what_was_given(self, fa, name):
        question = json.loads(write_question("7", fa, name))
        self.assertEqual(question, {"reference": "7", "account": fa, "name": name})
