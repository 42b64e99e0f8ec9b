"""Columns are understood by their names; a matching is checked before its use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.matching import (
    Matching,
    Part,
    check_matching,
    digest_names,
    guess_fields,
    read_matching,
)

BANK = (
    Part("account_number", "Account number", ("number",)),
    Part("branch_code", "Branch"),
    Part("bank_code", "Bank"),
)
BANK_OF_ALL = (("bank_code", "x"),)
NEEDED = {"account_number": True, "branch_code": False, "bank_code": True}


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        # The columns of SPAR's admin scripts.
        (
            ("National ID", "Account number", "Name", "Phone"),
            ("id", "part:account_number", "name", "phone_number"),
        ),
        (
            ("Identifiant national", "N° de compte", "Nom", "Téléphone"),
            ("id", "part:account_number", "name", "phone_number"),
        ),
        (("id", "fa", "info:village", "?"), ("id", "fa", "info:village", "")),
        (("ID", "National ID", "IBAN"), ("id", "", "part:account_number")),
        (("Valable jusqu'au", "réf", "info:"), ("valid_until", "reference_id", "")),
        ((), ()),
    ],
)
def test_names_in_english_and_french(names, fields):
    assert guess_fields(names, BANK) == fields


@given(st.lists(st.text(max_size=8), max_size=8))
def test_no_field_is_guessed_twice(names):
    fields = [field for field in guess_fields(names, BANK) if field]
    assert len(fields) == len(set(fields))
    assert len(guess_fields(names)) == len(names)


def test_matching_is_remembered_by_the_names_whatever_their_case():
    assert digest_names(["National ID", "Téléphone"]) == digest_names(
        ["national_id", "TELEPHONE "]
    )
    assert digest_names(["a", "b"]) != digest_names(["b", "a"])
    assert digest_names(["ab"]) != digest_names(["a", "b"])


@given(
    st.builds(
        Matching,
        st.sampled_from(["link", "update", "unlink"]),
        st.lists(st.text(max_size=5), max_size=4).map(tuple),
        st.none() | st.text(max_size=5),
        st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=3).map(
            tuple
        ),
    )
)
def test_matching_is_read_as_it_was_written(matching):
    again = read_matching(matching.write())
    assert again == matching
    assert again.digest == matching.digest


def link(*fields, **values):
    """A matching for a link."""
    return Matching("link", fields, **values)


@pytest.mark.parametrize(
    ("matching", "words"),
    [
        (link("fa", "name"), "which column has the ID"),
        (link("id", "name", "name", "fa"), "Two columns mean the same"),
        (link("id", "name"), "which column has the address"),
        (link("id", "fa", "part:account_number", fa_type="B"), "whole in one column"),
        (link("id", "part:account_number"), "Choose the type of address"),
        (link("id", "part:iban", fa_type="B"), "does not belong"),
        (link("id", "part:account_number", fa_type="B"), "neither a column nor"),
        (link("id", "fa", id_form="token:@nationalId"), "needs {id} once"),
    ],
)
def test_what_cannot_be_used_is_refused(matching, words):
    with pytest.raises(UnfitFile, match=words):
        check_matching(matching, NEEDED)


@pytest.mark.parametrize(
    "matching",
    [
        link("id", "fa"),
        link(
            "",
            "id",
            "part:account_number",
            fa_type="B",
            constants=(("bank_code", "x"),),
        ),
        Matching("update", ("id", "name")),
        Matching("unlink", ("id",)),
    ],
)
def test_what_can_be_used(matching):
    check_matching(matching, NEEDED)
