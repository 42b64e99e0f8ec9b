"""Many items as one file: sent by a form, told of by callback, fetched as a file."""

import pytest

from clients.files import FORMATS, fetch, post_file, read_result, send_file, write_file
from clients.partner import ASYNC_PATHS
from clients.running import wait_until
from clients.words import item, link_item, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")


@pytest.fixture
def partner(new_listener):
    """A partner that is called back."""
    return new_listener()


@pytest.mark.parametrize("format_", FORMATS)
def test_from_the_file_to_its_result(partner, spar, format_):
    """2,500 rows are three parts; one of them is refused in its place."""
    items = [link_item() for _ in range(2500)]
    items[1700]["fa"] = ""
    ack = send_file(partner.api, "link", items, format_)

    callback = partner.called_back(ack)

    header = callback.message["header"]
    assert callback.path == "/on-link"
    assert (header["status"], header["action"]) == ("succ", "on-link")
    assert (header["total_count"], header["completed_count"]) == (2500, 2500)
    told = header["meta"]["file"]
    assert (told["succeeded_count"], told["rejected_count"]) == (2499, 1)
    results = read_result("link", fetch(partner.api, told["href"]))
    assert [one["reference_id"] for one in results] == [
        one["reference_id"] for one in items
    ]
    assert outcome(results.pop(1700)) == ("rjct", "rjct.fa.invalid")
    assert {outcome(one) for one in results} == {("succ", None)}
    assert spar.mapping(items[-1]["id"])["fa_value"] == items[-1]["fa"]


@pytest.mark.parametrize("path", ASYNC_PATHS)
def test_same_file_again_does_nothing(partner, spar, path):
    content = write_file("link", [link_item()], "csv")
    first = post_file(partner.api, "link", content, "csv", path).json()
    partner.called_back(first["message"])
    before = spar.effects()

    again = post_file(partner.api, "link", content, "csv", path).json()

    assert again == first
    assert spar.effects() == before


def test_resolve_tells_in_the_file_what_is_to_be_paid(partner):
    linked = link_item()
    partner.results("link", [linked])
    asked = [
        item(id=linked["id"], scope="details"),
        item(id=new_person(), scope="details"),
    ]

    ack = send_file(partner.api, "resolve", asked, "csv")

    told = partner.called_back(ack).message["header"]["meta"]["file"]
    found, unknown = read_result("resolve", fetch(partner.api, told["href"]))
    assert (found["fa"], found["status_reason_code"]) == (
        linked["fa"],
        "succ.id.active",
    )
    assert (unknown["fa"], unknown["status_reason_code"]) == (
        None,
        "succ.id.not_found",
    )


def test_status_of_a_file_without_a_callback(new_partner, spar):
    """Who has no web server asks: by status, then by the result itself."""
    _record, api = new_partner()
    ack = send_file(api, "link", [link_item() for _ in range(20)], "csv")
    assert ack["ack_status"] == "NACK"
    href = f"{spar.base_url}/spar/v1/files/{ack['correlation_id']}/result"

    answer = wait_until(
        lambda: (found := fetch(api, href)).status_code == 200 and found,
        "the result is there",
    )

    assert len(read_result("link", answer)) == 20


def test_nobody_else_gets_the_result(partner, new_partner):
    ack = send_file(partner.api, "link", [link_item()], "csv")
    href = partner.called_back(ack).message["header"]["meta"]["file"]["href"]
    _record, stranger = new_partner()

    assert fetch(stranger, href).status_code == 404
    assert fetch(partner.api, href).status_code == 200


def test_what_is_no_file_of_the_protocol_changes_nothing(partner, spar):
    before = spar.effects()
    for content, format_ in (
        (b"PK\x03\x04" + bytes(500), "csv"),
        (b"{}", "json"),
        (b"id,fa\n" + b"x" * 100_000, "csv"),
        ("id,fa\n1,2\n".encode("utf-16"), "csv"),
    ):
        answer = post_file(partner.api, "link", content, format_)
        assert answer.status_code == 400, answer.text
    assert spar.effects() == before
