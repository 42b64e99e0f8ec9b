"""Rows become items for the registry, or say why not."""

import base64
import hashlib
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_fa_reference.core.seal import forget_keys
from odoo.addons.g2p_spar_intake.core import mark
from odoo.addons.g2p_spar_intake.core.matching import Matching
from odoo.addons.g2p_spar_intake.core.row import Refused, RowReader, give_back
from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, UnlinkItem

SCRIPT = Matching(
    "link",
    ("id", "part:account_number", "name", "phone_number"),
    "BANK_ACCOUNT",
    (("bank_code", "dfsp1"), ("branch_code", "indigo")),
    "token:{id}@nationalId",
    "script",
)
FIELDS = ("id", "fa", "name", "valid_until", "info:village", "")


def read(matching, *cells, number=7):
    """What a row asks for."""
    return RowReader(matching, timezone.utc).read(cells, number)


def link(*cells):
    """What a row of a simple file asks for."""
    return read(Matching("link", FIELDS), *cells)


def test_row_of_the_admin_scripts():
    digest = hashlib.sha3_256(b"12345openg2p-auth-partner").digest()
    token = base64.urlsafe_b64encode(digest).decode().rstrip("=")

    assert read(SCRIPT, "12345", "001122", "Zoë", "+639171234567") == LinkItem(
        "row 7",
        f"token:{token}@nationalId",
        None,
        "Zoë",
        "+639171234567",
        None,
        {"bank_code": "dfsp1", "branch_code": "indigo", "account_number": "001122"},
        "BANK_ACCOUNT",
    )


def test_keyed_token_cannot_be_made_without_the_key(monkeypatch):
    keyed = SCRIPT._replace(token="keyed")
    tokens = set()
    for letter in "AB":
        monkeypatch.delenv("G2P_SPAR_SECRET_KEY_FILE", raising=False)
        monkeypatch.setenv("G2P_SPAR_SECRET_KEY", letter * 42 + "A=")
        forget_keys()
        item = read(keyed, "12345", "1", "", "")
        tokens |= {item.id, read(keyed, "12345", "2", "", "").id}
    forget_keys()
    assert len(tokens) == 2
    assert not any("12345" in token for token in tokens)


def test_all_fields():
    assert link("i", "f", "n", "2026-12-31", "v", "left out") == LinkItem(
        "row 7",
        "i",
        "f",
        "n",
        None,
        [{"name": "village", "value": "v"}],
        valid_until=datetime.fromisoformat("2027-01-01"),
    )
    assert link("i", "", "", "", "", "") == LinkItem("row 7", "i")
    unlink = Matching("unlink", ("id", "fa", "reference_id"))
    assert read(unlink, "i", "", "r1") == UnlinkItem("r1", "i")


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        (("", "f", "", "", "", ""), Refused("empty", 1)),
        (("i", "f"), Refused("cells_fewer")),
        (("i", "f", "", "", "", "", ""), Refused("cells_more")),
        ((mark.put("formula", ""), "f", "", "", "", ""), Refused("formula", 1)),
        (("i", mark.put("lost", "1e15"), "", "", "", ""), Refused("lost", 2)),
        (("1.23457E+15", "f", "", "", "", ""), Refused("lost", 1)),
        (("1,23457e+15", "f", "", "", "", ""), Refused("lost", 1)),
        (("i", "1E+15", "", "", "", ""), Refused("lost", 2)),
        ((mark.put("date", "x"), "f", "", "", "", ""), Refused("not_date", 1)),
        (
            (mark.put("fraction", "1.5"), "f", "", "", "", ""),
            Refused("not_fraction", 1),
        ),
        (("i", "f", mark.put("error", ""), "", "", ""), Refused("error", 3)),
        (("i", "f", "#N/A", "", "", ""), Refused("error", 3)),
        (("i", "#VALEUR!", "", "", "", ""), Refused("error", 2)),
        (("i", "f", "", "01/02/2026", "", ""), Refused("date_ambiguous", 4)),
        (("i", "f", "", "soon", "", ""), Refused("date_unreadable", 4)),
        (("i", "f", "", mark.put("flag", "TRUE"), "", ""), Refused("not_flag", 4)),
    ],
)
def test_refused(cells, refused):
    assert link(*cells) == refused


KINDS = ("lost", "fraction", "date", "flag", "formula", "error", "control")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", range(len(FIELDS)))
def test_what_is_given_back_as_it_was_is_refused_as_it_was(kind, place):
    cells = ["i", "f", "n", "2026-12-31", "v", "w"]
    cells[place] = mark.put(kind, "2026-12-31")
    given = give_back(Matching("link", FIELDS), cells, ())
    assert link(*given) == link(*cells)
    assert not any(cell.startswith("\x1a") for cell in given)


def test_hash_signs_of_people_are_no_errors():
    item = link("#7", "#12", "# 3 Main St!", "", "#A", "")
    assert (item.id, item.fa, item.name) == ("#7", "#12", "# 3 Main St!")


def test_cells_that_are_no_text_but_say_something():
    item = link(
        mark.put("number", "42"),
        "12E3456",
        mark.put("flag", "TRUE"),
        mark.put("date", "2026-12-31"),
        mark.put("fraction", "1.5"),
        mark.put("formula", ""),
    )
    assert (item.id, item.fa, item.name) == ("42", "12E3456", "TRUE")
    assert item.valid_until == datetime.fromisoformat("2027-01-01")
    assert item.additional_info == [{"name": "village", "value": "1.5"}]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_cells_are_read_or_refused(cells):
    found = link(*cells)
    assert isinstance(found, LinkItem | Refused)
    if len(cells) != len(FIELDS):
        assert isinstance(found, Refused)
