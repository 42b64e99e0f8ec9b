"""Scopes of access tokens (RFC 6749, section 3.3; G2P Connect authorization API).

A sender holds scopes; a token carries some or all of them; a path needs one.
Some texts of G2P Connect write ``mapper/link`` for ``mapper.link``: both are
understood, the second form is what tokens carry.
"""

from http import HTTPStatus

from odoo.addons.g2p_spar_mapper.core.reason import Notice, Operation

from .errors import OAuth2Error

#: Scope that a path of each operation needs.
SCOPE_OF = {one: f"mapper.{one.value}" for one in (*Operation, *Notice)}
#: Scope of questions about earlier messages.
STATUS_SCOPE = "mapper.status"
SCOPES = (*SCOPE_OF.values(), STATUS_SCOPE)


def read_scopes(text: str) -> frozenset[str]:
    """Return the scopes of a space-separated list, in the form tokens carry."""
    return frozenset(text.replace("/", ".").split())


def write_scopes(scopes: frozenset[str]) -> str:
    """Return a space-separated list, always in the same order."""
    return " ".join(sorted(scopes))


def grant(requested: str | None, held: frozenset[str]) -> frozenset[str]:
    """Return the scopes of a new token.

    :param requested: as the client wrote them; empty: all it holds
    :param held: scopes of the sender
    :raise OAuth2Error: it asks for an unknown scope or for one it does not hold,
        or it holds none
    """
    wanted = read_scopes(requested or "") or held
    if not wanted:
        raise OAuth2Error(
            "unauthorized_client",
            "This client holds no scope: ask the registry's administrator.",
            HTTPStatus.FORBIDDEN,
        )
    if not wanted <= held:
        raise OAuth2Error(
            "invalid_scope",
            "A requested scope is unknown or not granted to this client; it holds: "
            f"{write_scopes(held) or 'none'}.",
        )
    return wanted
