"""Claims of all qualities."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_portal.core.oidc import (
    claims,
)

from .samples import HIDDEN, TEXT, code_of


@given(st.text(max_size=300))
def test_a_clean_text_stays_clean(text):
    found = claims.clean_text(text)
    assert len(found) <= claims.LONGEST
    assert not set(found) & set(HIDDEN + "\n\t\r")
    assert found == found.strip()
    assert claims.clean_text(found) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Ana\u202e\u2066 zurC", "Ana zurC"),
        ("x" * 10_000, "x" * 250),
        ("\x00\x07", ""),
        ("नमस्ते \u200dक", "नमस्ते \u200dक"),
        ("José 👩‍👧 محمد", "José 👩‍👧 محمد"),
    ],
)
def test_names_of_all_kinds(text, found):
    assert claims.clean_text(text) == found
    told = claims.read_claims({"name": text}, "s")
    assert told == {"sub": "s"} | ({"name": found} if found else {})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1991/04/12", date(1991, 4, 12)),
        ("1991-04-12", date(1991, 4, 12)),
        ("1991-4-2", date(1991, 4, 2)),
        ("1991", None),
        ("0000-04-12", None),
        ("1991-13-12", None),
        ("12/04/1991", None),
        ("1991-04-12T00:00", None),
        ("١٩٩١/٠٤/١٢", None),
        ("", None),
    ],
)
def test_dates_of_birth(text, found):
    assert claims.read_birthdate(text) == found


def test_claims_that_are_kept():
    raw = {
        "sub": "evil",
        "name#fra": "Jean",
        "name#eng": "John",
        "picture": "data:…",
        "address": {"formatted": "x"},
        "address#en": {"formatted": "x"},
        "phone_number_verified": True,
        "updated_at": 5,
        "iss": "https://i",
        "birthdate": "never",
        "bad name": "x",
        "list": ["x"],
    }
    assert claims.read_claims(raw, "s", ("fr", "en")) == {
        "name": "Jean",
        "phone_number_verified": "true",
        "updated_at": "5",
        "sub": "s",
    }
    assert claims.read_claims(raw, "s", ("en",))["name"] == "John"
    assert claims.read_claims(raw, "s")["name"] == "Jean"
    many = {f"c{number}": "x" for number in range(200)}
    assert len(claims.read_claims(many, "s")) == claims.MOST + 1


def test_essential_claims():
    assert claims.read_claims({"picture": "x"}, "s", essential=("picture",))
    call = ({"name": "\u202e"}, "s", (), ("name",))
    assert code_of(lambda: claims.read_claims(*call)) == "claims_missing"


@pytest.mark.parametrize(
    "value",
    [
        "12345\u200b",
        "\u202e12345",
        " 12345",
        "12345\n",
        "12345\x00",
        "12345" + "\u200b" * 300,
        "5" * 251,
        "",
        True,
        12345.0,
        ["12345"],
        None,
    ],
)
def test_no_id_is_made_by_cleaning_a_claim(value):
    """Who may choose a name at the provider could choose that of another."""
    raw = {"individual_id": value, "individual_id#en": "12345"}
    assert claims.read_claims(raw, "s", ("en",), exact=("individual_id",)) == {
        "sub": "s"
    }


def test_claims_of_an_id_are_kept_letter_by_letter():
    for value, kept in (("Ab-12345", "Ab-12345"), (12345, "12345")):
        raw = {"individual_id": value, "sub": "evil"}
        exact = ("individual_id", "sub")
        found = claims.read_claims(raw, "s", exact=exact)
        assert found == {"individual_id": kept, "sub": "s"}


@given(st.text(max_size=300), st.text(max_size=300))
def test_two_claims_of_ids_never_become_one(one, other):
    kept = [
        claims.read_claims({"id": text}, "s", exact=("id",)).get("id")
        for text in (one, other)
    ]
    assert one == other or kept[0] is None or kept[0] != kept[1]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | TEXT,
    lambda child: (
        st.lists(child, max_size=3) | st.dictionaries(TEXT, child, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(TEXT | st.just("name#en"), JSON, max_size=6))
def test_whatever_claims_come(raw):
    found = claims.read_claims(raw, "subject")
    assert found["sub"] == "subject"
    assert all(isinstance(value, str) and len(value) <= 255 for value in found.values())
