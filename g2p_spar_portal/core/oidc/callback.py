"""What the browser brings back from the provider (OpenID Connect Core, 3.1.2.5)."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .errors import OidcError

_NAMES = ("state", "code", "iss", "error")
_LONGEST = 2048
_STATE = re.compile(r"[A-Za-z0-9_-]{16,128}")
#: Error of a provider -> ours. The first ones are of OAuth (RFC 6749, 4.1.2.1) and
#: OpenID Connect, the others are words of eSignet's pages.
_ERRORS = {
    "access_denied": "access_denied",
    "login_required": "access_denied",
    "interaction_required": "access_denied",
    "account_selection_required": "access_denied",
    "consent_required": "consent_rejected",
    "consent_rejected": "consent_rejected",
    "consent_details_rejected": "consent_rejected",
    "invalid_transaction": "expired",
    "transaction_timeout": "expired",
}


class Callback(NamedTuple):
    """The parameters of a callback; a text that is missing is empty.

    :param error: code of :data:`errors.CODES` where the provider reports a failure
    """

    state: str
    code: str
    issuer: str
    error: str


def digest_state(state: str) -> str:
    """Return the digest under which a state is stored: 64 hexadecimal digits."""
    return hashlib.sha256(state.encode()).hexdigest()


def read_callback(params: Mapping[str, Sequence[str]]) -> Callback:
    """Read the parameters of a callback; nothing of them is true yet.

    Parameters nobody knows are ignored (RFC 6749, 4.1.2). eSignet reports an error
    after a pushed request with the literal state ``null``: such a callback belongs
    to no login, and none may be ended by it.

    >>> read_callback({"state": ["s" * 16], "code": ["c"]}).code
    'c'

    :param params: each with all its values
    :raise OidcError: ``callback_invalid``: a parameter comes twice, is missing or
        too long; the error's own code where there is an error without a state
    """
    found = {name: _single(params, name) for name in _NAMES}
    state, error = found["state"], _translate(found["error"])
    if error and state in ("", "null"):
        raise OidcError(error, "error without a state")
    if not _STATE.fullmatch(state):
        raise OidcError("callback_invalid", "state")
    if bool(found["code"]) == bool(error):
        raise OidcError("callback_invalid", "code and error")
    return Callback(state, found["code"], found["iss"], error)


def check_callback(
    callback: Callback, state_digest: str, issuer: str, may_lack_issuer: bool
) -> str:
    """Return the code of a callback that belongs to a login.

    :param state_digest: of the login that was taken for it
    :param issuer: of the record
    :param may_lack_issuer: whether a success may come without ``iss`` (RFC 9207)
    :raise OidcError: it does not belong to the login, or reports a failure
    """
    if not hmac.compare_digest(digest_state(callback.state), state_digest):
        raise OidcError("state_mismatch")
    if callback.issuer and callback.issuer != issuer:
        raise OidcError("issuer_mismatch", "iss of the callback")
    if callback.error:
        raise OidcError(callback.error, "reported by the provider")
    if not callback.issuer and not may_lack_issuer:
        raise OidcError("issuer_mismatch", "callback without iss")
    return callback.code


def _single(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = params.get(name) or [""]
    if len(values) > 1 or len(values[0]) > _LONGEST:
        raise OidcError("callback_invalid", name)
    return values[0]


def _translate(error: str) -> str:
    return _ERRORS.get(error, "provider_error") if error else ""
