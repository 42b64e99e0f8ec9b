"""Mappings as a list, which the intake reads again."""

from datetime import datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_intake.core.listing import (
    NAMES,
    Listed,
    write_listed,
    write_names,
)
from odoo.addons.g2p_spar_intake.core.matching import Matching, guess_fields
from odoo.addons.g2p_spar_intake.core.row import RowReader
from odoo.addons.g2p_spar_intake.core.table import read_csv

texts = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P"], exclude_characters="'"),
    min_size=1,
    max_size=9,
).filter(lambda text: not text[0].isdigit())
moments = st.datetimes(
    datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2100-01-01")
).map(lambda moment: moment.replace(microsecond=0))


@given(
    st.lists(
        st.builds(
            Listed,
            texts,
            texts,
            st.none() | texts,
            st.none() | st.just("+639171234567"),
            st.none() | moments,
            st.just("active"),
            st.none() | texts,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whole_list_is_read_again_as_it_was(rows):
    table = read_csv([write_names(), write_listed(rows, True)], "utf-8")
    reader = RowReader(Matching("link", guess_fields(table.names)), timezone.utc)
    for row, cells in zip(rows, table.rows, strict=True):
        item = reader.read(cells, 1)
        assert (item.id, item.fa) == (row.id_value, row.fa_value)
        assert (item.name, item.phone_number) == (row.name, row.phone)
        assert item.valid_until == row.valid_until


def test_columns_for_people_are_left_out_when_read():
    assert guess_fields(NAMES)[-2:] == ("", "")


def test_masked_list_tells_no_number():
    row = Listed(
        "token:1234567890@nationalId",
        "account:0012345678@x.y.bank",
        "Zoë",
        "+639171234567",
        None,
        "active",
        "y",
    )
    written = write_listed([row], False)
    for number in (b"1234567890", b"0012345678", b"639171234567"):
        assert number not in written
    assert b"nationalId" in written
