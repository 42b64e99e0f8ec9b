"""A field agent takes down accounts on a tablet; a person and an officer help him.

Real browser, real login at the provider on the agent's device. Every page of agents is
photographed below the run folder (``blackbox/pictures/agent``).
"""

import pytest
from playwright.sync_api import expect

from clients.esignet import id_of, new_number, subject_of
from clients.looks import Looks
from clients.portal import HOME as OF_PEOPLE
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

    def arrive(self, code: str, looks: Looks | None = None) -> None:
        """Log in at Odoo and pair the device."""
        self.window.open(AGENT)
        self.page.wait_for_url("**/web/login*")
        self.page.fill("input#login", "spar_agent")
        self.page.fill("input#password", "spar_agent")
        self.page.press("input#password", "Enter")
        self.window.sees(f"{AGENT}/device")
        if looks:
            looks.at("device")
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

    def hand_in(self) -> str:
        """Read back and hand in. :return: the receipt number"""
        self.page.check("input[name=agreed]")
        self.window.submit()
        self.window.sees("/receipt")
        return self.window.reference()


@pytest.fixture
def agent(visitor, login):
    """The agent in front of a paired device."""
    one = Agent(visitor("en", TABLET))
    one.arrive(new_code(login))
    return one


def new_code(login) -> str:
    """A code to pair the demonstration's device, from a manager."""
    manager = login("spar_manager")
    [device] = manager.call(DEVICES, "search", [["device_id", "=", "AG-DEMO01"]])
    return manager.call(DEVICES, "action_pair", [device])["params"]["title"]


def is_linked(officer, number: str) -> bool:
    """Whether the registry has an account of a person."""
    whom = [["lookup_id", "=", id_of(number)]]
    return bool(officer.call("g2p.spar.mapping", "search_count", whom))


def test_capture_with_login_of_the_person(visitor, spar, login, axe):
    """From the pairing to the receipt, with eyes on every page."""
    window = visitor("en", TABLET)
    looks = Looks(window, spar.settings.run / "pictures" / "agent", True, axe)
    agent = Agent(window)
    number, account = new_number(), new_account_number()
    agent.arrive(new_code(login), looks)
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
    for width in (TABLET,):
        agent.page.set_viewport_size({"width": width, "height": 1100})
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
