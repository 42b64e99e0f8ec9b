"""Rows about the same person: the same is done once, contradictions not at all."""

from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.clashes import ClashFinder, unpack_clashes

rows_ = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 2)), max_size=30)


def find(rows):
    """The clashes among rows, after they were kept."""
    finder = ClashFinder()
    for number, (person, content) in enumerate(rows, 1):
        finder.add(number, person, content)
    return unpack_clashes(finder.close().pack())


@given(rows_, st.integers(1, 10), st.integers(0, 30))
@example([("a", 1), ("a", 1), ("a", 2)], 1, 30)
def test_as_a_plain_comparison_says(rows, first, count):
    found = find(rows).find(first, count)

    for place in range(count):
        number = first + place
        if number > len(rows):
            assert place not in found
            continue
        person, content = rows[number - 1]
        about = [(n, c) for n, (p, c) in enumerate(rows, 1) if p == person]
        if any(c != content for _n, c in about):
            kind, other = found[place]
            assert kind == "contradicted"
            assert (person, content) != rows[other - 1] and rows[other - 1][0] == person
        elif about[0][0] != number:
            assert found[place] == ("repeated", about[0][0])
        else:
            assert place not in found


def test_many_rows_of_one_person_take_no_longer():
    rows = [("a", 0)] * 100_000 + [("a", 1)]
    found = find(rows).find(1, len(rows))
    assert len(found) == len(rows)
    assert found[0] == ("contradicted", 100_001)
    assert found[100_000] == ("contradicted", 1)
