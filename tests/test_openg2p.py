"""OpenG2P 2.x is spoken at the same addresses, and addresses take agreed forms.

What is answered is read by what others have published: the models of the 2.x envelope,
and the code with which G2P Bridge 1.1 takes an address apart.
"""

import uuid

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings

from clients.published import environment_of, library_of, run_client
from clients.words import OPERATIONS, item, new_number, new_person, now

pytestmark = pytest.mark.usefixtures("quiet_log")

IBAN = "GB33BUKB20201555555555"
BRIDGE_FORM, IBAN_FORM = 1012, 1011
EXAMPLES = 40


def fa(number: str | None = None, **parts) -> dict:
    """A bank account as an object of named parts."""
    return {
        "strategy_id": 1,
        "fa_type": "BANK",
        "bank_name": "Bank 1",
        "bank_code": "dfsp1",
        "branch_name": "Indigo",
        "branch_code": "indigo",
        "account_number": number or new_number(),
        **parts,
    }


def envelope(operation: str, items: list, **header) -> dict:
    """A message as G2P Bridge 2.x and the beneficiary portal write it."""
    return {
        "request_header": {
            "sender_app_mnemonic": "g2p_bridge",
            "sender_app_url": "",
            "request_id": f"req_{uuid.uuid4()}",
            "request_timestamp": now(),
            **header,
        },
        "request_body": {
            "pagination_request": {"current_page": 1, "page_size": 10},
            "request_payload": {
                "transaction_id": f"txn_{uuid.uuid4()}",
                f"{operation}_request": items,
            },
        },
    }


def results(api, operation: str, items: list, path: str = "mapper/sync") -> list:
    """Send items and return what became of each."""
    answer = api.post(operation, envelope(operation, items), path=path)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["response_header"]["response_status"] == "SUCCESS", body
    return body["response_body"]["response_payload"][f"{operation}_response"]


@pytest.fixture
def linked(api) -> tuple[str, str]:
    """A person and the number of the account linked to it."""
    person, number = new_person(), new_number()
    [result] = results(api, "link", [item(id=person, fa=fa(number))])
    assert result["status"] == "succ", result
    return person, number


@pytest.fixture
def form(admin):
    """Factory: database id of a strategy by its number."""

    def find(number: int) -> int:
        [record] = admin.call("g2p.spar.strategy", "search", [["number", "=", number]])
        return record

    return find


@pytest.fixture
def told(new_partner, form):
    """Factory: what a partner that gets addresses in a form is told of a person.

    :return: function of a person and numbers of forms -> (result, raw answer)
    """

    def ask(person: str, *numbers: int, **values) -> tuple[dict, str]:
        chosen = [(6, 0, [form(number) for number in numbers])]
        usual = {"output_form": "chosen", "output_strategy_ids": chosen}
        _record, payer = new_partner(**(usual | values))
        answer = payer.one("resolve", id=person, scope="details")
        [other] = results(payer, "resolve", [item(id=person, scope="details")])
        return answer, str(answer) + str(other)

    return ask


@pytest.mark.parametrize("path", ["mapper/sync", "sync", "mapper", "async"])
def test_bridge_is_answered_at_once_everywhere(api, linked, path):
    """It posts to the addresses of messages that are worked off later, and waits."""
    person, number = linked
    [found] = results(
        api, "resolve", [item(id=person, fa="", scope="details", locale="en")], path
    )
    assert (found["id"], found["status"]) == (person, "succ")
    assert found["status_reason_code"] == "succ.id.active"
    wanted = ("account_number", "bank_code", "branch_code", "fa_type")
    read = [found["fa"][name] for name in wanted]
    assert read == [number, "dfsp1", "indigo", "BANK_ACCOUNT"]
    assert found["account_provider_info"]["name"] == "Bank 1"


def test_journey(api, linked):
    person, _number = linked
    ask, new = [item(id=person, scope="details")], new_number()
    [updated] = results(api, "update", [item(id=person, fa=fa(new))])
    [changed] = results(api, "resolve", ask)
    [unlinked] = results(api, "unlink", [item(id=person, fa="")])
    [gone] = results(api, "resolve", ask)
    assert (updated["status"], changed["fa"]["account_number"]) == ("succ", new)
    assert (unlinked["status"], gone["fa"]) == ("succ", None)
    assert gone["status_reason_code"] == "succ.id.not_found"


