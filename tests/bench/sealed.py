"""Cells of messages that are signed or encrypted: what does that cost?

Each message is prepared before the clock starts, as is everything the generator
sends; so the processor time of a record, compared with that of the same resolve
without, is the registry's alone.
"""

import json
import uuid
from collections.abc import Callable, Sequence

import orjson
from messages import Body
from place import MAPPER_PATH, TOKEN_PATH, Place
from wire import Target, Token

from clients import signatures
from clients.staff import Staff

WHATS = ("jws", "jwe")
#: What is agreed with the partner, once its key is registered.
PROFILES = {
    "jws": {"signature_policy": "required", "sign_answers": "ES256"},
    "jwe": {"encryption": "required", "encrypts_answers": True},
}


def make(place: Place, what: str, pool: Sequence[Body]) -> tuple[Target, list[Body]]:
    """A partner that signs or encrypts, and its messages.

    :param what: jws: both sides sign; jwe: both sides encrypt
    :param pool: plain resolves
    """
    staff = Staff(place.spar.url, place.database, "spar_admin", "spar_admin")
    key = signatures.new_key("sig" if what == "jws" else "enc")
    target = _partner(place, staff, what, key.as_dict(private=False))
    if what == "jws":
        return target, [_signed(body, key) for body in pool]
    keys = signatures.published_keys(place.spar.url)
    return target, [_encrypted(body, keys, _opener(key)) for body in pool]


def _partner(place: Place, staff: Staff, what: str, public: dict) -> Target:
    name = f"bench-{what}-{uuid.uuid4().hex[:8]}"
    [sender] = staff.call(
        "g2p.spar.sender",
        "create",
        [
            {
                "name": name,
                "mnemonic": name,
                "all_id_types": True,
                "request_limit": 1_000_000,
            }
        ],
    )
    staff.register_key(sender, public)
    staff.call("g2p.spar.sender", "write", [sender], PROFILES[what])
    shown = staff.call("g2p.spar.sender", "action_new_secret", [sender])["context"]
    token = Token(
        place.spar.url + TOKEN_PATH,
        shown["default_client_id"],
        shown["default_secret"],
    )
    return Target(what, place.spar.url, MAPPER_PATH, token=token.text)


def _signed(body: Body, key) -> Body:
    """A message with its signature in the header field."""
    raw = _named(body)
    return body._replace(
        pieces=(raw,), headers={"Signature": signatures.sign(raw, key)}
    )


def _encrypted(body: Body, keys: dict, opener: Callable[[bytes], bytes]) -> Body:
    """A message whose content only the registry can read."""
    whole = orjson.loads(_named(body))
    whole["header"]["is_msg_encrypted"] = True
    whole["message"] = signatures.encrypt(whole["message"], keys)
    return body._replace(pieces=(orjson.dumps(whole),), opener=opener)


def _opener(key) -> Callable[[bytes], bytes]:
    """Reads encrypted answers; used when the clock has stopped."""

    def open_answer(raw: bytes) -> bytes:
        whole = json.loads(raw)
        return orjson.dumps({"message": signatures.decrypt(whole["message"], key)})

    return open_answer


def _named(body: Body) -> bytes:
    """The bytes of a message under an id of its own."""
    return uuid.uuid4().hex.encode().join(body.pieces)
