"""The published contract is true: what it promises is what the server does."""

import json
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from requests.adapters import HTTPAdapter

from clients.api import PATHS, TOKEN_PATH
from clients.partner import ASYNC_PATHS, STATUS_PATHS
from clients.words import (
    OPERATIONS,
    item,
    link_item,
    message,
    new_account,
    new_name,
    new_person,
)

pytestmark = pytest.mark.usefixtures("quiet_log")

CONTRACT_PATH = "/spar/v1/openapi.json"
EXAMPLES = 20


class FromElsewhere(HTTPAdapter):
    """Calls from another loopback address: what it gets wrong is counted apart."""

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, source_address=("127.0.0.2", 0), **kwargs)


@pytest.fixture(scope="module")
def elsewhere() -> requests.Session:
    """A session of a client with an address of its own."""
    session = requests.Session()
    session.mount("http://", FromElsewhere())
    return session


@pytest.fixture
def document(spar) -> dict:
    """The OpenAPI document as published, without a token."""
    answer = requests.get(spar.base_url + CONTRACT_PATH, timeout=30)
    assert answer.headers["Content-Type"].startswith("application/json")
    return answer.json()


@pytest.fixture
def explore(api, spar, tmp_path):
    """Factory of runs of schemathesis, the same each time, with a token.

    Requests of all kinds are made from a document, right ones and wrong ones, and
    every answer is compared with what the document promises.

    :return: function of a document and options -> exit code, report
    """
    program = Path(sys.executable).with_name("schemathesis")

    def run(document: dict, *options: str) -> tuple[int, str]:
        file = tmp_path / "openapi.json"
        file.write_text(json.dumps(document))
        command = [program, "run", file, "--url", spar.base_url, "--checks", "all"]
        command += ["--header", f"Authorization: Bearer {api.token}"]
        command += ["--generation-deterministic", "--no-color", *options]
        command += ["--suppress-health-check", "all"]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_server_keeps_the_contract(explore, document):
    """Right and wrong requests of every kind get only what the contract promises.

    The short addresses lead to the same operations and are left out to save time.
    """
    code, report = explore(
        without_files(document),
        "--phases=examples,coverage,fuzzing",
        f"--max-examples={EXAMPLES}",
        f"--exclude-path-regex={TOKEN_PATH}|^/spar/v1/(sync|async|registry)/",
    )
    assert code == 0, report[-6000:]
    cases = re.search(r"(\d+) generated, (\d+) passed", report)
    assert cases[1] == cases[2]
    assert int(cases[1]) > 500, report


def without_files(document: dict) -> dict:
    """The document without forms: random bytes are no file in JSON or CSV.

    Files have tests of their own, in :mod:`test_files`.
    """
    copy = deepcopy(document)
    for verbs in copy["paths"].values():
        for verb in verbs.values():
            if "multipart/form-data" in verb.get("requestBody", {}).get("content", {}):
                del verb["requestBody"]["content"]["multipart/form-data"]
    return copy


def test_a_false_promise_would_be_noticed(explore, document):
    """The run above can fail: with another schema of answers, it does."""
    path = "/spar/v1/sync/resolve"
    false = {"type": "object", "required": ["what nobody sends"]}
    answers = document["paths"][path]["post"]["responses"]
    answers["200"]["content"]["application/json"]["schema"] = false
    code, report = explore(
        document, "--phases=fuzzing", "--max-examples=5", f"--include-path={path}"
    )
    assert code == 1
    assert "what nobody sends" in report


def test_token_endpoint_keeps_the_contract(document, api, elsewhere):
    """The same for token requests, whose failures count against their address."""
    schema = schemathesis.openapi.from_dict(document)
    operation = schema[TOKEN_PATH]["POST"]

    @settings(
        derandomize=True,
        deadline=None,
        max_examples=EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case):
        case.call_and_validate(base_url=api.base_url, session=elsewhere)

    ask()


def test_document_is_valid_openapi(document):
    """Against the schema that the OpenAPI Initiative publishes for 3.1."""
    schemathesis.openapi.from_dict(document).validate()
    assert document["openapi"].startswith("3.1")


def test_every_operation_is_in_it_and_asks_for_its_scope(document):
    for operation in OPERATIONS:
        for path in (*PATHS, *ASYNC_PATHS):
            verb = document["paths"][f"/spar/v1/{path}/{operation}"]["post"]
            assert verb["security"] == [{"token": [f"mapper.{operation}"]}]
    report = document["paths"]["/spar/v1/mapper/sync/report"]["post"]
    assert report["security"] == [{"token": ["mapper.report"]}]
    for path in (*ASYNC_PATHS, *STATUS_PATHS):
        verb = document["paths"][f"/spar/v1/{path}/txn/status"]["post"]
        assert verb["security"] == [{"token": ["mapper.status"]}]


# === REAL ANSWERS === #


@pytest.fixture
def validator(document):
    """Factory of validators by the name of a published schema."""

    def make(name: str):
        schema = {"$ref": f"#/components/schemas/{name}", **document}
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    return make


def everyday_messages() -> list[tuple[str, dict]]:
    """Messages of a person's life in the registry, and some that fail."""
    person, account = new_person(), new_account()
    fields = {"name": new_name(), "phone_number": "+639171234567"}
    info = [{"name": "ward", "value": "7"}]
    linking = link_item(person, account, additional_info=info, **fields)
    asking = item(id=person, scope="details")
    return [
        ("link", message("link", [linking, link_item(person), link_item("")])),
        ("resolve", message("resolve", [asking, item(fa=account), item()])),
        ("update", message("update", [link_item(person), link_item()])),
        ("resolve", message("resolve", [asking, item(id=new_person())])),
        ("report", message("report", [*reports(person), item(id=new_person())])),
        ("unlink", message("unlink", [item(id=person), item(id=new_person())])),
        ("resolve", message("resolve", [asking])),
    ]


def reports(person: str) -> list[dict]:
    """How payments to somebody may end."""
    return [
        item(id=person, event="payment_arrived", evidence="payroll-2026-03"),
        item(id=person, event="payment_failed", reason="closed", date="2026-03-01"),
    ]


def test_real_messages_and_answers_follow_the_schemas(api, validator):
    for operation, sent in everyday_messages():
        validator(f"{operation.capitalize()}Request").validate(sent)
        answer = api.post(operation, sent)
        validator(f"{operation.capitalize()}Response").validate(answer.json())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_refused_messages_follow_the_schemas(api, validator, operation):
    answers = validator(f"{operation.capitalize()}Response")
    for header in ({"action": "x"}, {"total_count": 9}, {"version": "9"}):
        sent = message(operation, [item(id=new_person()), "no item"], **header)
        answers.validate(api.post(operation, sent).json())
    answers.validate(api.post(operation, message(operation, [])).json())
    refusals = [
        api.post(operation, b"{"),
        api.post(operation, {}),
        api.post(operation, {}, token=""),
        api.post(operation, {}, headers={"Content-Type": "text/plain"}),
        requests.get(api.url(operation), timeout=30),
    ]
    for refused in refusals:
        assert not refused.ok
        validator("Errors").validate(refused.json())


def test_answers_around_the_mapper_follow_the_schemas(api, validator):
    validator("TokenResponse").validate(api.ask_token().json())
    validator("TokenError").validate(api.ask_token(grant_type="password").json())
    base = f"{api.base_url}/spar/v1"
    keys = requests.get(f"{base}/oauth2/jwks.json", timeout=30)
    validator("KeySet").validate(keys.json())
    health = requests.get(f"{base}/health", timeout=30)
    validator("Health").validate(health.json())
