"""What the provider says of the person (OpenID Connect Core, 5.3.2)."""

from collections.abc import Sequence

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from .errors import OidcError
from .settings import ENCRYPTED, PLAIN, SIGNED, Settings
from .signed import UnknownKey, Unsigned, read_object, read_signed

#: A picture may come along.
BODY_LIMIT = 4 * 2**20
_HEADER_LIMIT = 32 * 2**10


def read_userinfo(
    body: bytes,
    content_type: str,
    keys: list[dict],
    own_keys: Sequence[ECKey | RSAKey],
    settings: Settings,
) -> dict:
    """Verify user data and return its claims.

    Signed is what the record demands, whatever the answer says of itself: an
    answer of a weaker form is refused. The identity system behind eSignet signs
    with keys and algorithms of its own, names neither issuer nor audience and no
    time; so whose data it is, is told by ``sub`` alone (:func:`check_subject`).

    :param keys: of the provider
    :param own_keys: that may decrypt it
    :raise UnknownKey: there may be new keys, try again with them
    :raise OidcError: it is not protected as demanded
    """
    text = body.strip()
    try:
        if content_type.split(";")[0].strip().lower() == "application/json":
            return _read_plain(text, settings)
        token = text.decode("ascii")
        if token.count(".") == 4:
            return _read_encrypted(token, keys, own_keys, settings)
        if SIGNED not in settings.userinfo_forms:
            raise Unsigned("signed only")
        return read_signed(token, keys, settings.userinfo_algs)
    except UnknownKey:
        raise
    except ValueError as error:
        reason = str(error) if isinstance(error, Unsigned) else "no text"
        raise OidcError("userinfo_invalid", reason) from error


def _read_plain(body: bytes, settings: Settings) -> dict:
    if PLAIN not in settings.userinfo_forms:
        raise Unsigned("not signed")
    return read_object(body)


def _read_encrypted(token: str, keys, own_keys, settings: Settings) -> dict:
    """Decrypt, then verify what was inside (a nested JWT, RFC 7519, 5.2)."""
    if ENCRYPTED not in settings.userinfo_forms:
        raise Unsigned("encrypted")
    inner = _decrypt(token, own_keys, settings)
    return read_signed(inner.decode("ascii"), keys, settings.userinfo_algs)


def _decrypt(token: str, own_keys, settings: Settings) -> bytes:
    registry = jwe.JWERegistry(
        algorithms=[*settings.jwe_algs, *settings.jwe_encs], strict_check_header=False
    )
    registry.max_protected_header_length = _HEADER_LIMIT
    registry.max_ciphertext_length = BODY_LIMIT
    for key in own_keys:
        try:
            found = jwe.decrypt_compact(token, key, registry=registry)
        except (JoseError, ValueError, TypeError, KeyError):
            # Of several keys, old and new, only one fits.
            continue
        if "zip" not in found.headers():
            return found.plaintext or b""
    raise Unsigned("no key of ours opens it as the record allows")


def check_subject(claims: dict, subject: str) -> None:
    """Refuse data of another person than the one who logged in (5.3.2).

    :param subject: of the ID token
    :raise OidcError: ``subject_mismatch``
    """
    if not isinstance(claims.get("sub"), str) or claims["sub"] != subject:
        raise OidcError("subject_mismatch", "sub of the user data")
