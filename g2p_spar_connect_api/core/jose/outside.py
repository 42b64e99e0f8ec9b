"""Access tokens of an outside issuer, such as a country's own OpenID provider."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..access_token import Claims
from ..scope import SCOPES
from .bare_token import check_claims, decode_payload, read_issuer
from .errors import SignatureInvalid
from .jws import open_jws, read_parts
from .profile import PartnerKey

TOKEN_LIMIT = 16 * 2**10
#: Scope of theirs that stands for every token.
EVERY = "*"
#: Kinds of JWT (``typ``) that may be an access token (RFC 9068, RFC 7519).
_KINDS = ("", "jwt", "at+jwt")
_LINE = re.compile(r"\s*(\S+)\s*=\s*(.+?)\s*")


class IssuerFacts(NamedTuple):
    """An outside issuer and what its tokens are worth.

    :param record_id: database id
    :param issuer: its name, as in ``iss``
    :param audience: our name with it, which ``aud`` must have
    :param algorithms: of its signatures
    :param keys: that it publishes
    :param client_claim: claim that names the client
    :param scope_claim: claim that lists scopes; a dot leads into an object
    :param scope_map: scope of theirs -> scopes of ours; empty: the same names
    """

    record_id: int
    issuer: str
    audience: str
    algorithms: frozenset[str]
    keys: tuple[PartnerKey, ...]
    client_claim: str
    scope_claim: str
    scope_map: Mapping[str, frozenset[str]]


class VerifiedOutside(NamedTuple):
    """A token that was verified, and by what was known of its issuer then.

    :param expires_at: seconds since the epoch
    """

    claims: Claims
    issuer: IssuerFacts
    expires_at: int


def claimed_issuer(text: str) -> str:
    """Return the issuer a token names; nothing is verified.

    :return: empty where there is none
    """
    try:
        return read_issuer(read_parts(text)) if len(text) <= TOKEN_LIMIT else ""
    except SignatureInvalid:
        return ""


def verify_outside(text: str, issuer: IssuerFacts, now: float) -> Claims:
    """Verify a token of an outside issuer.

    :param now: seconds since the epoch
    :return: ``client_id`` is the client's name with the issuer; its scopes are ours
    :raise SignatureInvalid: it is not valid; ``unknown_key``: its key is not among
        those of the issuer, which may have published new ones
    """
    parts = read_parts(text)
    if parts.algorithm not in issuer.algorithms:
        raise SignatureInvalid("algorithm")
    kind = (parts.kind or "").casefold().removeprefix("application/")
    if kind not in _KINDS:
        raise SignatureInvalid("form")
    key = _find_key(parts, issuer.keys)
    payload = open_jws(parts, key)
    if payload is None:
        raise SignatureInvalid("wrong_key")
    claims = decode_payload(payload)
    check_claims(claims, issuer.issuer, issuer.audience, now)
    return _read_claims(claims, issuer, key.kid)


def _find_key(parts, keys: Iterable[PartnerKey]) -> PartnerKey:
    """Return the one key a token names; without a name there must be one only."""
    fit = [key for key in keys if key.signs_with(parts.algorithm)]
    if parts.kid is not None:
        fit = [key for key in fit if key.kid == parts.kid]
    if len(fit) != 1:
        raise SignatureInvalid("unknown_key")
    return fit[0]


def _read_claims(claims: dict, issuer: IssuerFacts, kid: str) -> Claims:
    client, issued_at = claims.get(issuer.client_claim), claims.get("iat")
    if not isinstance(client, str) or not client or issued_at is None:
        raise SignatureInvalid("malformed")
    theirs = _read_list(_find_claim(claims, issuer.scope_claim))
    return Claims(
        client,
        _map_scopes(theirs, issuer.scope_map),
        int(issued_at),
        int(claims["exp"]),
        kid,
    )


def _find_claim(claims: dict, name: str) -> object:
    """Return a claim; a name with dots may be one claim or lead into objects."""
    if name in claims:
        return claims[name]
    value = claims
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _read_list(value: object) -> set[str]:
    if isinstance(value, str):
        return set(value.split())
    if isinstance(value, list):
        return {element for element in value if isinstance(element, str)}
    return set()


def _map_scopes(
    theirs: set[str], scope_map: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Say what scopes of theirs are worth here."""
    if not scope_map:
        return frozenset(theirs & set(SCOPES))
    granted = [scope_map[name] for name in {*theirs, EVERY} if name in scope_map]
    return frozenset().union(*granted)


def read_scope_map(text: str) -> dict[str, frozenset[str]]:
    """Read how scopes are mapped: a line each, theirs = ours ours.

    :raise ValueError: a line is not written so, or names a scope unknown here

    >>> read_scope_map("pay:read = mapper.resolve mapper.status")["pay:read"] == {
    ...     "mapper.resolve", "mapper.status"}
    True
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        ours = frozenset(match[2].split()) if match else frozenset()
        if not ours or not ours <= set(SCOPES):
            raise ValueError(
                f"Line {number}: write a scope of the issuer, an equals sign and "
                f"scopes of this registry ({', '.join(SCOPES)})."
            )
        found[match[1]] = found.get(match[1], frozenset()) | ours
    return found
