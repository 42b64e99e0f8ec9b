"""The message around the rows of a CSV file."""

from datetime import datetime, timezone

import pytest

from odoo.addons.g2p_spar_connect_api.core.envelope import read_frame
from odoo.addons.g2p_spar_connect_api.core.errors import MalformedBody
from odoo.addons.g2p_spar_connect_api.core.file.header import (
    check_action,
    default_name,
    make_content,
)
from odoo.addons.g2p_spar_mapper.core.reason import Operation

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
LINK = Operation.LINK


def read(fields=None, count=3, limit=10):
    """The message of a form."""
    return read_frame(
        LINK, make_content(LINK, fields or {}, "n", NOW), count, NOW, limit
    )


def test_a_form_without_header_fields_is_a_message_of_its_own_name():
    message = read()

    assert (message.message_id, message.transaction_id) == ("n", "n")
    assert (message.count, message.purpose, message.sender_uri) == (3, None, "")
    assert message.rejection is None


def test_fields_become_the_header():
    message = read(
        {
            "message_id": "m",
            "transaction_id": "t",
            "sender_id": "s",
            "receiver_id": "r",
            "sender_uri": "https://example.org",
            "purpose": "cash",
            "total_count": "3",
        }
    )

    assert message[1:7] == ("m", "t", "s", "r", "cash", 3)
    assert message.sender_uri == "https://example.org"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"version": "9"}, "rjct.version.invalid"),
        ({"message_ts": "tomorrow"}, "rjct.message_ts.invalid"),
        ({"total_count": "2"}, "rjct.total_count.invalid"),
    ],
)
def test_header_is_judged(fields, code):
    assert read(fields).rejection.code == code


def test_number_of_rows_is_judged():
    assert read(count=0).rejection.code == "rjct.total_count.invalid"
    assert read(count=11).rejection.code == "rjct.total_count.limit_exceeded"


@pytest.mark.parametrize("text", ["x", "-1", "1" * 10, "١", "1.0"])
def test_total_count_that_is_no_number(text):
    with pytest.raises(MalformedBody):
        read({"total_count": text})


@pytest.mark.parametrize("fields", [{}, {"action": ""}, {"action": "unlink"}])
def test_action_of_another_address(fields):
    with pytest.raises(MalformedBody, match="action must be link"):
        check_action(LINK, fields)


def test_action_is_read_generously():
    check_action(LINK, {"action": " Link "})


def test_what_changes_links_is_named_by_its_content():
    assert default_name(LINK, "d", "fresh") == default_name(LINK, "d", "other")
    assert default_name(LINK, "d", "") != default_name(Operation.UNLINK, "d", "")
    assert default_name(LINK, "d", "") != default_name(LINK, "e", "")
    assert default_name(Operation.RESOLVE, "d", "fresh") == "fresh"
