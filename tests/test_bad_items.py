"""One bad item among good ones: refused in its place, the others go through."""

from http import HTTPStatus

import pytest

from clients.refusals import assert_sentence
from clients.words import (
    OPERATIONS,
    item,
    link_item,
    message,
    new_account,
    new_person,
    outcome,
)

pytestmark = pytest.mark.usefixtures("quiet_log")

WRITES = ("link", "update", "unlink")
ADDRESSED = ("link", "update")
MEGABYTE = "a" * 2**20
REFERENCE, TIME = "rjct.reference_id.invalid", "rjct.timestamp.invalid"
ID, FA = "rjct.id.invalid", "rjct.fa.invalid"
NAME = {"link": "rjct.name.invalid", "update": "rjct.beneficiary_name.invalid"}
PHONE = {"link": "rjct.mobile_number.invalid", "update": NAME["update"]}
INFO = {"link": "rjct.other.error", "update": REFERENCE}
SCOPE = "rjct.resolve_type.not_supported"
GONE = object()


def nested(levels: int) -> dict:
    """An object in an object in an object …"""
    value = {}
    for _ in range(levels):
        value = {"deeper": value}
    return value


#: field, what stands there, operations, reason code (of each operation)
FIELDS = [
    ("reference_id", GONE, OPERATIONS, REFERENCE),
    ("reference_id", None, OPERATIONS, REFERENCE),
    ("reference_id", "", OPERATIONS, REFERENCE),
    ("reference_id", 7, OPERATIONS, REFERENCE),
    ("reference_id", ["a"], OPERATIONS, REFERENCE),
    ("reference_id", "r" * 100, OPERATIONS, REFERENCE),
    ("reference_id", "a\x00b", OPERATIONS, REFERENCE),
    ("reference_id", "a\ud800b", OPERATIONS, REFERENCE),
    ("timestamp", GONE, OPERATIONS, TIME),
    ("timestamp", 1767225600, OPERATIONS, TIME),
    ("timestamp", "", OPERATIONS, TIME),
    ("timestamp", "yesterday", OPERATIONS, TIME),
    ("timestamp", "2026-02-30T00:00:00Z", OPERATIONS, TIME),
    ("timestamp", "2999-01-01T00:00:00Z", OPERATIONS, TIME),
    ("timestamp", "99999-01-01T00:00:00Z", OPERATIONS, TIME),
    ("timestamp", "2026-01-01T00:00:00\x00", OPERATIONS, TIME),
    ("timestamp", MEGABYTE, OPERATIONS, TIME),
    ("id", GONE, OPERATIONS, ID),
    ("id", None, OPERATIONS, ID),
    ("id", "", OPERATIONS, ID),
    ("id", "   ", OPERATIONS, ID),
    ("id", 123456789012, OPERATIONS, ID),
    ("id", 1e308, OPERATIONS, ID),
    ("id", True, OPERATIONS, ID),
    ("id", {"token": "x"}, OPERATIONS, ID),
    ("id", f"token:{MEGABYTE}@nationalId", OPERATIONS, ID),
    ("id", "token:a\x00b@nationalId", OPERATIONS, ID),
    ("id", "token:a\udfffb@nationalId", OPERATIONS, ID),
    ("id", "token:a\x1fb@nationalId", OPERATIONS, ID),
    ("fa", GONE, ("link",), FA),
    ("fa", None, ("link",), FA),
    ("fa", "", ("link",), FA),
    ("fa", "   ", ADDRESSED, FA),
    ("fa", 12345678, OPERATIONS, FA),
    ("fa", ["account:1@indigo.dfsp1.bank_acc"], OPERATIONS, FA),
    ("fa", f"account:{MEGABYTE}@indigo.dfsp1.bank_acc", OPERATIONS, FA),
    ("fa", "account:1\x001@indigo.dfsp1.bank_acc", OPERATIONS, FA),
    ("fa", "account:1\ud8001@indigo.dfsp1.bank_acc", OPERATIONS, FA),
    ("name", 7, ADDRESSED, NAME),
    ("name", "n" * 201, ADDRESSED, NAME),
    ("name", "Ann\x00e", ADDRESSED, NAME),
    ("name", "Ann\ud800e", ADDRESSED, NAME),
    ("name", ["Anne"], ADDRESSED, NAME),
    ("phone_number", 639171234567, ADDRESSED, PHONE),
    ("phone_number", "call me", ADDRESSED, PHONE),
    ("phone_number", "+" + "9" * 2**20, ADDRESSED, PHONE),
    ("phone_number", "+63917\x001234567", ADDRESSED, PHONE),
    ("additional_info", {"name": "a", "value": "b"}, ADDRESSED, INFO),
    ("additional_info", "text", ADDRESSED, INFO),
    ("additional_info", [7], ADDRESSED, INFO),
    ("additional_info", [{"name": "a", "value": "b\x00"}], ADDRESSED, INFO),
    ("additional_info", [{"name": "a", "value": MEGABYTE}], ADDRESSED, INFO),
    ("additional_info", [nested(300)], ADDRESSED, INFO),
    ("scope", "everything", ("resolve",), SCOPE),
    ("scope", 7, ("resolve",), SCOPE),
    ("scope", ["details"], ("resolve",), SCOPE),
]
#: elements of the list that are no items
ELEMENTS = [None, True, 7, "text", [], ["reference_id"], {}, 1e308]


