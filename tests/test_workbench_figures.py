"""Officers and managers read the first page, open what it counts, and answer alerts."""

import re

import pytest
from playwright.sync_api import expect

from clients.desk import SIZES, WIDE, Desk
from clients.words import item, link_item, new_account, new_person

pytestmark = pytest.mark.usefixtures("quiet_log")

#: The delivered rule tells of addresses with as many IDs.
MANY = 10
#: For what counts first, on a machine in use.
PATIENCE_MS = 30_000
#: Odoo counts no further for the head of a list.
LIST_COUNTS_TO = 10_000
#: Unlike in the list, found alerts lie in cards on a telephone.
ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
LINKED = [["effective_state", "in", ["active", "on_hold", "suspended"]]]
TITLES = (
    "Now",
    "Linked IDs over time",
    "Changes a day",
    "By provider",
    "By state",
    "By channel",
    "By check of the address",
    "Calls of partners a day",
    "Rows of lists a day",
    "Logins of beneficiaries a day",
)
DIGITS = re.compile(r"\D")


@pytest.fixture
def shared(api):
    """An account to which more IDs are linked than is usual; it ends with the test."""
    people, account = [new_person() for _one in range(MANY)], new_account()
    results = api.results("link", [item(id=one, fa=account) for one in people])
    assert {result["status"] for result in results} == {"succ"}
    yield account
    api.results("unlink", [item(id=one) for one in people])


def open_dashboard(who: Desk) -> None:
    """Open the application as its icon does: by its first page."""
    who.page.goto(f"{who.base_url}/odoo/spar-dashboard")
    expect(tile(who, "Linked IDs")).to_be_visible(timeout=PATIENCE_MS)


def tile(who: Desk, label: str):
    return who.page.locator(".o_g2p_spar_tiles button").filter(has_text=label)


def choose_outcome(who: Desk, text: str) -> None:
    """Say what an alert was, in the form."""
    who.field("outcome").locator("input, button").first.click()
    who.page.locator(".o_select_menu_item").filter(has_text=text).click()


def number_on(found) -> int:
    return int(DIGITS.sub("", found.locator(".fs-2").inner_text()))


@pytest.mark.parametrize("who", ["spar_viewer", "spar_officer", "spar_manager"])
def test_the_application_begins_with_its_figures(desk, who):
    staff = desk(who)
    staff.open("spar-mappings")
    staff.page.locator(".o_navbar_apps_menu button").click()
    staff.page.locator(".o_app").filter(has_text="Payment Accounts").click()
    expect(tile(staff, "Linked IDs")).to_be_visible(timeout=PATIENCE_MS)
    expect(staff.page).to_have_url(f"{staff.base_url}/odoo/spar-dashboard")


@SIZES
def test_the_figures_fit_the_window(desk, size):
    officer = desk("spar_officer", size)
    open_dashboard(officer)
    officer.press("Count again")
    expect(officer.page.get_by_role("button", name="Count again")).to_be_enabled(
        timeout=PATIENCE_MS
    )
    assert officer.fits()
    for title in TITLES:
        expect(officer.page.get_by_role("region", name=title)).to_be_visible()
    officer.picture("dashboard")


def told(count: int) -> str:
    """A number of records as a list tells it, which stops counting at some point."""
    return str(count) if count <= LIST_COUNTS_TO else f"{LIST_COUNTS_TO}+"


@SIZES
def test_a_figure_opens_the_ids_that_it_counts(desk, login, size):
    officer = desk("spar_officer", size)
    open_dashboard(officer)
    officer.press("Count again")
    expect(officer.page.locator("[role=status]")).to_contain_text(
        "Counted at", timeout=PATIENCE_MS
    )
    expect(officer.page.get_by_role("button", name="Count again")).to_be_enabled(
        timeout=PATIENCE_MS
    )
    linked = tile(officer, "Linked IDs")
    assert number_on(linked) > 0
    linked.click()
    pager = officer.page.locator(".o_pager_limit, .o_pager_counter")
    if size == WIDE:
        # The figure may be a minute old, the list is not.
        count = login("spar_officer").call("g2p.spar.mapping", "search_count", LINKED)
        expect(pager.first).to_contain_text("/ " + told(count))
    expect(officer.page.locator(ROWS).first).to_be_visible()
    officer.page.go_back()
    expect(tile(officer, "Linked IDs")).to_be_visible(timeout=PATIENCE_MS)


def test_figures_open_by_the_keyboard(desk):
    officer = desk("spar_officer")
    open_dashboard(officer)
    tile(officer, "Disputed").focus()
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_selector(".o_view_controller")
    expect(officer.page.locator(".o_breadcrumb")).to_contain_text("Mappings")


@SIZES
def test_a_number_of_changes_says_how_old_it_is_and_opens_them(desk, api, size):
    api.results("link", [link_item()])
    officer = desk("spar_officer", size)
    open_dashboard(officer)
    officer.press("Count again")
    expect(officer.page.get_by_role("button", name="Count again")).to_be_enabled(
        timeout=PATIENCE_MS
    )
    officer.page.goto(f"{officer.base_url}/odoo/spar-changes?view_type=pivot")
    cell = officer.page.locator(".o_pivot_cell_value:not(.o_empty)").last
    expect(cell).to_be_visible(timeout=PATIENCE_MS)
    expect(officer.page.locator("[role=status]")).to_contain_text("Counted at")
    counted = int(DIGITS.sub("", cell.inner_text()))
    assert counted > 0
    officer.picture("changes")
    cell.click()
    expect(officer.page.locator(ROWS).first).to_be_visible()
    if size == WIDE:
        pager = officer.page.locator(".o_pager_limit")
        # What came since the count is in the list as well.
        assert int(DIGITS.sub("", pager.inner_text())) >= min(counted, LIST_COUNTS_TO)


@SIZES
def test_many_ids_on_one_address_are_found_taken_and_answered(
    desk, login, shared, spar, size
):
    manager, ending = login("spar_manager"), shared.partition("@")[0][-4:]
    [rule] = manager.call(
        "g2p.spar.alert.rule", "search", [["kind", "=", "shared_address"]]
    )
    manager.call("g2p.spar.alert.rule", "action_look", [rule])
    officer = desk("spar_officer", size)
    officer.open("spar-alerts")
    found = officer.page.locator(ROWS).filter(has_text=ending)
    expect(found).to_have_count(1)
    officer.picture("alerts")
    (found if officer.narrow else found.locator(".o_data_cell").first).click()
    expect(officer.field("sentence")).to_have_text(
        f"{MANY} IDs are linked to this address."
    )
    assert shared.removeprefix("account:").partition("@")[0] not in officer.content()
    officer.press("Take in hand")
    expect(officer.field("state")).to_contain_text("In hand")
    expect(officer.field("owner_id").locator("input")).not_to_have_value("")
    officer.press("Close")
    expect(officer.page.locator(".modal")).to_contain_text("Choose an outcome first")
    officer.page.locator(".modal footer button").first.click()
    choose_outcome(officer, "Mistake, put right")
    officer.type("note", "Ten people of one camp had been entered with its account.")
    officer.picture("alert")
    officer.press("Close")
    expect(officer.field("closed_by_id")).to_be_visible()
    officer.open("spar-alerts")
    expect(officer.page.locator(ROWS).filter(has_text=ending)).to_have_count(0)


def test_a_viewer_is_offered_no_alerts(desk):
    viewer = desk("spar_viewer")
    open_dashboard(viewer)
    assert "Watching" not in viewer.text()
