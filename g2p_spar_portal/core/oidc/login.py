"""What is known of a login before, while and after the person is at the provider."""

from collections.abc import Mapping
from typing import NamedTuple

LOGIN, STEP_UP = "login", "step_up"


class Started(NamedTuple):
    """A login that was begun and not sent yet.

    All but ``url`` is secret until the browser comes back, and is stored on the
    server; of ``state`` its digest is enough (``callback.digest_state``).

    :param url: where the browser is to go
    :param state: what the browser brings back
    :param nonce: what the ID token must repeat
    :param code_verifier: what redeems the code (RFC 7636)
    :param extra: further things to be kept as they are, JSON
    """

    url: str
    state: str
    nonce: str
    code_verifier: str
    extra: dict


class Pending(NamedTuple):
    """A login as it was stored, taken out of its table for good.

    :param purpose: ``login`` or ``step_up``
    :param state_digest: see ``callback.digest_state``
    :param nonce: of :class:`Started`
    :param code_verifier: of :class:`Started`
    :param redirect_uri: the very text that was given to ``begin``
    :param started_at: seconds since the epoch
    :param expected_subject: who must log in again; none: anybody may
    :param extra: of :class:`Started`
    """

    purpose: str
    state_digest: str
    nonce: str
    code_verifier: str
    redirect_uri: str
    started_at: float
    expected_subject: str | None = None
    extra: Mapping = {}


class Verified(NamedTuple):
    """Somebody who logged in; all of it was verified.

    :param subject: who it is at the provider, letter by letter
    :param claims: what the provider says of the person, ``claims.Claims`` by name:
        texts without control characters, of bounded length, a birth date as
        ``YYYY-MM-DD``; with ``sub``; no picture, no object
    :param acr: how the identity was proved, each way by its name
    :param auth_time: when, seconds since the epoch; none where the provider does
        not say
    :param issued_at: of the ID token, seconds since the epoch
    """

    subject: str
    claims: dict[str, str]
    acr: tuple[str, ...]
    auth_time: int | None
    issued_at: int
