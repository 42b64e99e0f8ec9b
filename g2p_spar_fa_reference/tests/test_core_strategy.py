import time

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.errors import AmbiguousPart, MissingPart, StrategyError
from ..core.pattern import MAX_INPUT, MAX_PATTERN, compile_safe
from ..core.strategy import compile_pattern, compile_strategy, needs_pattern
from .core_samples import FORM_1_0, FORM_1_1, FORM_BRIDGE

TEMPLATES = (
    FORM_1_0,
    FORM_1_1,
    FORM_BRIDGE,
    "email:{email}.{type}",
    "token:{sub}@nationalId",
    "{a}:{b}",
    "x{a}aa{b}aay",
)
# Values which are made of separators, to provoke what could go wrong.
NASTY = st.text(st.sampled_from("a.@:xyY1 "), max_size=8) | st.sampled_from(
    [".bank_code:", ".fa_type:BANK", "@", "aa", "İ", "account:"]
)
PATTERN_1_0 = (
    r"^account:(?P<account_no>.[^.]*)@(?P<branch>.[^.]*)\.(?P<bank>.[^.]*)"
    r"\.(?P<type>.*)$"
)


@tagged("post_install", "-at_install")
class TestStrategy(BaseCase):
    @given(st.sampled_from(TEMPLATES), st.data())
    def test_round_trip_or_refusal(self, template, data):
        strategy = compile_strategy(template)
        parts = {name: data.draw(NASTY, label=name) for name in strategy.part_names}
        try:
            text = strategy.construct(parts)
        except AmbiguousPart:
            self.assertNotEqual(strategy.deconstruct(strategy.fill(parts)), parts)
        else:
            self.assertEqual(strategy.deconstruct(text), parts)

    @given(st.sampled_from(TEMPLATES), st.data())
    def test_plain_values_are_never_refused(self, template, data):
        strategy = compile_strategy(template)
        plain = st.text("bcdBCD019", min_size=1, max_size=8)
        parts = {name: data.draw(plain, label=name) for name in strategy.part_names}
        self.assertEqual(strategy.deconstruct(strategy.construct(parts)), parts)

    @given(st.text(max_size=60))
    def test_what_is_read_is_written_the_same(self, text):
        for template in TEMPLATES:
            strategy = compile_strategy(template)
            parts = strategy.deconstruct(text)
            if parts is not None:
                self.assertEqual(strategy.fill(parts).lower(), text.lower())

    def test_part_names_are_in_the_order_of_the_template(self):
        names = compile_strategy(FORM_1_0).part_names
        self.assertEqual(names, ("account_no", "branch", "bank", "type"))

    def test_deconstruct(self):
        strategy = compile_strategy(FORM_1_0)
        for text, wanted in (
            ("account:1@b.c.d", ["1", "b", "c", "d"]),
            ("ACCOUNT:aB@B.c.D", ["aB", "B", "c", "D"]),
            ("account:1@2@b.c.d", ["1@2", "b", "c", "d"]),
            ("account:@..", ["", "", "", ""]),
            ("account:1@b.c", None),
            ("xaccount:1@b.c.d", None),
            ("account:", None),
            ("", None),
        ):
            with self.subTest(text):
                self.assertEqual(strategy.split(text), wanted)

    def test_literals_in_other_letters(self):
        strategy = compile_strategy(FORM_BRIDGE)
        text = FORM_BRIDGE.format(account_number="aB", branch_code="c", bank_code="D")
        for written in (text, text.upper(), text.replace("aB", "İaB")):
            with self.subTest(written):
                values = strategy.split(written)
                self.assertEqual(values[0], written[15 : written.index(".")])
                self.assertEqual([one.lower() for one in values[1:]], ["c", "d"])
        self.assertIsNone(strategy.split(text + "x"))
        self.assertIsNone(strategy.split(text[1:]))

    def test_deconstruct_is_bounded(self):
        strategy = compile_strategy("a:{x}")
        self.assertIsNotNone(strategy.deconstruct("a:" + "1" * (MAX_INPUT - 2)))
        self.assertIsNone(strategy.deconstruct("a:" + "1" * (MAX_INPUT - 1)))

    def test_a_value_with_separators_is_refused(self):
        strategy = compile_strategy(FORM_1_1)
        parts = dict.fromkeys(strategy.part_names, "x")
        parts["bank_name"] = "Evil.bank_code:HDFC"
        # The first part may hold separators, a later one may not hold the literal
        # in front of it: here the name would lose its end to the code.
        parts["bank_code"] = "A.bank_code:B"
        with self.assertRaises(AmbiguousPart) as caught:
            strategy.construct(parts)
        self.assertEqual(caught.exception.code, "part_ambiguous")

    def test_missing_part(self):
        with self.assertRaises(MissingPart):
            compile_strategy("a:{x}.{y}").construct({"x": "1"})

    def test_unusable_templates(self):
        for template in (
            "",
            " a:{x}",
            "nothing",
            "a:{x}{y}",
            "a:{x}.{x}",
            "a:{x",
            "a:{x}{",
            "a:{x}}",
            "{a:{x}",
            "a:{x}." + "b" * 495,
            "a:x}",
            "a:{}",
            "a:{1x}",
            "a:{x.y}",
            "a:{x!r}",
            "ä:{x}",
            "a:{x}\n",
            "a:{x}" + "b" * 500,
        ):
            with self.subTest(template), self.assertRaises(StrategyError):
                compile_strategy(template)


