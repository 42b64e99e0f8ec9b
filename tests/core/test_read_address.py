"""An address is read alike whether or not strategies are told apart by their head."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_fa_reference.core.errors import InvalidFormat
from odoo.addons.g2p_spar_fa_reference.core.reference import (
    PartRule,
    Reference,
    StrategyRule,
)
from odoo.addons.g2p_spar_fa_reference.core.strategy import (
    compile_pattern,
    compile_strategy,
)

_NUMBER, _BANK = PartRule("n", "Number", "typed"), PartRule("b", "Bank", "provider")
_FORMS = (
    compile_strategy("account:{n}@{b}.x"),
    compile_strategy("{n}@{b}.y"),
    compile_strategy("Account:{n}@{b}"),
    compile_strategy("phone:{n}@{b}"),
    compile_pattern("a:{n}.{b}", r"\w+:(?P<n>\w*)\.(?P<b>\w*)"),
)
_REFERENCE = Reference(
    strategies=tuple(
        StrategyRule(number, number, "", 1, "T", form, (_NUMBER, _BANK))
        for number, form in enumerate(_FORMS, 1)
    )
)


@given(
    st.sampled_from(
        ["account:", "ACCOUNT:", "phone:", "a:", "zz:", "", ":", "\u212a:"]
    ),
    st.text("a1.:@", min_size=1, max_size=5),
    st.sampled_from(["", "@b.x", "@b.y", "@b", ".b"]),
)
def test_the_first_form_that_fits_reads_it(head, value, tail):
    text = head + value + tail
    assume(not text.endswith("@"))
    fits = [n for n, form in enumerate(_FORMS, 1) if form.deconstruct(text) is not None]
    assert _REFERENCE.read_address(text).strategy_number == (fits[0] if fits else None)


def test_a_provider_that_is_announced_must_be_named():
    with pytest.raises(InvalidFormat):
        _REFERENCE.read_address("opaque:1@")
