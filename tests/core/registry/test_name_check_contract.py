"""The contract that is published is the one that is spoken."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_mapper.core.name_check import (
    NameVerdict,
    read_answer,
    write_question,
)

DOCS = Path(__file__).resolve().parents[3] / "docs"
SCHEMA = json.loads((DOCS / "name-check.schema.json").read_text())


def fits(kind, message):
    """Whether a message is one of the contract."""
    schema = SCHEMA["$defs"][kind] | {"$schema": SCHEMA["$schema"]}
    return jsonschema_rs.validator_for(schema).is_valid(message)


@given(
    st.binary(min_size=8, max_size=8),
    st.text(min_size=1, max_size=60),
    st.text(min_size=1, max_size=200),
)
def test_questions_are_those_of_the_contract(number, fa, name):
    assert fits("question", json.loads(write_question(number.hex(), fa, name)))


@pytest.mark.parametrize("verdict", NameVerdict)
def test_every_outcome_is_in_the_contract_and_understood(verdict):
    answer = {"reference": "r", "outcome": verdict.value, "check_id": "c"}
    assert fits("answer", answer)
    assert read_answer(200, json.dumps(answer).encode(), "r") == (verdict, "c")


def test_the_contract_has_no_outcome_that_is_not_understood():
    outcomes = SCHEMA["$defs"]["answer"]["properties"]["outcome"]["enum"]
    assert set(outcomes) == {verdict.value for verdict in NameVerdict}


@given(st.dictionaries(st.text(max_size=9), st.integers() | st.text(max_size=9)))
def test_what_breaks_the_contract_decides_nothing(answer):
    if not fits("answer", answer):
        verdict, check_id = read_answer(200, json.dumps(answer).encode(), "r")
        assert (verdict, check_id) == (NameVerdict.NOT_POSSIBLE, "")


def test_the_page_shows_messages_of_the_contract():
    page = (DOCS / "name-check.md").read_text()
    shown = [part.split("```")[0] for part in page.split("```json")[1:]]
    kinds = ["question", "answer"]
    assert len(shown) == len(kinds)
    for kind, text in zip(kinds, shown, strict=True):
        assert fits(kind, json.loads(text)), text
