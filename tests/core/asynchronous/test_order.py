"""Order: no message overtakes an older one about the same person."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_connect_api.core.asynchronous.order import (
    MARK_BYTES,
    Waiting,
    find_free,
    mark_ids,
)

SECRET = b"secret"
PERSONS = st.sets(st.sampled_from("abcdefgh"), max_size=4)


def waiting(*persons):
    """Messages in the order in which they came."""
    return [
        Waiting(number, mark_ids(names, SECRET)) for number, names in enumerate(persons)
    ]


def test_examples():
    for messages, free in (
        ([], []),
        (["a"], [0]),
        (["a", "b"], [0, 1]),
        (["a", "a"], [0]),
        (["a", "ab", "b"], [0]),
        (["a", "ab", "c"], [0, 2]),
        (["", "a", "", "a"], [0, 1, 2]),
    ):
        assert find_free(waiting(*messages)) == free, messages


@given(st.lists(PERSONS, max_size=8))
def test_a_free_message_shares_nobody_with_an_older_one(messages):
    free = find_free(waiting(*messages))
    for number, persons in enumerate(messages):
        older = set().union(*messages[:number])
        assert (number in free) == persons.isdisjoint(older)


@given(st.lists(PERSONS, min_size=1, max_size=8), st.randoms())
def test_each_person_is_served_in_order_by_any_number_of_workers(messages, random):
    """Several workers take any free message; one is done, in any order, later."""
    left, busy, done = waiting(*messages), set(), []
    while left:
        choices = [number for number in find_free(left) if number not in busy]
        if choices and (not busy or random.random() < 0.5):
            busy.add(random.choice(choices))
            continue
        number = random.choice(sorted(busy))
        busy.remove(number)
        done.append(number)
        left = [message for message in left if message.message != number]
    for person in "abcdefgh":
        served = [number for number in done if person in messages[number]]
        assert served == sorted(served)
    assert len(done) == len(messages)


def test_marks_tell_nothing_without_the_secret():
    marks = mark_ids(["token:a@nationalId"], SECRET)
    assert len(marks) == MARK_BYTES
    assert marks != mark_ids(["token:a@nationalId"], b"another")


@given(st.lists(st.text(max_size=20)))
def test_marks_do_not_depend_on_order_or_repeats(keys):
    assert mark_ids(keys, SECRET) == mark_ids(set(keys), SECRET)
    assert len(mark_ids(keys, SECRET)) == MARK_BYTES * len(set(keys))
