"""Staff protect a change of address: four eyes, waiting, dispute, and the way back.

Every policy names addresses of one made-up bank alone, so that nobody else's change
waits, and is gone after its test. Pictures are saved as in :mod:`test_browser`.
"""

import uuid

import pytest
from playwright.sync_api import expect

from clients.desk import SIZES, Desk
from clients.staff import Refused
from clients.words import item, new_account, new_name, new_number, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")

POLICIES, MAPPINGS, WAITING = "spar-policies", "spar-mappings", "spar-changes-that-wait"
POLICY, CHANGE = "g2p.spar.change.policy", "g2p.spar.pending.change"
DIALOG = "g2p.spar.mapping.change"


@pytest.fixture(scope="module")
def bank(admin) -> dict:
    """A bank of this file alone, with the end of its addresses."""
    name = f"Guarded Bank {uuid.uuid4().hex[:6]}"
    code = name.split()[-1]
    [known] = admin.call(
        "g2p.spar.provider",
        "search_read",
        [["code", "=", "dfsp1"]],
        ["kind_id"],
        limit=1,
    )
    values = {"name": name, "code": code, "kind_id": known["kind_id"][0]}
    [record] = admin.call("g2p.spar.provider", "create", [values])
    branch = {"name": "Main", "code": "main", "provider_id": record}
    admin.call("g2p.spar.branch", "create", [branch])
    yield {"id": record, "name": name, "ending": f"main.{code}.bank_acc"}
    admin.call("g2p.spar.provider", "write", [record], {"active": False})


@pytest.fixture
def policy(admin, bank):
    """Factory of policies for addresses at the bank; gone after the test."""
    made = []

    def make(**values) -> int:
        usual = {
            "name": f"Guarded {uuid.uuid4().hex[:6]}",
            "sequence": 1,
            "provider_ids": [[6, 0, [bank["id"]]]],
        }
        made.extend(admin.call(POLICY, "create", [usual | values]))
        return made[-1]

    yield make
    admin.call(POLICY, "write", made, {"active": False})


@pytest.fixture
def person(api, bank) -> dict:
    """Somebody who is linked, and the address that will be asked for."""
    known = {
        "id": new_person(),
        "fa": new_account(),
        "new": f"account:{new_number()}@{bank['ending']}",
        "name": new_name(),
    }
    api.one("link", id=known["id"], fa=known["fa"], name=known["name"])
    return known


def open_mapping(desk: Desk, person: dict) -> None:
    desk.open(MAPPINGS)
    desk.look_up(person["id"], "Person's ID")
    desk.open_only_record()


def propose(desk: Desk, person: dict) -> None:
    """Ask for the new address in the form of the mapping."""
    open_mapping(desk, person)
    desk.press("Update")
    keep = desk.field("keep_address").locator("input")
    if keep.is_checked():
        keep.click()
    desk.page.get_by_text("Paste an address").click()
    desk.type("fa_text", person["new"])
    desk.type("reason", "Changed her bank")
    confirm(desk)


def confirm(desk: Desk, reason: str = "") -> None:
    """Confirm the dialog in front; another one may lie below it."""
    button = desk.page.get_by_role("button", name="Confirm", exact=True)
    expect(button).to_be_visible()
    if reason:
        desk.type("reason", reason)
    button.click()
    expect(button).to_have_count(0)


def press(desk: Desk, label: str) -> None:
    """Press a button of a form's head, also where a telephone folds it away."""
    found = desk.page.get_by_role("button", name=label, exact=True)
    if desk.narrow and not found.locator("visible=true").count():
        desk.page.locator(".o_statusbar_buttons .dropdown-toggle").click()
        found = desk.page.get_by_role("menuitem", name=label, exact=True).or_(found)
    found.locator("visible=true").first.click()


def paid(api, person: dict) -> str | None:
    """The address to which somebody is paid now."""
    return api.one("resolve", id=person["id"], scope="details")["fa"]


def waiting(officer, person: dict) -> list[dict]:
    """The changes of somebody."""
    return officer.call(
        CHANGE,
        "search_read",
        [["mapping_id.name", "=", person["name"]]],
        ["state", "step", "held", "mapping_id", "due_at"],
        order="id",
    )