def test_portal_reads_a_wallet_by_its_names_and_bridge_by_its_own(api):
    person = new_person()
    wallet = {
        "strategy_id": 3,
        "fa_type": "EMAIL_WALLET",
        "wallet_provider_name": "PayPal Wallet",
        "wallet_provider_code": "PAYPAL",
        "email_address": f"bbx{uuid.uuid4().hex}@example.org",
    }
    [done] = results(api, "link", [item(id=person, fa=wallet)])
    [found] = results(api, "resolve", [item(id=person, scope="details")])
    assert done["status"] == "succ", done
    told = found["fa"]
    assert told["email_address"] == wallet["email_address"]
    assert told["wallet_provider_code"] == told["email_wallet_provider"] == "PAYPAL"
    assert told["fa_type"] == "EMAIL_WALLET"


def test_the_published_models_read_the_answers(spar, api, linked):
    """Granted, refused item by item, refused as a whole, refused as a request."""
    person, _number = linked
    ask = item(id=person, scope="details")
    asked = [
        ("resolve", envelope("resolve", [ask]), "SUCCESS", None),
        ("link", envelope("link", [item(id=person, fa=fa())]), "SUCCESS", None),
        ("resolve", envelope("resolve", []), "ERROR", "rjct.action.not_supported"),
        (
            "resolve",
            envelope("resolve", [ask], request_timestamp="2999-01-01T00:00:00"),
            "ERROR",
            "rjct.request.validation",
        ),
        ("unlink", envelope("link", [ask]), "ERROR", "rjct.request.validation"),
    ]
    pairs = [(sent, api.post(name, sent).json()) for name, sent, _s, _c in asked]
    python = environment_of(spar.settings.cache, "public_client")
    read = run_client(python, "read_envelopes.py", stdin=pairs)
    assert read == [[True, status, code] for _o, _sent, status, code in asked]


def test_bridge_1_1_reads_its_form(spar, told, linked):
    """With its own code; and it could not read the address as it was linked."""
    person, number = linked
    answer, _raw = told(person, BRIDGE_FORM)
    cache = spar.settings.cache
    python = environment_of(cache, "public_client")
    folder = library_of(python, cache, "g2p_bridge_1.1.0")
    as_linked = f"account:{number}@indigo.dfsp1.bank_acc"
    read, unread = run_client(
        python, "read_bridge.py", str(folder), stdin=[answer["fa"], as_linked]
    )
    assert read == {
        "account_number": number,
        "branch_code": "indigo",
        "bank_code": "dfsp1",
        "mobile_number": "",
        "email_address": "",
        "fa_type": "BANK_ACCOUNT",
    }
    assert unread == {}


def test_a_bank_gets_the_iban_alone(api, told):
    person = new_person()
    [done] = results(api, "link", [item(id=person, fa=fa(IBAN))])
    assert done["status"] == "succ", done
    answer, _raw = told(person, IBAN_FORM)
    assert (answer["fa"], answer["status"]) == (IBAN, "succ")


def test_what_is_no_iban_is_not_told_to_that_bank(told, linked):
    person, number = linked
    answer, raw = told(person, IBAN_FORM)
    assert (answer["fa"], answer["status_reason_code"]) == (None, "rjct.fa.invalid")
    assert number not in raw


def test_a_programme_gets_the_institution_alone(told, linked):
    person, number = linked
    answer, raw = told(person, output_form="institution")
    assert answer["fa"] is None
    assert answer["account_provider_info"]["code"] == "dfsp1"
    assert answer["status_reason_code"] == "succ.id.active"
    assert number not in raw


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_is_sent_is_answered_as_promised(spar, api, operation):
    """Right and wrong messages of the dialect, made from its published schema."""
    contract = requests.get(f"{spar.base_url}/spar/v1/openapi.json", timeout=30).json()
    title = f"OpenG2P{operation.capitalize()}"
    path = f"/spar/v1/mapper/sync/{operation}"
    body = contract["paths"][path]["post"]["requestBody"]["content"]
    body["application/json"]["schema"] = {
        "$ref": f"#/components/schemas/{title}Request"
    }
    schemas = contract["components"]["schemas"]
    promised = jsonschema_rs.Draft202012Validator(
        {
            "$ref": f"#/components/schemas/{title}Response",
            "components": {"schemas": schemas},
        }
    )
    source = schemathesis.openapi.from_dict(contract)[path]["POST"].as_strategy()

    @settings(
        derandomize=True,
        deadline=None,
        max_examples=EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=source)
    def ask(case):
        answer = api.post(operation, case.body)
        assert answer.status_code == 200, answer.text
        promised.validate(answer.json())

    ask()
