"""The result of a file, put together from its parts."""

import csv
import io
import json
from datetime import datetime, timezone

import pytest

from odoo.addons.g2p_spar_connect_api.core.envelope import Message
from odoo.addons.g2p_spar_connect_api.core.file.result import (
    Progress,
    announce,
    conclude,
    frame_result,
    join_parts,
    pack_part,
    show_part,
)
from odoo.addons.g2p_spar_connect_api.core.items import Items
from odoo.addons.g2p_spar_connect_api.core.reply import Manner, Receipt
from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
MANNER = Manner(False, lambda _id: ("", ""), lambda _id: None)


def message(operation=Operation.LINK):
    """The message that brought a file."""
    return Message(operation, "m", "t", "s", "r", None, 0, Items([], {}), None)


def whole(operation, format_, parts, ask=dict, now=0.0):
    """The whole result."""
    body = conclude(message(operation), MANNER, Receipt(NOW, "c"), done())
    before, after = frame_result(format_, body)
    shown = (
        show_part(operation, format_, kept, first, ask, now) for first, kept in parts
    )
    return b"".join(join_parts(before, shown, after))


def done(completed=3, succeeded=2):
    """How far the file has come."""
    return Progress("done", 3, completed, succeeded)


def results(*references):
    """Results of some rows."""
    return [{"reference_id": name, "fa": "a", "status": "succ"} for name in references]


def keep(operation, format_, sources=()):
    """Parts of two rows and of one."""
    kept = []
    for first, names in ((1, "ab"), (3, "c")):
        outcomes = (
            [sources[first + n - 1] for n in range(len(names))] if sources else []
        )
        rows = results(*names)
        for row in rows:
            row["status_reason_code"] = "succ.id.active" if sources else None
        part = pack_part(message(operation), outcomes, rows, format_, first, 0.0)
        kept.append((first, part))
    return kept


def test_json_result_is_one_answer():
    answer = json.loads(whole(Operation.LINK, "json", keep(Operation.LINK, "json")))

    told = answer["message"]
    assert [row["reference_id"] for row in told["link_response"]] == ["a", "b", "c"]
    assert (told["transaction_id"], told["correlation_id"]) == ("t", "c")
    assert answer["header"]["total_count"] == 3


def test_csv_result_numbers_its_rows():
    text = whole(Operation.LINK, "csv", keep(Operation.LINK, "csv")).decode()

    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["row"], row["reference_id"]) for row in rows] == [
        ("1", "a"),
        ("2", "b"),
        ("3", "c"),
    ]


@pytest.mark.parametrize("format_", ["json", "csv"])
def test_address_that_changed_is_left_out(format_):
    sources = [
        Outcome(Cause.ID_ACTIVE, True, mapping_id=number, version=1, fa="a")
        for number in (1, 2, 3)
    ]
    parts = keep(Operation.RESOLVE, format_, sources)
    now = {1: (1, True), 2: (2, True), 3: (1, False)}

    def ask(ids):
        return {number: now[number] for number in ids}

    text = whole(Operation.RESOLVE, format_, parts, ask).decode()

    if format_ == "json":
        told = [row["fa"] for row in json.loads(text)["message"]["resolve_response"]]
    else:
        told = [row["fa"] or None for row in csv.DictReader(io.StringIO(text))]
    assert told == ["a", None, None]


def test_result_without_rows_is_an_answer_too():
    assert (
        json.loads(whole(Operation.LINK, "json", []))["message"]["link_response"] == []
    )


@pytest.mark.parametrize(
    ("succeeded", "status", "code"),
    [(2, "succ", None), (0, "rjct", "rjct.errors.too_many")],
)
def test_header_says_how_it_ended(succeeded, status, code):
    tally = done(2, succeeded)
    header = conclude(message(), MANNER, Receipt(NOW, "c"), tally)["header"]

    assert (header["status"], header["status_reason_code"]) == (status, code)
    assert (header["total_count"], header["completed_count"]) == (3, 2)


def test_callback_tells_where_the_result_is():
    body = conclude(message(), MANNER, Receipt(NOW, "c"), done())
    told = announce(body, "https://spar", NOW, {"state": "done"})

    assert told["header"]["meta"]["file"] == {
        "href": "https://spar",
        "expires_at": "2026-03-01T12:00:00.000Z",
        "state": "done",
    }
    assert body["header"]["meta"] == {}


def test_what_is_pending():
    pending = [
        state
        for state in ("received", "working", "done", "failed", "cancelled")
        if Progress(state, 1, 0, 0).is_pending
    ]
    assert pending == ["received", "working"]
