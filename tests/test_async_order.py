"""Many messages about the same people: each person's are done in their order."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from clients.words import item, link_item, new_account, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")

PEOPLE, STEPS = 8, 8


def test_each_persons_messages_are_done_in_their_order(new_listener, spar):
    """Eight people at once, two workers, jobs that overtake each other."""
    partner = new_listener()
    addresses = {
        new_person(): [new_account() for _ in range(STEPS)] for _ in range(PEOPLE)
    }

    def live(person: str) -> list[dict]:
        first, *later = addresses[person]
        acks = [partner.send("link", [link_item(person, first)])]
        acks += [partner.send("update", [link_item(person, one)]) for one in later]
        return [*acks, partner.send("unlink", [item(id=person)])]

    with ThreadPoolExecutor(PEOPLE) as pool:
        acks = list(pool.map(live, addresses))
    for ack in (one for lives in acks for one in lives):
        told = partner.called_back(ack, 60).message["message"]
        [result] = next(v for k, v in told.items() if k.endswith("_response"))
        assert outcome(result) == ("succ", None), result
    for person, accounts in addresses.items():
        history = spar.history(person)
        assert [v["step"] for v in history] == [
            "link",
            *["update"] * (STEPS - 1),
            "unlink",
        ]
        assert [v["after"]["fa_value"] for v in history[:-1]] == accounts


def test_messages_that_share_people_in_turns(new_listener, spar):
    """Chains of overlapping messages: A and B, B and C, C and A, and so on."""
    partner = new_listener()
    people = [new_person() for _ in range(3)]
    linked = partner.send("link", [link_item(person) for person in people])
    rounds = []
    for turn in range(12):
        pair = people[turn % 3], people[(turn + 1) % 3]
        accounts = [new_account() for _ in pair]
        items = [link_item(*both) for both in zip(pair, accounts, strict=True)]
        rounds.append(
            (partner.send("update", items), dict(zip(pair, accounts, strict=True)))
        )
    partner.called_back(linked)
    for ack, _changes in rounds:
        partner.called_back(ack, 60)
    for person in people:
        wanted = [changes[person] for _ack, changes in rounds if person in changes]
        seen = [v["after"]["fa_value"] for v in spar.history(person)]
        assert seen[1:] == wanted
