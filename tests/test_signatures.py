"""Who comes in with a signature, with an outside issuer's token, and with what of it.

Keys and profiles are set by the administrator, as in the forms; messages are signed
here with the libraries that public clients sign with.
"""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet, RSAKey

from clients.api import Api
from clients.published import environment_of, run_client
from clients.receiver import Receiver
from clients.refusals import assert_refused, unchanged
from clients.running import wait_until
from clients.words import item, link_item, message, new_account, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")

INVALID = (HTTPStatus.UNAUTHORIZED, "err.signature.invalid")
ISSUER = "https://id.example.org/realms/social"


def pem(key) -> str:
    """Private key as its owner keeps it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(key) -> str:
    """What its owner gives away."""
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def write(operation: str, items: list, **header) -> bytes:
    """A message of now, as bytes."""
    now = datetime.now(UTC).isoformat()
    sent = message(operation, items, **{"message_ts": now, **header})
    return json.dumps(sent).encode()


def detach(raw: bytes, key, algorithm: str = "RS256", **headers) -> str:
    """A detached JWS as G2P Bridge 1.1 makes it: over compact JSON."""
    whole = jwt.encode(json.loads(raw), pem(key), algorithm, headers=headers)
    head, _payload, signature = whole.split(".")
    return f"{head}..{signature}"


@dataclass
class Signer:
    """A partner that signs and has no token.

    :param record: database id
    """

    api: Api
    record: int
    name: str
    key: object

    def send(self, operation: str, raw: bytes, path="mapper/sync", **headers):
        """Send a body with these headers and no token."""
        return self.api.post(operation, raw, path=path, token="", headers=headers)


@pytest.fixture(scope="module")
def rsa_key():
    return generate_private_key(65537, 2048)


@pytest.fixture
def add_key(admin) -> Callable:
    """Paste a public key at a partner, as in the window Add Keys."""

    def add(record: int, pasted: str, **values) -> None:
        window = admin.call(
            "g2p.spar.partner.key.add",
            "create",
            [{"sender_id": record, "pasted": pasted, **values}],
        )
        admin.call("g2p.spar.partner.key.add", "action_add", window)

    return add


@pytest.fixture
def signer(new_partner, admin, add_key, rsa_key) -> Signer:
    """A partner for whom a signature is enough."""
    record, api = new_partner(signature_alone=True)
    add_key(record, public_pem(rsa_key))
    [found] = admin.call("g2p.spar.sender", "read", [record], ["mnemonic"])
    return Signer(api, record, found["mnemonic"], rsa_key)


# === SIGNATURES === #


def test_a_signature_is_enough(signer):
    person, account = new_person(), new_account()
    raw = write("link", [link_item(person, account)], sender_id=signer.name)

    answer = signer.send("link", raw, Signature=detach(raw, signer.key))

    assert answer.status_code == HTTPStatus.OK, answer.text
    assert outcome(answer.json()["message"]["link_response"][0])[0] == "succ"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-6] + "AAAAAA",
        lambda text: text.split(".")[0] + "..",
        lambda text: text.rpartition(".")[0],
        lambda text: "x",
    ],
)
def test_a_spoiled_signature_changes_nothing(spar, signer, spoil):
    raw = write("link", [link_item(new_person(), new_account())], sender_id=signer.name)
    with unchanged(spar):
        answer = signer.send("link", raw, Signature=spoil(detach(raw, signer.key)))
    assert_refused(answer, *INVALID)


def test_one_byte_of_the_body(spar, signer):
    raw = write("link", [link_item(new_person(), new_account())], sender_id=signer.name)
    signature = detach(raw, signer.key)
    with unchanged(spar):
        answer = signer.send(
            "link", raw.replace(b"nationalId", b"nationalIe", 1), Signature=signature
        )
    assert_refused(answer, *INVALID)


def test_a_key_that_is_called_back_at_once(spar, signer, admin):
    raw = write("resolve", [item(id=new_person())], sender_id=signer.name)
    signature = detach(raw, signer.key)
    assert signer.send("resolve", raw, Signature=signature).ok
    keys = admin.call(
        "g2p.spar.partner.key", "search", [["sender_id", "=", signer.record]]
    )

    admin.call("g2p.spar.partner.key", "unlink", keys)

    for _worker in range(8):
        assert_refused(signer.send("resolve", raw, Signature=signature), *INVALID)


def test_the_signature_of_the_specification(signer, add_key):
    key = Ed25519PrivateKey.generate()
    add_key(signer.record, public_pem(key))
    sent = json.loads(write("resolve", [item(id=new_person())]))
    signed = {"header": sent["header"], "message": sent["message"]}
    text = json.dumps(signed, separators=(",", ":"), ensure_ascii=False).encode()
    digest = base64.b64encode(hashlib.blake2b(text).digest()).decode()
    created, expires = int(time.time()), int(time.time()) + 60
    string = f"(created): {created}\n(expires): {expires}\ndigest: BLAKE-512={digest}"
    signature = base64.b64encode(key.sign(string.encode())).decode()
    sent["signature"] = (
        f'Signature: namespace="g2p", kidId="{signer.name}|key-1|ed25519", '
        f'algorithm="ed25519", created="{created}", expires="{expires}", '
        f'headers="(created) (expires) digest", signature="{signature}"'
    )

    assert signer.send("resolve", json.dumps(sent).encode()).ok

    sent["header"]["total_count"] = 0
    assert_refused(signer.send("resolve", json.dumps(sent).encode()), *INVALID)


def test_required_beside_a_token(spar, new_partner, admin, add_key, rsa_key):
    record, api = new_partner(signature_policy="required")
    add_key(record, public_pem(rsa_key))
    raw = write("resolve", [item(id=new_person())])

    missing = api.post("resolve", raw)
    wrong = api.post("resolve", raw + b" \n", headers={"Signature": "a..b"})
    right = api.post("resolve", raw, headers={"Signature": detach(raw, rsa_key)})

    assert_refused(missing, HTTPStatus.UNAUTHORIZED, "err.signature.missing")
    assert_refused(wrong, *INVALID)
    assert right.ok


def test_a_private_key_is_refused(signer, add_key, admin):
    before = admin.call("g2p.spar.partner.key.add", "search_count", [])
    with pytest.raises(Exception, match="private key"):
        add_key(signer.record, pem(generate_private_key(65537, 2048)))
    assert admin.call("g2p.spar.partner.key.add", "search_count", []) == before


# === ANSWERS === #


def test_answers_are_signed_with_a_published_key(new_partner):
    _record, api = new_partner(sign_answers="ES256")
    answer = api.post("resolve", write("resolve", [item(id=new_person())]))
    published = requests.get(f"{api.base_url}/spar/v1/oauth2/jwks.json", timeout=30)
    keys = [key for key in published.json()["keys"] if key["use"] == "sig"]

    def verify(body: bytes):
        return jws.deserialize_compact(
            answer.headers["Signature"],
            KeySet.import_key_set({"keys": keys}),
            algorithms=["ES256"],
            payload=body,
        )

    assert verify(answer.content).headers()["alg"] == "ES256"
    with pytest.raises(BadSignatureError):
        verify(answer.content + b" ")


# === PUBLISHED PROGRAMS === #


def test_programs_that_sign(spar, new_partner, add_key, rsa_key):
    """The connector 1.1 links, G2P Bridge 1.1 asks; both as they are published."""
    name = f"bb-{new_person()[6:18]}"
    record, api = new_partner(
        mnemonic=name,
        signature_alone=True,
        bare_token=True,
        token_issuer="urn:self-service",
        token_audience="spar",
        legacy_codes=True,
    )
    add_key(record, public_pem(rsa_key))
    python = environment_of(spar.settings.cache, "signing_client")
    person, account = new_person(), new_account()

    steps = run_client(
        python,
        "signing_client.py",
        f"{api.base_url}/spar/v1/sync",
        stdin={
            "id": person,
            "fa": account,
            "private_key": pem(rsa_key),
            "sender_id": name,
            "issuer": "urn:self-service",
            "audience": "spar",
        },
    )

    assert steps["link"]["status"] == "succ", steps["link"]
    [found] = steps["resolve"]["message"]["resolve_response"]
    assert (found["id"], found["fa"]) == (person, account)


# === OUTSIDE ISSUERS === #


@pytest.fixture
def issuer(admin, rsa_key):
    """An identity server that publishes its keys; its record."""
    with Receiver() as server:
        jwk = RSAKey.import_key(public_pem(rsa_key)).as_dict(kid="1", use="sig")
        server.publish("/jwks.json", {"keys": [jwk]})
        admin.allow_loopback(server.port)
        [record] = admin.call(
            "g2p.spar.issuer",
            "create",
            [
                {
                    "name": "Test issuer",
                    "issuer": ISSUER,
                    "audience": "spar",
                    "client_claim": "azp",
                    "scope_map": "payments = mapper.resolve",
                    "jwks_url": f"{server.url}/jwks.json",
                }
            ],
        )
        yield server, record
        admin.call("g2p.spar.sender", "write", _of(admin, record), {"issuer_id": False})
        admin.call("g2p.spar.issuer", "unlink", [record])


def _of(admin, issuer_record: int) -> list[int]:
    return admin.call("g2p.spar.sender", "search", [["issuer_id", "=", issuer_record]])


def test_token_of_an_issuer(new_partner, issuer, rsa_key):
    """Its keys were never fetched: the first token has them fetched."""
    _server, record = issuer
    _partner, api = new_partner(issuer_id=record, issuer_client="pbms")
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": "spar",
        "azp": "pbms",
        "iat": now,
        "exp": now + 120,
        "scope": "openid payments",
    }

    def token(key=rsa_key, **values):
        return jwt.encode({**claims, **values}, pem(key), "RS256", headers={"kid": "1"})

    raw = write("resolve", [item(id=new_person())])
    right = token()
    wait_until(lambda: api.post("resolve", raw, token=right).ok, "the keys")
    for wrong in (
        token(aud="other"),
        token(exp=now - 120),
        token(azp="other"),
        token(generate_private_key(65537, 2048)),
    ):
        refused = api.post("resolve", raw, token=wrong)
        assert_refused(refused, HTTPStatus.UNAUTHORIZED, "err.request.unauthorized")
    link = write("link", [link_item(new_person(), new_account())])
    refused = api.post("link", link, token=right)
    assert_refused(refused, HTTPStatus.FORBIDDEN, "err.request.forbidden")