def agree_by_rpc(staff, mapping: int) -> None:
    """Agree as a program would that has somebody's session."""
    context = {"default_operation": "apply", "default_mapping_ids": [mapping]}
    [dialog] = staff.call(DIALOG, "create", [{"reason": "I say so"}], context=context)
    staff.call(DIALOG, "action_apply", [dialog], context=context)


# === FOUR EYES === #


@SIZES
def test_four_eyes(desk, api, officer, policy, person, size):
    """Who asks cannot agree, by button or by program; a manager can."""
    policy(effect="approve", payment="old")
    asker = desk("spar_officer", size)
    propose(asker, person)
    asker.picture("protection-mapping")
    assert asker.fits()
    assert paid(api, person) == person["fa"]

    press(asker, "Decide the change that waits")
    expect(asker.page.get_by_text("You asked for this change yourself")).to_be_visible()
    expect(asker.page.get_by_role("button", name="Agree")).to_have_count(0)
    asker.picture("protection-own-change")
    assert asker.fits()
    [change] = waiting(officer, person)
    with pytest.raises(Refused, match="somebody else has to agree"):
        agree_by_rpc(officer, change["mapping_id"][0])
    assert paid(api, person) == person["fa"]

    manager = desk("spar_manager", size)
    manager.open(WAITING)
    manager.picture("protection-waiting")
    assert manager.fits()
    manager.look_up(person["name"], person["name"])
    manager.open_only_record()
    manager.picture("protection-change")
    press(manager, "Agree")
    confirm(manager, "Rang the holder")
    assert paid(api, person) == person["new"]
    assert [one["state"] for one in waiting(officer, person)] == ["applied"]


def test_a_viewer_decides_nothing(desk, login, officer, policy, person):
    """There is no button, and no way around it."""
    policy(effect="approve")
    propose(desk("spar_officer"), person)
    [change] = waiting(officer, person)
    viewer = desk("spar_viewer")
    viewer.page.goto(f"{viewer.base_url}/odoo/{WAITING}/{change['id']}")
    viewer.page.wait_for_selector(".o_form_view")
    expect(viewer.page.get_by_text(person["name"]).first).to_be_visible()
    for label in ("Agree", "Give up", "Dispute: stop payments"):
        expect(viewer.page.get_by_role("button", name=label)).to_have_count(0)
    assert person["new"].partition("@")[0] not in viewer.content()
    with pytest.raises(Refused):
        agree_by_rpc(login("spar_viewer"), change["mapping_id"][0])


# === WAITING WITH PAYMENT STOPPED === #


def test_hold_and_give_up(desk, api, officer, policy, person):
    """Nothing is paid while it waits; given up, the old address is paid again."""
    policy(effect="wait", hours=48, payment="stop")
    first = desk("spar_officer")
    propose(first, person)
    expect(
        first.page.get_by_text("Nothing is paid until it is decided")
    ).to_be_visible()
    assert paid(api, person) is None
    again = api.one("update", id=person["id"], fa=new_account())
    assert outcome(again)[0] == "rjct"
    [change] = waiting(officer, person)
    assert change["held"] and change["due_at"]
    first.press("Decide the change that waits")
    first.press("Give up")
    confirm(first, "The holder did not ask for it")
    assert paid(api, person) == person["fa"]
    assert [one["state"] for one in waiting(officer, person)] == ["withdrawn"]


@SIZES
def test_dispute_suspends_at_once(desk, api, officer, policy, person, size):
    """The old address, though payable until then, is paid no more."""
    policy(effect="wait", hours=48, payment="old")
    first = desk("spar_officer", size)
    propose(first, person)
    assert paid(api, person) == person["fa"]
    press(first, "Decide the change that waits")
    press(first, "Dispute: stop payments")
    first.picture("protection-dispute")
    confirm(first, "The holder rang: it was not her")
    assert paid(api, person) is None
    assert [one["state"] for one in waiting(officer, person)] == ["disputed"]


def test_a_failed_payment_beside_a_change(desk, api, policy, person):
    """Payments stop; the officer who looks is told why, and may agree."""
    policy(effect="wait", hours=48, payment="old")
    propose(desk("spar_officer"), person)
    told = api.one("report", id=person["id"], event="payment_failed", reason="closed")
    assert outcome(told) == ("succ", None)
    assert paid(api, person) is None
    manager = desk("spar_manager")
    open_mapping(manager, person)
    expect(manager.page.get_by_text("The account is closed").first).to_be_visible()
    manager.press("Decide the change that waits")
    said = manager.page.get_by_text("A payment to the address before failed")
    expect(said).to_be_visible()
    manager.picture("protection-failed-payment")
    manager.press("Agree")
    confirm(manager, "Saw the letter of the new bank")
    assert paid(api, person) == person["new"]