@tagged("post_install", "-at_install")
class TestPattern(BaseCase):
    def test_pattern_of_spar_1_0(self):
        strategy = compile_pattern(FORM_1_0, PATTERN_1_0)
        self.assertEqual(
            strategy.construct(
                {"account_no": "1", "branch": "b", "bank": "c", "type": "d"}
            ),
            "account:1@b.c.d",
        )
        self.assertIsNone(strategy.deconstruct("account:1@b.c.d\n"))

    def test_pattern_refuses_values_it_reads_otherwise(self):
        strategy = compile_pattern(FORM_1_0, PATTERN_1_0)
        with self.assertRaises(AmbiguousPart):
            strategy.construct(
                {"account_no": "1.2", "branch": "b", "bank": "c", "type": "d"}
            )

    def test_pattern_is_bounded(self):
        strategy = compile_pattern("a:{x}", "a:(?P<x>.*)")
        self.assertIsNotNone(strategy.deconstruct("a:" + "1" * (MAX_INPUT - 2)))
        self.assertIsNone(strategy.deconstruct("a:" + "1" * (MAX_INPUT - 1)))

    def test_longest_template(self):
        self.assertTrue(compile_strategy("a:{x}." + "b" * 494))

    def test_unusable_patterns(self):
        for pattern in (
            "(?P<x>",
            "b:(?P<x>.*)",
            "a:(?P<y>.*)",
            "a:(?P<x>[0-9]{10})",
        ):
            with self.subTest(pattern), self.assertRaises(StrategyError):
                compile_pattern("a:{x}", pattern)

    def test_patterns_that_could_run_for_ever(self):
        for pattern in (
            "(a+)+",
            "(a*)*b",
            "(a{2,})*",
            "(?:a|aa)*",
            "(.*a){20}",
            "(?P<x>(a?b?)*)",
            "((a+)b)*",
            r"(\(+)+",
            "([)]+)+",
            "x(y(z|w)){2,}",
        ):
            with self.subTest(pattern):
                with self.assertRaises(StrategyError) as caught:
                    compile_safe(pattern)
                self.assertIn("for ever", str(caught.exception))

    def test_patterns_that_look_around(self):
        for pattern in (
            "(?=a)b",
            "(?!a)b",
            "(?<=a)b",
            "(?<!a)b",
            r"(a)\1",
            "(?P<x>a)(?P=x)",
        ):
            with self.subTest(pattern):
                with self.assertRaises(StrategyError) as caught:
                    compile_safe(pattern)
                self.assertIn("looks ahead", str(caught.exception))

    def test_longest_pattern(self):
        self.assertTrue(compile_safe("a" * MAX_PATTERN))
        with self.assertRaises(StrategyError) as caught:
            compile_safe("a" * (MAX_PATTERN + 1))
        self.assertIn("longer than", str(caught.exception))

    def test_harmless_patterns_pass(self):
        for pattern in (
            r"^\d{9,18}$",
            r"[A-Za-z0-9\._%+\-]+@[A-Za-z0-9\.\-]+\.[A-Za-z]{2,}",
            r"^\+?[1-9]\d{1,14}$",
            r"(AB|CD)[0-9]+",
            r"[(+*)]+\)",
            r"(\+[0-9])?[0-9]+",
            r"(a+)(b+)",
            r"(a)+b+",
            r"([*+]x)+",
            "a|b+",
            r"(?P<x>a|b)?c",
        ):
            with self.subTest(pattern):
                self.assertTrue(compile_safe(pattern))

    def test_digits_are_ascii(self):
        self.assertIsNone(compile_safe(r"\d+").fullmatch("١٢٣"))

    def test_reading_long_hostile_text_is_quick(self):
        text = ("account_number:" + ".branch_name:" * 30)[:MAX_INPUT]
        strategy = compile_strategy(FORM_1_1)
        start = time.process_time()
        for _ in range(1000):
            strategy.deconstruct(text)
        self.assertLess(time.process_time() - start, 1)

    def test_needs_pattern(self):
        fixed = {"type": "bank_acc"}
        self.assertFalse(needs_pattern(FORM_1_0, PATTERN_1_0, fixed))
        self.assertTrue(needs_pattern(FORM_1_0, PATTERN_1_0, {}))
        with self.assertRaises(StrategyError):
            needs_pattern("a:{x}", "(", {})
