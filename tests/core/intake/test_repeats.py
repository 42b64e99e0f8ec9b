"""Rows whose reference stands further up."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.repeats import (
    NUMBER,
    find_places,
    pack_numbers,
)


@given(st.sets(st.integers(1, 60)), st.integers(1, 50), st.integers(0, 20))
def test_places_are_those_of_the_numbers(numbers, first, count):
    packed = pack_numbers(array(NUMBER, sorted(numbers)))

    rows = range(first, first + count)
    assert find_places(packed, first, count) == [
        place for place, row in enumerate(rows) if row in numbers
    ]


def test_no_numbers_take_no_room():
    assert pack_numbers(array(NUMBER)) is None
    assert find_places(None, 1, 10) == []
