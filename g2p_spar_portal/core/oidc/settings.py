"""The settings of a provider: what there is, and which values make sense."""

import json
import re
from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.outgoing.place import PlaceError, read_place

from ..said import Said, _lt

#: Algorithms of signatures that can be chosen; none with a shared secret, and
#: none without a key.
SIGNATURE_ALGS = ("RS256", "PS256", "ES256")
KEY_ENCRYPTION_ALGS = ("RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A256KW")
CONTENT_ENCRYPTIONS = (
    "A128GCM",
    "A192GCM",
    "A256GCM",
    "A128CBC-HS256",
    "A256CBC-HS512",
)
#: Forms of user data: signed; encrypted, then signed; neither.
SIGNED, ENCRYPTED, PLAIN = "signed", "encrypted", "plain"
MOST_LEEWAY = 120

_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
_ACR = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}")
_CLAIM = re.compile(r"[A-Za-z0-9_.:/#-]{1,100}")
_CLAIMS_LIMIT = 8_000


class SettingError(Said):
    """A value makes no sense; the text says what to write instead."""


class Settings(NamedTuple):
    """All that the record of a provider says; a text that is not set is empty.

    :param claims: the claims parameter; empty: none is sent
    :param acr_values: one of them is demanded at a login; empty: any
    :param step_up_acr_values: the same before a change
    :param step_up_seconds: age of a proof before a change, at most
    :param ui_locales: languages that may be asked for
    :param assertion_audience: ``issuer`` or ``token_endpoint``
    :param userinfo_forms: of :data:`SIGNED`, :data:`ENCRYPTED`, :data:`PLAIN`
    :param may_lack_iss: whether a callback may come without ``iss``
    :param is_fresh: whether the provider asks for a proof at each login
    :param leeway: seconds that two clocks may differ
    :param id_claims: names of the claims of which an ID of the registry is made
    """

    client_id: str
    issuer: str
    discovery_url: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_url: str
    par_endpoint: str
    scope: str
    claims: dict
    acr_values: tuple[str, ...]
    step_up_acr_values: tuple[str, ...]
    step_up_seconds: int
    ui_locales: tuple[str, ...]
    claims_locales: str
    prompt: str
    step_up_prompt: str
    display: str
    use_par: bool
    client_alg: str
    assertion_audience: str
    use_kid: bool
    use_dpop: bool
    id_token_algs: tuple[str, ...]
    userinfo_forms: frozenset[str]
    userinfo_algs: tuple[str, ...]
    jwe_algs: tuple[str, ...]
    jwe_encs: tuple[str, ...]
    may_lack_iss: bool
    is_fresh: bool
    leeway: int
    connect_seconds: int
    total_seconds: int
    id_claims: tuple[str, ...] = ()

    @property
    def is_encrypted_demanded(self) -> bool:
        """Whether user data may come encrypted, and a key for that is needed."""
        return ENCRYPTED in self.userinfo_forms

    def demanded_acr(self, is_step_up: bool) -> tuple[str, ...]:
        """Return the proofs one of which must have been used; empty: any.

        A change never needs less than a login.
        """
        return (self.step_up_acr_values if is_step_up else ()) or self.acr_values

    def prompt_for(self, is_step_up: bool) -> str:
        """Return what the provider is told to ask anew; empty: it decides."""
        return (self.step_up_prompt if is_step_up else "") or self.prompt

    @property
    def essential_claims(self) -> tuple[str, ...]:
        """Names of the claims without which nobody logs in."""
        asked = self.claims.get("userinfo", {})
        return tuple(
            name for name, how in asked.items() if how and how.get("essential")
        )


