"""Staff export the registry's list at a browser: masked, or whole with a reason.

Pictures are saved below the run folder (``blackbox/pictures``) to be looked at.
"""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from clients.desk import SIZES, Desk
from clients.words import link_item, new_name

pytestmark = pytest.mark.usefixtures("quiet_log")

EXPORT = "g2p.spar.export"
#: Who may see whole numbers, and who may not.
ROLES = pytest.mark.parametrize("who", ["spar_officer", "spar_auditor"])
REASON = "Reconciliation with Bank 1"


@pytest.fixture(scope="module")
def person(api) -> dict:
    """Somebody who is in the list."""
    known = link_item(name=new_name())
    api.one("link", **known)
    return known


def begin(desk: Desk) -> None:
    """Open a new export from the list of those there were."""
    desk.open("spar-exports")
    desk.page.locator(".o_list_button_add, .o-kanban-button-new").locator(
        "visible=true"
    ).first.click()
    desk.page.wait_for_selector(".o_form_view")


def download(desk: Desk) -> list[dict]:
    """Press the button that gives the list out. :return: its rows"""
    with desk.page.expect_download() as given:
        press(desk)
    text = given.value.path().read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def press(desk: Desk) -> None:
    """Press Download, which a telephone folds away."""
    menu = desk.page.locator(".o_statusbar_buttons .dropdown-toggle")
    if desk.narrow and menu.count():
        menu.first.click()
    desk.press("Download")


def record_of(desk: Desk, staff) -> dict:
    """What was recorded of the export that is open."""
    number = int(re.search(r"/(\d+)$", desk.page.url.partition("?")[0])[1])
    names = ["user_id", "is_whole", "reason", "count", "begun_at", "digest"]
    [record] = staff.call(EXPORT, "read", [number], names)
    return record


@ROLES
@SIZES
def test_masked_list(desk, login, person, who, size):
    """What everybody gets who says nothing: no number is told whole."""
    someone = desk(who, size)
    begin(someone)
    someone.picture(f"export-new-{who}")
    assert someone.fits()
    rows = download(someone)
    assert person["name"] in {row["name"] for row in rows}
    [row] = [row for row in rows if row["name"] == person["name"]]
    assert row["fa"].startswith("account:****")
    told = "\n".join(",".join(row.values()) for row in rows)
    assert person["id"] not in told
    assert person["fa"] not in told
    record = record_of(someone, login(who))
    assert (record["is_whole"], record["count"]) == (False, len(rows))


@SIZES
def test_whole_list_with_a_reason_once(desk, login, person, size):
    """Without a reason nothing is given out; with it once, and it is recorded."""
    officer = desk("spar_officer", size)
    begin(officer)
    officer.field("is_whole").locator("input").click()
    press(officer)
    expect(officer.field("reason")).to_have_class(re.compile("o_field_invalid"))
    officer.type("reason", REASON)
    rows = download(officer)
    assert {"id": person["id"], "fa": person["fa"]}.items() <= next(
        row.items() for row in rows if row["name"] == person["name"]
    )
    record = record_of(officer, login("spar_officer"))
    assert record["user_id"][1].startswith("Olive Officer")
    assert (record["is_whole"], record["reason"]) == (True, REASON)
    assert (record["count"], len(record["digest"])) == (len(rows), 64)

    again = officer.page.request.get(
        f"{officer.base_url}/spar/export/{record['id']}.csv"
    )
    assert not again.ok
    assert person["fa"] not in again.text()
    officer.page.reload()
    expect(officer.field("digest").first).to_have_text(record["digest"])
    button = officer.page.get_by_role("button", name="Download", exact=True)
    expect(button).to_have_count(0)
    officer.picture("export-fetched")
    assert officer.fits()


def test_the_auditor_is_offered_no_whole_numbers(desk):
    auditor = desk("spar_auditor")
    begin(auditor)
    expect(auditor.field("reason")).to_be_visible()
    expect(auditor.field("is_whole")).to_have_count(0)
