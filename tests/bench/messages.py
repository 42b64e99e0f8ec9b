"""G2P Connect messages made before the clock starts, and the check of answers.

A message is serialised once. Its ids, which must be new for every request, are
spliced in when it is sent: between three pieces of bytes.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from typing import NamedTuple

import orjson
import rows

_SLOT = "id-which-is-spliced-in-at-sending"
OPERATIONS = ("resolve", "link", "update", "unlink")


class Body(NamedTuple):
    """One message.

    :param operation: resolve, link, update or unlink, which names the path; or bare
    :param pieces: the message id belongs between them
    :param ids: the IDs asked about, in order
    :param addresses: for a resolve, the right addresses in the same order
    :param is_later: whether it is to be acknowledged, and done later
    :param headers: header fields of its own
    :param opener: makes the answer readable, if it is not
    :param judge: says what an answer that is no message of ours is worth
    """

    operation: str
    pieces: tuple[bytes, ...]
    ids: list[str]
    addresses: list[str] | None
    is_later: bool = False
    headers: dict[str, str] | None = None
    opener: Callable[[bytes], bytes] | None = None
    judge: "Callable[[bytes], Verdict] | None" = None


class Verdict(NamedTuple):
    """What an answer is worth.

    :param right: items answered ``succ`` and, for a resolve, with the right address
    :param wrong: all other items
    :param problem: what is wrong first; "" when nothing is
    """

    right: int
    wrong: int
    problem: str


def make_resolve(numbers: Sequence[int]) -> Body:
    """A message that asks for the addresses of some rows, in scope ``details``."""
    return _make("resolve", numbers, lambda _i: {"scope": "details"})._replace(
        addresses=[rows.fa_of(i) for i in numbers]
    )


def make_link(numbers: Sequence[int]) -> Body:
    """A message that links rows."""
    return _make(
        "link",
        numbers,
        lambda i: {
            "fa": rows.fa_of(i),
            "name": rows.name_of(i),
            "phone_number": rows.phone_of(i),
        },
    )


def make_update(numbers: Sequence[int], salt: int) -> Body:
    """A message that gives rows another address.

    :param salt: tells the addresses of successive updates of a row apart
    """
    return _make("update", numbers, lambda i: {"fa": rows.fa_of(i, salt)})


def make_unlink(numbers: Sequence[int]) -> Body:
    """A message that unlinks rows."""
    return _make("unlink", numbers, lambda _i: {})


def make_bare(number: int) -> Body:
    """A request to the bare route about one row."""
    key = rows.id_key_of(number)
    return Body("bare", (orjson.dumps({"id": key}),), [key], [rows.fa_of(number)])


def random_resolves(count: int, batch: int, stored: int, seed: int) -> list[Body]:
    """Messages about rows drawn at random; the same ``seed`` draws the same rows.

    :param stored: number of rows in the registry
    """
    draw = random.Random(seed)
    return [make_resolve(draw.sample(range(stored), batch)) for _ in range(count)]


def blocks(start: int, count: int, batch: int) -> Iterable[range]:
    """Row numbers from ``start`` on, ``count`` times ``batch`` of them."""
    return (range(start + n * batch, start + (n + 1) * batch) for n in range(count))


def check(body: Body, status: int, raw: bytes) -> Verdict:
    """Compare an answer with what it should be.

    :param status: HTTP status; 0 when there was no answer
    :param raw: body of the answer, or what prevented it
    """
    asked = len(body.ids)
    if status != 200:
        return Verdict(0, asked, f"HTTP {status} {raw[:200].decode(errors='replace')}")
    if body.judge:
        return body.judge(raw)
    if body.operation == "bare":
        return _check_bare(body, raw)
    if body.is_later:
        return _check_ack(asked, raw)
    try:
        raw = body.opener(raw) if body.opener else raw
        entries = orjson.loads(raw)["message"][f"{body.operation}_response"]
        by_reference = {int(entry["reference_id"]): entry for entry in entries}
        states = [by_reference[n]["status"] for n in range(asked)]
    except (ValueError, KeyError, TypeError) as error:
        start = raw[:200].decode(errors="replace")
        return Verdict(0, asked, f"{type(error).__name__} {error} in {start}")
    wrong = sum(state != "succ" for state in states) + abs(len(entries) - asked)
    if body.addresses and not wrong:
        wrong = _count_wrong(body, by_reference)
    if not wrong:
        return Verdict(asked, 0, "")
    return Verdict(asked - min(wrong, asked), wrong, _first_wrong(body, by_reference))


def _check_bare(body: Body, raw: bytes) -> Verdict:
    wanted = orjson.dumps([body.ids[0], body.addresses[0], "active", 1])
    return Verdict(1, 0, "") if raw == wanted else Verdict(0, 1, raw[:200].decode())


def _check_ack(asked: int, raw: bytes) -> Verdict:
    try:
        ack = orjson.loads(raw)["message"]
        taken = ack["ack_status"] == "ACK" and bool(ack["correlation_id"])
    except (ValueError, KeyError, TypeError):
        taken = False
    if taken:
        return Verdict(asked, 0, "")
    return Verdict(0, asked, f"not acknowledged: {raw[:200].decode(errors='replace')}")


def _count_wrong(body: Body, by_reference: dict[int, dict]) -> int:
    wanted = zip(body.ids, body.addresses, strict=True)
    return sum(
        by_reference[n].get("fa") != fa or by_reference[n].get("id") != id_
        for n, (id_, fa) in enumerate(wanted)
    )


def _first_wrong(body: Body, by_reference: dict[int, dict]) -> str:
    for n, id_ in enumerate(body.ids):
        entry = by_reference[n]
        fa = body.addresses[n] if body.addresses else entry.get("fa")
        if entry["status"] != "succ" or entry.get("fa") != fa or entry["id"] != id_:
            return f"for {id_}: {orjson.dumps(entry)[:300].decode()}"
    return "another number of entries than items"


def _make(
    operation: str, numbers: Sequence[int], fields: Callable[[int], dict]
) -> Body:
    ids = [rows.id_of(i) for i in numbers]
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    items = [
        {"reference_id": str(n), "timestamp": now, "id": id_, **fields(i)}
        for n, (i, id_) in enumerate(zip(numbers, ids, strict=True))
    ]
    raw = orjson.dumps(
        {
            "signature": "",
            "header": {
                "version": "1.0.0",
                "message_id": _SLOT,
                "message_ts": now,
                "action": operation,
                "sender_id": "bench",
                "sender_uri": "",
                "receiver_id": "mapper",
                "total_count": len(items),
                "is_msg_encrypted": False,
            },
            "message": {"transaction_id": _SLOT, f"{operation}_request": items},
        }
    )
    return Body(operation, tuple(raw.split(_SLOT.encode())), ids, None)
