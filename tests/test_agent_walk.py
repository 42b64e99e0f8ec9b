"""A field agent takes down accounts on a tablet; a person and an officer help him.

Real browser, real login at the provider on the agent's device. Every page of agents is
photographed below the run folder (``blackbox/pictures/agent``).
"""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from clients.desk import NARROW, WIDE, Desk
from clients.esignet import id_of, new_number, subject_of
from clients.looks import Looks
from clients.portal import HOME as OF_PEOPLE
from clients.portal import Visitor
from clients.staff import Refused
from clients.words import new_number as new_account_number

pytestmark = pytest.mark.usefixtures("quiet_log")

AGENT = "/spar/agent"
CAPTURES = "g2p.spar.agent.capture"
DEVICES = "g2p.spar.agent.device"
TABLET = 800


class Agent:
    """The demonstration's agent, at the demonstration's device.

    :param visitor: a window of his own
    """

    def __init__(self, visitor):
        self.window, self.page = visitor, visitor.page

    def arrive(self, code: str) -> None:
        """Log in at Odoo and pair the device."""
        self.window.open(AGENT)
        self.page.wait_for_url("**/web/login*")
        self.page.fill("input#login", "spar_agent")
        self.page.fill("input#password", "spar_agent")
        self.page.press("input#password", "Enter")
        self.window.sees(f"{AGENT}/device")
        self.page.fill("#code", code.lower())
        self.window.submit()
        expect(self.page.locator("#number")).to_be_visible()

    def begin(self, number: str) -> None:
        """Type the ID of a person, as it stands on the card."""
        self.window.open(AGENT)
        self.page.locator("label.choice", has_text="National ID").click()
        self.page.fill("#number", number)
        self.window.submit()
        self.window.sees("/proof")

    def let_log_in(self, number: str) -> None:
        """Hand the device over until the person has logged in."""
        self.page.click("button[name=provider]")
        self.window.pass_provider(number, finger=True)

    def send_photo(self, content: bytes) -> None:
        """Take a photo and send it."""
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
        self.page.set_input_files("#photo", file)
        self.window.submit("main form:has(#photo)")

    def take_down(self, account: str) -> None:
        """Choose a bank and type the number twice."""
        self.window.sees("/kind")
        self.window.choose_bank()
        self.window.type_number(account)
        self.window.sees("/review")

    def hand_in(self) -> str:
        """Read back and hand in. :return: the receipt number"""
        self.page.check("input[name=agreed]")
        self.window.submit()
        self.window.sees("/receipt")
        return self.window.reference()

    def capture_by_photo(self, number: str, account: str) -> str:
        """The whole way up to the officer. :return: the receipt number"""
        self.begin(subject_of(number))
        self.send_photo(photo())
        self.take_down(account)
        return self.hand_in()

    def reads(self, words: str) -> None:
        """Look at the receipt again: it says this now."""
        self.page.reload()
        expect(self.page.locator("main")).to_contain_text(words)


class Officer(Desk):
    """An officer in front of what agents handed in."""

    def open_capture(self, reference: str) -> None:
        """Go through the menu to a capture that waits."""
        self.go("Registry", "Captures of agents")
        self.page.locator("td, article", has_text=reference).first.click()
        self.page.wait_for_selector(".o_form_view")

    def sees(self, number: str, account: str) -> None:
        """The photo was loaded, and stands beside whose it is and the account."""
        self.page.wait_for_function(
            "() => document.querySelector('[name=photo] img')?.naturalWidth > 200"
        )
        for name, text in (("id_value", id_of(number)), ("fa_value", account)):
            expect(self.field(name)).to_contain_text(text)
        assert self.fits()

    def approve(self) -> None:
        """Approve, and say that one means it."""
        self.press("Approve")
        self.page.locator(".modal button.btn-primary").click()
        self._is_over()

    def refuse(self, reason: str) -> None:
        """Refuse, and say why."""
        if self.narrow:
            self.page.locator(".o_statusbar_buttons .dropdown-toggle").click()
        self.press("Refuse…")
        self.type("reason", reason)
        self.page.locator(".modal-footer button[name=action_refuse]").click()
        self._is_over()

    def _is_over(self) -> None:
        """There is nothing left to decide, and nothing whole left to see."""
        expect(self.page.locator("button[name=action_approve]")).to_have_count(0)
        expect(self.page.locator("[name=fa_value]")).to_have_count(0)


@pytest.fixture(scope="module")
def tablet(chromium, spar, login) -> dict:
    """What the device keeps once it was paired: the limit of codes is low."""
    with chromium.new_context() as context:
        Agent(Visitor(context.new_page(), spar.base_url)).arrive(new_code(login))
        return context.storage_state()


@pytest.fixture
def agent(visitor, tablet):
    """The agent in front of the paired device."""
    return Agent(visitor("en", TABLET, storage_state=tablet))


@pytest.fixture
def officers_desk(desk):
    """Factory of the officer's windows."""
    return lambda size: desk("spar_officer", size, Officer, "agent")


def new_code(login) -> str:
    """A code to pair the demonstration's device, from a manager."""
    manager = login("spar_manager")
    [device] = manager.call(DEVICES, "search", [["device_id", "=", "AG-DEMO01"]])
    return manager.call(DEVICES, "action_pair", [device])["params"]["title"]


def photo() -> bytes:
    """A picture as a camera makes it."""
    file = io.BytesIO()
    Image.radial_gradient("L").resize((900, 700)).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def is_linked(officer, number: str) -> bool:
    """Whether the registry has an account of a person."""
    whom = [["lookup_id", "=", id_of(number)]]
    return bool(officer.call("g2p.spar.mapping", "search_count", whom))


