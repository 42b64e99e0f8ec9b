"""Staff at a browser find what programs did, and programs what staff did.

Every test saves pictures below the run folder (``blackbox/pictures``) to be looked at.
"""

import uuid

import pytest
from playwright.sync_api import expect

from clients.api import Api
from clients.desk import SIZES
from clients.words import item, new_account, new_name, new_number, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")

MAPPINGS, PARTNERS = "spar-mappings", "spar-partners"
BY_ID = "Person's ID"


@pytest.fixture
def person(api) -> dict:
    """Somebody whom a program linked a moment ago and then moved to a new account."""
    known = {
        "id": new_person(),
        "old": new_account(),
        "fa": new_account(),
        "name": new_name(),
    }
    api.one("link", id=known["id"], fa=known["old"], name=known["name"])
    api.one("update", id=known["id"], fa=known["fa"])
    return known


def number_of(address: str) -> str:
    """The account number in an address."""
    return address.removeprefix("account:").partition("@")[0]


# === FINDING WHAT A PROGRAM DID === #


@SIZES
def test_viewer_finds_a_mapping_and_sees_no_number(desk, person, size):
    """Masked on the screen and in everything that was sent to the browser."""
    viewer = desk("spar_viewer", size)
    viewer.open(MAPPINGS)
    viewer.look_up(person["id"], BY_ID)
    viewer.picture("viewer-list")
    viewer.open_only_record()
    expect(viewer.page.get_by_text(person["name"]).first).to_be_visible()
    shown = viewer.text()
    viewer.picture("viewer-form")
    assert "Bank 1" in shown
    assert number_of(person["fa"])[-4:] in shown
    for address in (person["fa"], person["old"]):
        assert number_of(address) not in viewer.content()
    assert viewer.fits()


def test_viewers_browser_gets_no_number_behind_the_screen(desk, person):
    """Not in any answer of the server that the screens of a viewer load."""
    viewer = desk("spar_viewer")
    got = []
    viewer.page.on(
        "response",
        lambda answer: got.append(answer) if "call_kw" in answer.url else None,
    )
    viewer.open(MAPPINGS)
    viewer.look_up(person["id"], BY_ID)
    viewer.open_only_record()
    texts = [answer.text() for answer in got]
    assert any(person["name"] in text for text in texts)
    for address in (person["fa"], person["old"]):
        assert not any(number_of(address) in text for text in texts)


@SIZES
def test_officer_finds_a_mapping_with_number_and_history(desk, person, size):
    officer = desk("spar_officer", size)
    officer.open(MAPPINGS)
    officer.look_up(person["id"], BY_ID)
    officer.open_only_record()
    expect(officer.page.get_by_text(person["fa"]).first).to_be_visible()
    history = officer.field("version_ids")
    rows = history.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
    expect(rows).to_have_count(2)
    officer.picture("officer-form")
    history.scroll_into_view_if_needed()
    officer.picture("officer-history")
    steps = history.inner_text()
    assert "Link" in steps
    assert "Update" in steps
    assert officer.fits()


def test_officer_finds_a_person_by_their_account(desk, person):
    officer = desk("spar_officer")
    officer.open(MAPPINGS)
    officer.look_up(person["fa"], "Account or address")
    officer.open_only_record()
    expect(officer.page.get_by_text(person["id"]).first).to_be_visible()


def test_what_is_not_there_is_said(desk):
    """An empty result says so and does not look like a fault."""
    officer = desk("spar_officer")
    officer.open(MAPPINGS)
    officer.look_up(new_person(), BY_ID)
    expect(officer.page.locator(".o_data_row")).to_have_count(0)
    officer.picture("officer-nobody")


def test_looking_up_needs_no_mouse(desk, person):
    """From the list to the person by keys alone."""
    officer = desk("spar_officer")
    officer.open(MAPPINGS)
    keys = officer.page.keyboard
    expect(officer.page.locator(".o_searchview_input")).to_be_focused()
    keys.type(person["id"])
    # The first offer is the person's ID.
    offered = officer.page.locator(".o_searchview_autocomplete [role='menuitem']")
    expect(offered.first).to_contain_text(BY_ID)
    keys.press("Enter")
    expect(officer.page.locator(".o_data_row")).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    officer.page.wait_for_selector(".o_form_view")
    expect(officer.page.get_by_text(person["fa"]).first).to_be_visible()


# === DOING WHAT A PROGRAM FINDS === #


def test_officer_links_a_person_by_choosing(desk, api, spar):
    """Bank, branch and number in the dialog; the API resolves it at once."""
    person, number = new_person(), new_number()
    officer = desk("spar_officer")
    officer.open(MAPPINGS)
    officer.press("Link an ID")
    officer.type("id_input", person)
    officer.type("name", new_name())
    officer.choose("fa_type_id", "Bank Account")
    officer.choose("provider_id", "Bank 1")
    officer.choose("branch_id", "Indigo")
    officer.type_part(number)
    expect(officer.field("fa_preview")).to_contain_text(number)
    officer.type("reason", "Showed the bank card at the counter")
    officer.picture("officer-link")
    officer.press("Confirm")
    officer.page.wait_for_selector(".modal", state="detached")
    result = api.one("resolve", id=person, scope="details")
    assert outcome(result) == ("succ", "succ.id.active")
    assert number in result["fa"]
    assert result["account_provider_info"]["name"] == "Bank 1"
    [version] = spar.history(person)
    assert (version["channel"], version["step"]) == ("staff", "link")
    assert version["reason"] == "Showed the bank card at the counter"
    officer.picture("officer-linked")


