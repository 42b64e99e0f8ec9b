"""Whatever stands in a claim or a field is text: nothing runs, the page stays usable.

In a real browser, because only a browser knows what it would have run.
"""

import uuid
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from clients.esignet import id_of, new_number
from clients.portal import HOME
from clients.words import new_number as new_account_number

SCRIPT = "<script>window.ran=1</script>"
IMAGE = "\"'><img src=x onerror=window.ran=1>"
TEMPLATE = "{{7*7}}${7*7}<t t-out='7*7'/>"
#: Each name is every claim at once.
NAMES = {
    "script": f"Ama {SCRIPT}{IMAGE}",
    "template": f"Ama {TEMPLATE}</bdi></title></textarea>",
    "marks": "Ama \u202edlog\u202c \u2066\u200f\u0639\u0628\u062f\u2069 \U0001f33b",
    "hidden": "Ama \x00\x07\u2028\ufeff",
    "long": "Ama" + "x" * 10_000,
    "words": "Ama " * 3_000,
}
#: What a page would hold if a text had become a part of it, and what has run.
FOREIGN = """() => [
    ...[...document.querySelectorAll("script:not([src]), img[src=x], main t")]
        .map(one => one.outerHTML),
    ...("ran" in window ? ["it ran"] : []),
]"""
#: What stands beyond the sides of the window.
BEYOND = (
    "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
)


def looks_right(person) -> None:
    """Nothing ran, nothing is wider than the telephone, and there is a way on."""
    page = person.page
    expect(page.locator("main h1")).to_be_visible()
    assert page.evaluate(FOREIGN) == [], page.url
    assert page.evaluate(BEYOND) <= 0, page.url
    assert page.locator("a:visible, button:visible").count(), page.url


@pytest.fixture
def bank(admin):
    """A bank and a branch whose names, places and codes an attacker chose.

    :return: the name of the bank
    """
    name = f"Bank {SCRIPT}{IMAGE}{uuid.uuid4().hex[:6]}"
    [kind] = admin.call(
        "g2p.spar.provider.kind", "search", [["code", "=", "bank"]], limit=1
    )
    [provider] = admin.call(
        "g2p.spar.provider",
        "create",
        [{"name": name, "code": f"x{uuid.uuid4().hex[:8]}", "kind_id": kind}],
    )
    values = {"provider_id": provider, "name": f"Branch {IMAGE}", "code": "b1"}
    admin.call("g2p.spar.branch", "create", [values])
    yield name
    admin.call("g2p.spar.provider", "write", [provider], {"active": False})


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("kind", NAMES)
def test_every_claim_is_text(visitor, esignet, spar, kind):
    """From the first page to the receipt, and what happened then."""
    text, number, person = NAMES[kind], new_number(), visitor()
    names = ("name", "birthdate", "email", "phone_number", "gender", "given_name")
    esignet.switch(claims=dict.fromkeys(names, text))

    person.log_in(number)
    looks_right(person)
    for path in (f"{HOME}/profile", f"{HOME}/history", f"{HOME}/change"):
        person.open(path)
        looks_right(person)
    assert person.change(new_account_number())
    for path in (HOME, f"{HOME}/profile", f"{HOME}/history", f"{HOME}/remove"):
        person.open(path)
        looks_right(person)
    person.open(f"{HOME}/profile")
    expect(person.page.locator("main")).to_contain_text("Ama")
    assert spar.mapping(id_of(number))["version"] == 1


@pytest.mark.usefixtures("quiet_log")
def test_name_of_a_bank_is_text(visitor, bank):
    """In lists, in what is searched and found, on the review and on the receipt."""
    person, number = visitor(), new_number()
    person.log_in(number)
    person.open(f"{HOME}/change")
    person.page.click("button[name=fa_type][value=BANK_ACCOUNT]")
    person.sees("/provider")
    address = person.page.url
    person.page.goto(f"{address}?q={quote(bank[:40])}")
    looks_right(person)
    # As one types, too.
    person.page.fill("#q", "")
    person.page.locator("#q").press_sequentially(bank[-6:])
    person.page.locator("label.choice", has_text=bank).click()
    looks_right(person)
    person.submit("#choose")
    person.sees("/branch")
    looks_right(person)
    person.page.locator("#choose label.choice").first.click()
    person.submit("#choose")
    person.type_number(new_account_number())
    person.sees("/review")
    looks_right(person)
    expect(person.page.locator("main")).to_contain_text(bank)
    person.agree()
    person.reference()
    looks_right(person)
    for path in (HOME, f"{HOME}/history"):
        person.open(path)
        looks_right(person)


@pytest.mark.usefixtures("quiet_log")
def test_what_is_typed_is_text(visitor):
    """Searches, numbers, telephones, mailboxes, codes and addresses of pages."""
    person = visitor()
    person.log_in(new_number())
    nasty = (f"{SCRIPT}{IMAGE}", "\u202e\u0639\U0001f33b", "x" * 10_000)
    for text in nasty:
        for path in (
            f"{HOME}?name={quote(text[:500])}",
            f"{HOME}/{quote(text[:500], safe='')}",
            f"{HOME}/change/{quote(text[:500], safe='')}/provider",
            f"{HOME}/change/receipt/{quote(text[:500], safe='')}",
            f"/spar/login?return_path={quote(text[:500], safe='')}",
            f"/spar/login/failed/{quote(text[:500], safe='')}",
        ):
            person.open(path)
            looks_right(person)
        for kind in ("phone", "email"):
            person.open(f"{HOME}/profile/{kind}")
            person.page.eval_on_selector(
                "#value", "one => one.removeAttribute('maxlength')"
            )
            person.page.eval_on_selector("#value", "one => one.type = 'text'")
            person.page.fill("#value", text)
            person.submit()
            looks_right(person)
    person.open(f"{HOME}/change")
    person.choose_bank()
    for text in nasty:
        for field in ("part", "again"):
            person.page.eval_on_selector(
                f"input[name={field}_account_number]",
                "one => { one.removeAttribute('maxlength'); one.type = 'text' }",
            )
        person.type_number(text)
        expect(
            person.page.locator("main [role=alert], main .error").first
        ).to_be_visible()
        looks_right(person)
