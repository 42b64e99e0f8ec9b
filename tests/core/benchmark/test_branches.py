"""What people type finds a branch, and only a right list counts as an answer."""

import branches
import orjson
import pytest

PEOPLE = [("/a?q=", {"Cookie": "a"}), ("/b?q=", {"Cookie": "b"})]


def row(i):
    return {
        "name": branches.name_of(i),
        "code": branches.code_of(i),
        "place": branches.place_of(i),
    }


def answer(*rows):
    return orjson.dumps({"rows": rows})


def test_every_branch_has_a_code_of_its_own_and_a_place_with_others():
    numbers = range(0, branches.COUNT, 97)

    assert len({branches.code_of(i) for i in numbers}) == len(numbers)
    assert {len(branches.code_of(i)) for i in numbers} == {11}
    assert len({branches.place_of(i) for i in range(branches.COUNT)}) == 400
    assert branches.name_of(0) == branches.name_of(56_000)


@pytest.mark.parametrize("what", ["search", "place"])
@pytest.mark.parametrize("letters", branches.LENGTHS)
def test_what_is_typed_is_always_the_same_and_begins_a_word(what, letters):
    typed = branches.queries(what, letters)

    assert typed == branches.queries(what, letters)
    assert 2 <= min(map(len, typed)) <= max(map(len, typed)) <= letters
    words = {
        word.lower()
        for i in range(branches.COUNT)
        for word in (branches.name_of(i), branches.place_of(i).split()[1])
    }
    begun = {word[:letters].strip() for word in words}
    assert set(typed) <= begun
    assert typed != branches.queries(what, letters + 1)


def test_each_person_asks_by_his_or_her_own_session():
    bodies = branches.bodies("search", 8, PEOPLE)

    assert {body.headers["Cookie"] for body in bodies} == {"a", "b"}
    for body in bodies:
        [raw] = body.pieces
        assert raw.startswith(f"/{body.headers['Cookie']}?q=".encode())
        assert b" " not in raw
        assert raw.endswith(body.ids[0].replace(" ", "%20").encode())


def test_a_list_of_what_was_looked_for_is_right():
    found = [i for i in range(9000) if branches.name_of(i).startswith("Bado")][:20]

    verdict = branches.judge_found("bado", answer(*map(row, found)))

    assert len(found) == 20
    assert verdict == (1, 0, "")
    assert branches.judge_found("bnch0 dis", answer(row(7))).right == 1


@pytest.mark.parametrize(
    ("query", "raw", "problem"),
    [
        ("ba", answer(), "0 branches"),
        ("ba", answer(*[row(0)] * 21), "21 branches"),
        ("zz", answer(row(0)), branches.code_of(0)),
        ("aba", answer(row(0)), branches.code_of(0)),
        ("ba zz", answer(row(0)), branches.code_of(0)),
        ("ba", b"<html>", "JSONDecodeError"),
        ("ba", b"[]", "TypeError"),
        ("ba", b"{}", "KeyError"),
    ],
)
def test_another_answer_is_wrong(query, raw, problem):
    verdict = branches.judge_found(query, raw)

    assert (verdict.right, verdict.wrong) == (0, 1)
    assert problem in verdict.problem
