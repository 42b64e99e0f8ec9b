"""Messages that only the registry can read, and answers that only the partner can."""

import json

import pytest

from clients.signatures import decrypt, encrypt, new_key, published_keys, verify
from clients.words import item, link_item, message, new_person

pytestmark = pytest.mark.usefixtures("quiet_log")

KINDS = ("EC", "RSA")


def sealed(operation: str, items: list, keys: dict, kind: str, **header) -> dict:
    """A message whose content only the registry can read."""
    sent = message(operation, items, is_msg_encrypted=True, **header)
    return sent | {"message": encrypt(sent["message"], keys, kind)}


@pytest.fixture(scope="module")
def keys(spar) -> dict:
    """The registry's public keys."""
    return published_keys(spar.base_url)


@pytest.fixture
def register(admin):
    """Factory: a key of a partner, registered as an administrator pastes it."""

    def paste(record: int, kind: str):
        key = new_key("enc", kind)
        vals = {
            "sender_id": record,
            "pasted": json.dumps(key.as_dict(private=False, use="enc")),
        }
        [window] = admin.call("g2p.spar.partner.key.add", "create", [vals])
        admin.call("g2p.spar.partner.key.add", "action_add", [window])
        return key

    return paste


@pytest.mark.parametrize("kind", KINDS)
def test_both_ways(new_partner, register, keys, kind):
    """Asked and answered in secret; the signature is over what is sent."""
    record, payer = new_partner(
        encryption="required", encrypts_answers=True, sign_answers="ES256"
    )
    key = register(record, kind)
    linked = link_item()
    ask = [item(id=linked["id"], scope="details")]

    done = payer.post("link", sealed("link", [linked], keys, kind))
    found = payer.post("resolve", sealed("resolve", ask, keys, kind))

    for answer, operation in ((done, "link"), (found, "resolve")):
        assert answer.status_code == 200, answer.text
        verify(answer.content, answer.headers["Signature"], keys)
        assert answer.json()["header"]["is_msg_encrypted"] is True
        assert linked["id"] not in answer.text
        assert linked["fa"] not in answer.text
        [result] = decrypt(answer.json()["message"], key)[f"{operation}_response"]
        assert (result["id"], result["fa"]) == (linked["id"], linked["fa"])


def test_what_must_be_encrypted_is_not_taken_in_plain(new_partner, spar):
    _record, payer = new_partner(encryption="required")
    before = spar.effects()
    answer = payer.post("link", message("link", [link_item()]))
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["code"] == "err.encryption.invalid"
    assert spar.effects() == before


@pytest.mark.parametrize("kind", KINDS)
def test_callbacks(new_listener, register, keys, kind):
    """Taken in secret, called back in secret, and signed as it was sent."""
    partner = new_listener(encrypts_answers=True)
    key = register(partner.record, kind)
    linked = link_item()

    ack = partner.send_message("link", sealed("link", [linked], keys, kind))
    # Nobody but the partner reads in it which message it is about.
    [told] = partner.receiver.wait(lambda r: r.at("/on-link"), "a callback")

    verify(told.body, told.headers["signature"], keys)
    assert told.message["header"]["is_msg_encrypted"] is True
    assert linked["id"].encode() not in told.body
    message_told = decrypt(told.message["message"], key)
    assert message_told["correlation_id"] == ack["correlation_id"]
    [result] = message_told["link_response"]
    assert (result["id"], result["status"]) == (linked["id"], "succ")


def test_altered_and_stolen_messages_say_nothing_and_do_nothing(api, keys, spar):
    """One byte, another key, another registry: always the same words."""
    good = sealed("link", [link_item()], keys, "EC")
    text = good["message"]["ciphertext"]
    other = {"keys": [{**new_key("enc").as_dict(private=False), "use": "enc"}]}
    wrong = [
        {**good["message"], "ciphertext": ("B" if text[0] == "A" else "A") + text[1:]},
        {**good["message"], "tag": good["message"]["iv"] + "AAAAAA"},
        encrypt({"transaction_id": "t"}, other),
        {**good["message"], "ciphertext": text[:-8]},
    ]
    before, said = spar.effects(), set()
    for changed in wrong:
        answer = api.post("link", good | {"message": changed})
        assert answer.status_code == 400
        said.add(answer.text)
    assert len(said) == 1
    assert "err.encryption.invalid" in said.pop()
    assert spar.effects() == before
    assert api.post("link", good).json()["header"]["status"] == "succ"


def test_thousand_items(api, keys):
    people = [new_person() for _number in range(1000)]
    items = [item(id=person, scope="details") for person in people]
    answer = api.post("resolve", sealed("resolve", items, keys, "RSA")).json()
    found = answer["message"]["resolve_response"]
    assert [one["id"] for one in found] == people
