"""A page counts when it is the one that was asked for, as its person sees it."""

import pytest
import visits
from portal import Guest, id_of, searches

GUESTS = [Guest("session_id=a", "/my/x/one", "1234"), Guest("session_id=b", "/w", "9")]


@pytest.mark.parametrize("name", visits.PAGES)
def test_each_person_asks_for_a_page_of_his_or_her_own(name):
    page = visits.PAGES[name]

    first, second = visits.bodies(page, GUESTS)

    assert "{" not in first.pieces[0].decode()
    assert (first.headers == second.headers == {}) != page.is_own
    if page.is_own:
        assert first.headers == {"Cookie": "session_id=a"}
    assert (first.pieces != second.pieces) == ("{way}" in page.path)


@pytest.mark.parametrize("name", visits.PAGES)
def test_a_page_without_its_sign_is_wrong(name):
    page = visits.PAGES[name]
    [body] = visits.bodies(page, GUESTS[:1])
    sign = page.sign.format(ending="1234")

    assert body.judge(f"<html>{sign}</html>".encode()).right == 1
    verdict = body.judge(b"<html>something else</html>")
    assert (verdict.right, verdict.wrong) == (0, 1)
    assert sign in verdict.problem


def test_the_account_of_somebody_else_is_wrong():
    [body] = visits.bodies(visits.PAGES["page-overview"], GUESTS[1:])

    assert body.judge(b"ending 1234").wrong == 1
    assert body.judge(b"ending 9").right == 1


def test_no_page_passes_for_another():
    signs = [page.sign for page in visits.PAGES.values() if "{" not in page.sign]

    assert len(set(signs)) == len(signs)
    assert len(visits.PAGES) == len({page.path for page in visits.PAGES.values()})


def test_a_request_is_one_of_a_browser():
    site = visits.Site("http://127.0.0.1:8069")

    raw = site.request("get", b"/my", {"Cookie": "session_id=a"})

    lines = raw.decode().split("\r\n")
    assert lines[0] == "GET /my HTTP/1.1"
    assert {"Host: 127.0.0.1:8069", "Accept: text/html", "Cookie: session_id=a"} <= (
        set(lines)
    )
    assert raw.endswith(b"\r\n\r\n")


def test_a_search_names_the_change_it_is_for():
    [(path, headers), _other] = searches(GUESTS)

    assert path.endswith("/change/branches?draft=one&q=")
    assert headers == {"Cookie": "session_id=a"}


def test_people_have_the_ids_of_the_registry():
    assert id_of("page000001") != id_of("page000002")
    assert id_of("page000001").startswith("token:")
    assert id_of("page000001").endswith("@nationalId")


class Doors:
    """A portal whose people come to a receipt, or lose their way."""

    def __init__(self, receipt):
        self.receipt, self.did = receipt, []

    def enter(self, number):
        self.did.append(f"enter {number}")
        return self

    def begin(self, _visitor, i):
        self.did.append(f"begin {i}")
        return "/way"

    def log_in(self):
        self.did.append("in")

    def make_change(self, way):
        self.did.append(way)
        if not self.receipt:
            raise ValueError("a page did not come")
        return self.receipt

    def log_out(self):
        self.did.append("out")

    def close(self):
        self.did.append("close")


def test_a_journey_goes_all_the_way():
    doors = Doors("/receipt/1")

    answer = visits.Journeys(doors).connect().send(b"walk000001000007")

    assert answer == (200, b"/receipt/1")
    assert doors.did == [
        "enter walk000001000007", "in", "begin 7", "/way", "out", "close",
    ]  # fmt: skip


def test_a_journey_that_was_cut_off_closes_its_browser():
    doors = Doors("")

    with pytest.raises(ValueError, match="did not come"):
        visits.Journeys(doors).connect().send(b"walk000001000007")
    assert doors.did[-1] == "close"
