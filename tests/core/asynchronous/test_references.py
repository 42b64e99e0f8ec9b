"""Reference ids: kept in their places, found again, never mixed up."""

from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.asynchronous.references import (
    find_places,
    has_mark,
    mark_references,
    pack_references,
    unpack_references,
)

ANYTHING = st.one_of(st.text(max_size=120), st.none(), st.integers())
NAMES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)


@given(st.lists(ANYTHING, min_size=1))
@example(["a\nb", "c"])
@example(["\ud800", "c"])
@example([""])
def test_each_keeps_its_place(references):
    kept = unpack_references(pack_references(references).packed)
    assert len(kept) == len(references)
    for text, reference in zip(kept, references, strict=True):
        fit = isinstance(reference, str) and len(reference) <= 99
        assert text == (reference if fit and reference.isprintable() else "")


@given(st.lists(NAMES, min_size=1, max_size=50), NAMES)
def test_a_reference_that_is_there_is_always_found(references, other):
    packed = pack_references(references)
    for reference in references:
        assert has_mark(packed.marks, mark_references([reference, other]))
        places = find_places(references, frozenset([reference]))
        assert [references[place] for place in places] == [reference] * len(places)
        assert places


def test_others_are_told_apart():
    packed = pack_references([f"r{number}" for number in range(1000)])
    strangers = [f"s{number}" for number in range(1000)]
    hits = sum(has_mark(packed.marks, mark_references([name])) for name in strangers)
    assert hits <= 1


def test_an_empty_text_is_no_reference():
    assert find_places(["", "a", ""], frozenset(["", "a"])) == [1]