def test_capture_with_login_of_the_person(agent, spar, axe):
    """From the pairing to the receipt, with eyes on every page."""
    window = agent.window
    looks = Looks(window, spar.settings.run / "pictures" / "agent", True, axe)
    number, account = new_number(), new_account_number()
    window.open(f"{AGENT}/device")
    looks.at("device")
    window.open(AGENT)
    looks.at("home")
    agent.begin(subject_of(number))
    looks.at("proof")

    agent.let_log_in(number)

    window.sees("/kind")
    looks.at("kind")
    window.choose_bank()
    looks.at("number")
    window.type_number(account)
    window.sees("/review")
    looks.at("review")
    agent.page.set_viewport_size({"width": TABLET, "height": 1100})
    window.picture(looks.folder, "review")
    reference = agent.hand_in()
    looks.at("receipt")
    mapping = spar.mapping(id_of(number))
    assert account in mapping["fa_value"]
    assert mapping["channel"] == "agent"
    assert "AG-DEMO01" in mapping["sender"]
    assert account not in agent.page.content()
    window.open(AGENT)
    expect(agent.page.locator("main")).to_contain_text(reference)


def test_person_leaves_no_session_on_the_device(agent, spar):
    """Whoever logged in before the agent is not logged in afterwards."""
    number = new_number()
    agent.begin(subject_of(number))
    agent.let_log_in(number)
    agent.window.sees("/kind")

    agent.window.open(OF_PEOPLE)

    agent.window.sees("/spar/login")
    agent.window.open(AGENT)
    expect(agent.page.locator("#number")).to_be_visible()
    agent.begin(subject_of(number))
    agent.page.click("button[name=provider]")
    # The provider asks anew: nobody is still logged in there.
    expect(agent.page.locator("#number")).to_be_visible()


def test_login_of_somebody_else_proves_nothing(agent, officer):
    number = new_number()
    agent.begin(subject_of(number))

    agent.let_log_in(new_number())

    agent.window.sees("/proof")
    expect(agent.page.locator("[role=alert]")).to_contain_text("Somebody else")
    agent.page.goto(agent.page.url.replace("/proof", "/kind").split("?")[0])
    agent.window.sees("/proof")
    assert not is_linked(officer, number)


def test_photo_that_cannot_be_read_is_refused_at_once(agent):
    """Neither what is no picture nor one of which the end was lost is taken."""
    agent.begin(subject_of(new_number()))
    whole = photo()
    for content in (b"<svg onload='alert(1)'/>", whole[: len(whole) // 2]):
        agent.send_photo(content)
        expect(agent.page.locator("#photo-problem")).to_contain_text("not a photo")
    agent.send_photo(whole)
    agent.window.sees("/kind")


def test_officer_approves_what_the_photo_shows(agent, officer, officers_desk, spar):
    """Nothing is written before; then the agent's receipt says that it was."""
    number, account = new_number(), new_account_number()
    reference = agent.capture_by_photo(number, account)
    agent.reads("An officer looks at it first")
    assert not is_linked(officer, number)
    desk = officers_desk(WIDE)
    desk.open_capture(reference)
    desk.sees(number, account)
    desk.picture("officer")

    desk.approve()

    desk.picture("officer-approved")
    mapping = spar.mapping(id_of(number))
    assert account in mapping["fa_value"]
    assert mapping["channel"] == "agent"
    assert "AG-DEMO01" in mapping["sender"]
    agent.reads("is paid to this account from now on")
    assert account not in agent.page.content()


def test_officer_refuses_and_says_why(agent, officer, officers_desk):
    """On a telephone. The agent reads the reason, and the registry heard nothing."""
    number, account = new_number(), new_account_number()
    reference = agent.capture_by_photo(number, account)
    desk = officers_desk(NARROW)
    desk.open_capture(reference)
    desk.sees(number, account)
    desk.picture("officer")

    desk.refuse("The face cannot be told")

    desk.picture("officer-refused")
    agent.reads("Your account was not changed")
    agent.reads("The face cannot be told")
    assert not is_linked(officer, number)


def test_agent_cannot_decide(agent, login, officer):
    """Not by the back office, which there is none of, and not by calls."""
    number = new_number()
    reference = agent.capture_by_photo(number, new_account_number())
    staff = login("spar_agent")
    [capture] = staff.call(CAPTURES, "search", [["reference", "=", reference]])
    for action in ("action_approve", "action_open_refusal"):
        with pytest.raises(Refused):
            staff.call(CAPTURES, action, [capture])
    refusal = {"capture_id": capture, "reason": "x"}
    with pytest.raises(Refused):
        staff.call("g2p.spar.agent.refusal", "create", [refusal])
    agent.page.goto(f"{agent.window.base_url}/odoo")
    expect(agent.page.locator(".o_main_navbar")).to_have_count(0)
    [shown] = officer.call(CAPTURES, "read", [capture], ["state", "decided_by_id"])
    assert (shown["state"], shown["decided_by_id"]) == ("approval", False)
    assert not is_linked(officer, number)


def test_agent_sees_no_register_over_rpc(login):
    """What the pages do not show cannot be had by calls either."""
    staff = login("spar_agent")
    for model in ("g2p.spar.mapping", "g2p.spar.mapping.version", DEVICES):
        with pytest.raises(Refused):
            staff.call(model, "search_read", [["id", ">", 0]], ["create_uid"])
    for name in ("id_value", "fa_value", "photo", "token", "sealed", "photo_sealed"):
        with pytest.raises(Refused):
            staff.call(CAPTURES, "search_read", [], [name])
    with pytest.raises(Refused):
        staff.call(CAPTURES, "create", [{"reference": "x"}])
    with pytest.raises(Refused):
        staff.call("g2p.spar.mapper", "resolve", [])
