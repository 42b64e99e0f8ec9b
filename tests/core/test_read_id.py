"""Identifiers are read alike whether their type and provider were seen before."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError, InvalidFormat
from odoo.addons.g2p_spar_fa_reference.core.reference import IdTypeRule, Reference

_TYPES = (
    IdTypeRule(1, "national_id", "token", "nationalId", case_significant=True),
    IdTypeRule(2, "vid", "vid", None),
    IdTypeRule(3, "digits", "digits", "nid", pattern="[0-9]+"),
    IdTypeRule(4, "other"),
)
_WORDS = st.sampled_from(
    ["token", "TOKEN", " token", "vid", "digits", "national-id", "nationalId", "nid"]
    + ["", " ", "nationalId ", "ﬁ", "ß", "a:b", "a@b"]
)
_VALUES = st.text("aZ19_- :@ßﬁ", max_size=6)
_WARM = Reference(id_types=_TYPES)


def _read(reference, text):
    try:
        return reference.read_id(text)
    except AddressError as error:
        return type(error), str(error)


@given(_WORDS, _VALUES, _WORDS)
def test_memory_changes_no_answer(prefix, value, provider):
    for text in (f"{prefix}:{value}@{provider}", f"{prefix}:{value}", value):
        first = _read(Reference(id_types=_TYPES), text)
        assert _read(_WARM, text) == first
        assert _read(_WARM, text) == first


def test_what_is_remembered_is_used():
    reference = Reference(id_types=_TYPES)
    reference.read_id("token:A@nationalId")
    assert reference._frames == {
        ("token", "nationalId"): (1, "token:", "@nationalid", True)
    }
    assert reference.read_id("token:bB@nationalId").id_key == "token:bB@nationalid"


def test_a_provider_that_is_announced_must_be_named():
    for text in ("token:a@", "a@", "vid:a@ "):
        assert _read(_WARM, text)[0] is InvalidFormat
