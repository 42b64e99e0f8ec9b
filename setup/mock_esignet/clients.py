"""Relying parties, with what eSignet's registration keeps about each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from authlib.oauth2.rfc6749 import ClientMixin
from joserfc.jwk import ECKey, RSAKey

from .people import RELYING_PARTY
from .profiles import CLAIMS, PROFILES, SCOPES, Profile

AUTH_METHOD = "private_key_jwt"
ACR = "mosip:idp:acr:"
FACTORS = ("generated-code", "biometrics", "linked-wallet", "static-code")
MAX_REDIRECTS = 5


class BadRegistration(ValueError):
    """A client cannot be registered like this; the text is eSignet's code."""


@dataclass(frozen=True)
class Client(ClientMixin):
    """One registered client; fields are named as eSignet's registration does.

    :param str client_id: its identifier
    :param dict public_key: JWK that its assertions are verified with
    :param tuple redirect_uris: exact addresses, one to five
    :param str relying_party_id: clients of one relying party see equal subjects
    :param str release: a key of ``PROFILES``
    :param tuple user_claims: claims it may ask for
    :param tuple acrs: methods a login may use, ``mosip:idp:acr:…``
    :param str userinfo_response_type: JWS or JWE
    :param dict enc_public_key: JWK that JWE is sealed for
    :param str jwe_alg: how the content key is sealed
    :param str jwe_enc: how the content is sealed
    :param dict names: what people know it as, by language
    """

    client_id: str
    public_key: dict = field(hash=False)
    redirect_uris: tuple[str, ...]
    relying_party_id: str = RELYING_PARTY
    release: str = "1.8"
    user_claims: tuple[str, ...] = tuple(CLAIMS)
    acrs: tuple[str, ...] = tuple(ACR + factor for factor in FACTORS)
    userinfo_response_type: str = "JWS"
    enc_public_key: dict = field(default_factory=dict, hash=False)
    jwe_alg: str = "RSA-OAEP-256"
    jwe_enc: str = "A256GCM"
    require_pushed_authorization_requests: bool = False
    dpop_bound_access_tokens: bool = False
    require_pkce: bool = False
    names: dict = field(default_factory=dict, hash=False)

    @classmethod
    def registered(cls, client_id: str, values: Mapping) -> "Client":
        """A client from a registration.

        :param values: as JSON gives them
        :raise BadRegistration: it is not complete or not possible
        """
        known = set(cls.__dataclass_fields__) - {"client_id"}
        if set(values) - known or not {"public_key", "redirect_uris"} <= set(values):
            raise BadRegistration("invalid_input")
        lists = ("redirect_uris", "user_claims", "acrs")
        values = values | {key: tuple(values[key]) for key in lists if key in values}
        client = cls(client_id, **values)
        client._check()
        return client

    def _check(self) -> None:
        if self.release not in PROFILES:
            raise BadRegistration("invalid_profile")
        if not 0 < len(self.redirect_uris) <= MAX_REDIRECTS:
            raise BadRegistration("invalid_redirect_uri")
        if {"d", "p", "q", "k"} & (set(self.public_key) | set(self.enc_public_key)):
            # A secret that was sent here is a secret no more: say so at once.
            raise BadRegistration("private_key_given")
        try:
            self.key()
        except (ValueError, KeyError) as error:
            raise BadRegistration("invalid_public_key") from error

    def key(self) -> RSAKey | ECKey:
        """The key its assertions are verified with."""
        kind = {"RSA": RSAKey, "EC": ECKey}.get(self.public_key.get("kty"))
        if kind is None:
            raise ValueError("unsupported key")
        return kind.import_key(self.public_key)

    @property
    def profile(self) -> Profile:
        """The release it was promised."""
        return PROFILES[self.release]

    @property
    def client_metadata(self) -> dict:
        """What authlib's endpoints ask a client for."""
        return {"userinfo_signed_response_alg": "RS256"}

    def name(self, language: str) -> str:
        """What people know it as."""
        return self.names.get(language) or self.names.get("en") or self.client_id

    def changed(self, **values) -> "Client":
        """The same with other values."""
        return replace(self, **values)

    # === WHAT AUTHLIB ASKS === #

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: eSignet wants it said each time."""

    def get_allowed_scope(self, scope: str) -> str:
        asked = (scope or "").split()
        return " ".join(one for one in asked if one in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """No: a key is the only way."""
        return False

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == AUTH_METHOD

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"