def read_claims(text: str) -> dict:
    """Read a claims parameter (OpenID Connect Core, 5.5).

    >>> read_claims('{"userinfo": {"name": {"essential": true}}}')
    {'userinfo': {'name': {'essential': True}}}

    :return: empty for an empty text
    :raise SettingError: it is none
    """
    if not text.strip():
        return {}
    try:
        claims = json.loads(text)
    except (ValueError, RecursionError):
        claims = None
    if len(text) > _CLAIMS_LIMIT or not _is_claims(claims):
        raise SettingError(
            _lt("Write the claims as JSON, for example %(example)s."),
            example='{"userinfo": {"name": {"essential": true}, "birthdate": null}}',
        )
    if "%" in text:
        raise SettingError(
            _lt("Leave out the percent sign: eSignet's pages misread it.")
        )
    return claims


def _is_claims(claims: object) -> bool:
    if not isinstance(claims, dict) or not claims.keys() <= {"userinfo", "id_token"}:
        return False
    return all(
        isinstance(asked, dict)
        and all(_CLAIM.fullmatch(name) for name in asked)
        and all(how is None or isinstance(how, dict) for how in asked.values())
        for asked in claims.values()
    )


def read_words(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Read names separated by spaces, each one of those that are known.

    :raise SettingError: there is another, or none
    """
    words = tuple(dict.fromkeys(text.split()))
    if not words or not set(words) <= set(known):
        raise SettingError(
            _lt("Write one or more of: %(known)s."), known=" ".join(known)
        )
    return words


def read_acr(text: str) -> tuple[str, ...]:
    """Read names of proofs, separated by spaces.

    :raise SettingError: one has a character that none can have
    """
    words = tuple(dict.fromkeys(text.split()))
    if not all(_ACR.fullmatch(word) for word in words):
        raise SettingError(
            _lt(
                "Write the names of proofs as the provider does, separated by spaces,"
                " for example %(example)s."
            ),
            example="mosip:idp:acr:generated-code mosip:idp:acr:biometrics",
        )
    return words


def read_locales(text: str) -> tuple[str, ...]:
    """Read codes of languages, separated by spaces.

    :raise SettingError: one is none
    """
    words = tuple(dict.fromkeys(text.split()))
    if not all(_LOCALE.fullmatch(word) for word in words):
        raise SettingError(_lt("Write codes of languages, for example: en fr ar."))
    return words


def check_address(text: str) -> None:
    """Refuse what is no address of a server.

    :raise SettingError: says how to write one
    """
    try:
        read_place(text)
    except PlaceError as error:
        raise SettingError(str(error)) from error


def check_numbers(leeway: int, step_up: int, connect: int, total: int, minutes: int):
    """Refuse times that would let nobody in, or anybody.

    :raise SettingError: one is outside its bounds
    """
    for value, least, most, what in (
        (leeway, 0, MOST_LEEWAY, _lt("The difference of clocks")),
        (step_up, 30, 3600, _lt("How long the proof for a change lasts")),
        (connect, 1, 30, _lt("The time to connect")),
        (total, 2, 60, _lt("The time for an answer")),
        (minutes, 2, 60, _lt("The time for a login")),
    ):
        if not least <= value <= most:
            raise SettingError(
                _lt("%(what)s must be from %(least)s to %(most)s."),
                what=what,
                least=least,
                most=most,
            )


def find_gap(settings: Settings) -> str:
    """Say what is missing before anybody can log in; empty: nothing."""
    wanted = [
        (settings.client_id, _lt("the client ID that the provider gave")),
        (settings.issuer, _lt("the issuer")),
        (settings.authorization_endpoint, _lt("the authorization URL")),
        (settings.userinfo_endpoint, _lt("the UserInfo URL")),
        (settings.token_endpoint or settings.discovery_url, _lt("the token address")),
        (settings.jwks_url or settings.discovery_url, _lt("the address of the keys")),
        ("openid" in settings.scope.split(), _lt("openid in the scope")),
        (settings.userinfo_forms, _lt("a form of user data")),
    ]
    if settings.use_par:
        place = settings.par_endpoint or settings.discovery_url
        wanted.append((place, _lt("the address for pushed requests")))
    return next((name for value, name in wanted if not value), "")