@SIZES
def test_officer_links_a_person_by_pasting(desk, api, size):
    person, account = new_person(), new_account()
    officer = desk("spar_officer", size)
    officer.go("Registry", "Link an ID")
    officer.type("id_input", person)
    officer.page.get_by_text("Paste an address").click()
    officer.type("fa_text", account)
    officer.type("reason", "Brought a letter of the bank")
    officer.picture("officer-paste")
    officer.press("Confirm")
    officer.page.wait_for_selector(".modal", state="detached")
    assert api.one("resolve", id=person, scope="details")["fa"] == account


def test_a_refusal_says_what_to_do(desk, api, person):
    """Somebody who is linked already: a sentence, and nothing is changed."""
    officer = desk("spar_officer")
    officer.open(MAPPINGS)
    officer.press("Link an ID")
    officer.type("id_input", person["id"])
    officer.page.get_by_text("Paste an address").click()
    officer.type("fa_text", new_account())
    officer.type("reason", "By mistake")
    officer.press("Confirm")
    dialog = officer.page.locator(".modal", has_text="Look it up and update it instead")
    expect(dialog).to_be_visible()
    officer.picture("officer-refused")
    dialog.get_by_role("button", name="Close").last.click()
    assert api.one("resolve", id=person["id"], scope="details")["fa"] == person["fa"]


def test_held_by_an_officer_is_not_paid(desk, api, person):
    """The button on the form; the next resolve comes back without the address."""
    officer = desk("spar_officer")
    officer.open(MAPPINGS)
    officer.look_up(person["id"], BY_ID)
    officer.open_only_record()
    officer.press("Put on hold")
    officer.type("reason", "The holder has called")
    officer.press("Confirm")
    officer.page.wait_for_selector(".modal", state="detached")
    [result] = api.results("resolve", [item(id=person["id"], scope="details")])
    assert outcome(result) == ("succ", "succ.id.inactive")
    assert result["fa"] is None
    officer.picture("officer-held")


# === PARTNERS === #


def test_administrator_makes_a_partner_whose_secret_works(desk, spar):
    """One short form; the secret is shown once and opens the token endpoint."""
    name = f"partner-{uuid.uuid4().hex[:12]}"
    admin = desk("spar_admin")
    admin.open(PARTNERS)
    admin.press("New")
    admin.type("name", name)
    admin.type("mnemonic", name)
    admin.field("all_id_types").locator("input").check()
    admin.picture("partner-form")
    admin.page.locator(".o_form_button_save").click()
    admin.page.wait_for_selector(".o_form_saved")
    admin.press("New Secret")
    dialog = admin.page.locator(".modal")
    expect(dialog).to_be_visible()
    admin.picture("partner-secret")
    client_id = dialog.locator("[name='client_id']").first.inner_text().split()[0]
    secret = dialog.locator("[name='secret']").first.inner_text().split()[0]
    partner = Api(spar.base_url, client_id, secret)
    assert partner.ask_token().json()["scope"] == "mapper.resolve mapper.status"
    assert outcome(partner.one("resolve", id=new_person()))[0] == "succ"
    admin.press("I Have Copied It")
    admin.page.wait_for_selector(".modal", state="detached")
    admin.page.reload()
    admin.page.wait_for_selector(".o_form_view")
    assert secret not in admin.content()


@pytest.mark.parametrize("who", ["spar_viewer", "spar_officer", "spar_manager"])
def test_partners_are_the_administrators(desk, who):
    """Others are not even shown the way."""
    other = desk(who)
    other.open(MAPPINGS)
    assert "Partners" not in other.page.locator(".o_main_navbar").inner_text()


# === IN FRENCH === #


@pytest.fixture(scope="module")
def french(login) -> str:
    """A member of staff who reads French."""
    system = login("admin")
    [language] = system.call(
        "res.lang",
        "search",
        [["code", "=", "fr_FR"]],
        context={"active_test": False},
    )
    wizard = system.call(
        "base.language.install", "create", [{"lang_ids": [[6, 0, [language]]]}]
    )
    system.call("base.language.install", "lang_install", wizard)
    who = "spar_manager"
    [user] = system.call("res.users", "search", [["login", "=", who]])
    system.call("res.users", "write", [user], {"lang": "fr_FR"})
    yield who
    system.call("res.users", "write", [user], {"lang": "en_US"})


@SIZES
def test_screens_speak_french(desk, french, login, person, size):
    """Every label, heading and button of the mapping's form is in French."""
    manager = desk(french, size)
    manager.open(MAPPINGS)
    manager.picture("french-list")
    manager.look_up(person["id"], person["id"])
    manager.open_only_record()
    manager.picture("french-form")
    staff = login("spar_officer")

    def labels(language: str) -> set[str]:
        fields = staff.call(
            "g2p.spar.mapping",
            "fields_get",
            attributes=["string"],
            context={"lang": language},
        )
        return {one["string"] for one in fields.values()}

    known, left = labels("fr_FR"), labels("en_US") - labels("fr_FR")
    shown = set(manager.page.locator(".o_form_view label").all_inner_texts())
    assert len(shown & known) >= 5
    assert shown & left == set()
    for words in ("Where the money goes", "Put on hold", "Last change", "History"):
        assert words.casefold() not in manager.text().casefold()