class Batch:
    """A good item, a place for a bad one, a good item; all of them can succeed."""

    def __init__(self, api, spar, operation: str):
        self.api, self.spar, self.operation = api, spar, operation
        people = [new_person() for _ in range(3)]
        if operation != "link":
            api.results("link", [link_item(person) for person in people])
        fields = {"fa": new_account()} if operation in ADDRESSED else {}
        self.good_1, self.bad, self.good_2 = (
            item(id=person, **fields) for person in people
        )

    def send(self) -> dict:
        """Send the three; check the good ones and what is stored; return the bad."""
        before = self.spar.effects()
        sent = message(self.operation, [self.good_1, self.bad, self.good_2])
        answer = self.api.post(self.operation, sent)
        assert answer.status_code == HTTPStatus.OK, answer.text[:500]
        header = answer.json()["header"]
        assert header["status"] == "succ"
        first, bad, last = answer.json()["message"][f"{self.operation}_response"]
        for asked, result in ((self.good_1, first), (self.good_2, last)):
            assert result["status"] == "succ"
            assert result["reference_id"] == asked["reference_id"]
        new = {"link": (2, 2, 1), "resolve": (0, 0, 0)}.get(self.operation, (0, 2, 1))
        assert self.spar.effects() - before == new
        return bad


def assert_item_refused(result: dict, code: str) -> None:
    """Fail when an item was not refused with this code and a sentence."""
    assert outcome(result) == ("rjct", code), result
    assert_sentence(result["status_reason_message"])
    assert result["fa"] is None
    assert isinstance(result["reference_id"], str)


def cases() -> list:
    """One case for each line of ``FIELDS`` and each operation it is for."""
    return [
        pytest.param(
            operation,
            field,
            value,
            code if isinstance(code, str) else code[operation],
            id=f"{operation}-{field}-{number}",
        )
        for number, (field, value, operations, code) in enumerate(FIELDS)
        for operation in operations
    ]


@pytest.mark.parametrize(("operation", "field", "value", "code"), cases())
def test_bad_field(api, spar, operation, field, value, code):
    batch = Batch(api, spar, operation)
    batch.bad = {k: v for k, v in batch.bad.items() if k != field}
    if value is not GONE:
        batch.bad[field] = value
    assert_item_refused(batch.send(), code)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_element_that_is_no_item(api, spar, operation):
    for element in ELEMENTS:
        batch = Batch(api, spar, operation)
        batch.bad = element
        result = batch.send()
        assert_item_refused(result, REFERENCE)
        assert result["reference_id"] == ""


@pytest.mark.parametrize("operation", OPERATIONS)
def test_id_is_echoed_as_it_came(api, spar, operation):
    """A person reading the answer must find their item again, however odd it was."""
    batch = Batch(api, spar, operation)
    batch.bad["id"] = "token:a\x1fb@nationalId"
    result = batch.send()
    assert result["id"] == "token:a\x1fb@nationalId"
    assert result["reference_id"] == batch.bad["reference_id"]


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00.123456",
        "2026-01-01T00:00:00.123+05:30",
        "2026-01-01T00:00:00Z",
        "20260101T000000Z",
    ],
)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_times_that_real_clients_send_are_accepted(api, spar, operation, stamp):
    """No zone, a space for the T, fractions: known clients send them."""
    batch = Batch(api, spar, operation)
    batch.good_1["timestamp"] = batch.good_2["timestamp"] = stamp
    batch.bad = 7
    batch.send()


def test_texts_of_all_scripts_go_through(api):
    """What is odd but right: names and information in any script, and emoji."""
    person = new_person()
    info = [{"name": "note", "value": "नमस्ते 你好 مرحبا 👩‍🌾"}]
    fields = {"fa": new_account(), "additional_info": info}
    assert outcome(api.one("link", id=person, **fields)) == ("succ", None)
    found = api.one("resolve", id=person, scope="details")
    assert found["additional_info"][1:] == info


@pytest.mark.parametrize(
    "name",
    [
        "Ngọc Ánh Ñandú",
        "李小龙",
        # Persian and Sinhala write names with joiners, which are no letters.
        "علی\u200cرضا",
        "ශ්\u200dරීමතී",
        "O'Brien-d\u2019Arc Jr.",
    ],
)
def test_names_of_all_scripts_are_kept(api, spar, name):
    person = new_person()
    result = api.one("link", id=person, fa=new_account(), name=name)
    assert outcome(result) == ("succ", None)
    assert spar.mapping(person)["name"] == name


def test_only_bad_items_fail_the_message_and_change_nothing(api, spar):
    before = spar.effects()
    answer = api.send("link", [7, item(id=7), item(id=new_person(), fa="")])
    assert answer["header"]["status"] == "rjct"
    assert answer["header"]["status_reason_code"] == "rjct.errors.too_many"
    assert_sentence(answer["header"]["status_reason_message"])
    assert spar.effects() - before == (0, 0, 1)