# === THE WAY BACK === #


@SIZES
def test_roll_back_with_one_click(desk, api, person, size):
    """A manager brings the first address back from the history."""
    api.one("update", id=person["id"], fa=person["new"])
    assert paid(api, person) == person["new"]
    manager = desk("spar_manager", size)
    open_mapping(manager, person)
    first = manager.field("version_ids").locator(
        ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)", has_text="Linked"
    )
    first.scroll_into_view_if_needed()
    manager.picture("protection-history")
    if manager.narrow:
        first.click()
        line = manager.page.locator(".modal")
        line.get_by_text("Bring this version back", exact=True).click()
    else:
        first.get_by_role("button", name="Bring back").click()
    expect(manager.page.get_by_text("become what they were in")).to_be_visible()
    manager.picture("protection-rollback")
    assert manager.fits()
    confirm(manager, "The change was a fraud")
    assert paid(api, person) == person["fa"]


def test_an_officer_cannot_roll_back(desk, officer, api, person):
    api.one("update", id=person["id"], fa=person["new"])
    first = desk("spar_officer")
    open_mapping(first, person)
    expect(first.page.get_by_role("button", name="Bring back")).to_have_count(0)
    [mapping] = officer.call(
        "g2p.spar.mapping", "search", [["name", "=", person["name"]]]
    )
    context = {
        "default_operation": "rollback",
        "default_mapping_ids": [mapping],
        "default_rollback_version": 1,
    }
    with pytest.raises(Refused):
        [dialog] = officer.call(DIALOG, "create", [{"reason": "x"}], context=context)
        officer.call(DIALOG, "action_apply", [dialog], context=context)
    assert paid(api, person) == person["new"]


# === POLICIES === #


@SIZES
def test_policy_box(desk, bank, policy, size):
    """A policy says in words what it does, and the box what would happen."""
    made = policy(effect="wait", hours=36, payment="stop")
    admin = desk("spar_admin", size)
    admin.page.goto(f"{admin.base_url}/odoo/{POLICIES}/{made}")
    admin.page.wait_for_selector(".o_form_view")
    summary = admin.field("summary")
    expect(summary).to_contain_text(f"The new address is at: {bank['name']}.")
    expect(summary).to_contain_text("The change waits 36 hours")
    expect(summary).to_contain_text("Until then nothing is paid.")
    admin.picture("protection-policy")
    assert admin.fits()
    press(admin, "Try the policies out")
    verdict = admin.field("verdict")
    expect(verdict).to_contain_text("At once")
    # A telephone has providers chosen in a screen of their own.
    if not admin.narrow:
        admin.choose("provider_id", bank["name"])
        expect(verdict).to_contain_text("The change waits 36 hours")
    admin.picture("protection-box")
    admin.field("is_first").locator("input").click()
    expect(verdict).to_contain_text("the first address of an ID never waits")


def test_officers_read_policies_and_change_none(officer, policy):
    made = policy(effect="wait", hours=36)
    assert officer.call(POLICY, "read", [made], ["summary"])
    with pytest.raises(Refused):
        officer.call(POLICY, "write", [made], {"effect": "none"})
    with pytest.raises(Refused):
        officer.call(POLICY, "unlink", [made])


# === REPORTS === #


def test_reports_are_shown_with_level(desk, api, person):
    """What a payer told stands on the mapping: level, evidence, partner."""
    told = api.results(
        "report",
        [
            item(id=person["id"], event="test_transfer_arrived", evidence="trial-1"),
            item(id=person["id"], event="payment_arrived", evidence="payroll-7"),
        ],
    )
    assert [outcome(one) for one in told] == [("succ", None)] * 2
    officer = desk("spar_officer")
    open_mapping(officer, person)
    expect(officer.field("verification_level")).to_contain_text("payment")
    officer.page.get_by_role("tab", name="Checks of the address").click()
    expect(officer.page.get_by_text("payroll-7")).to_be_visible()
    officer.picture("protection-checks")
