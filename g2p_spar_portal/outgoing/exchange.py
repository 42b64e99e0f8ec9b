"""A login as it is spoken with the provider, without a database."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from joserfc.jwk import ECKey, RSAKey

from odoo.addons.g2p_spar_mapper.outgoing.session import FencedSession

from ..core.oidc import discovery, keys, request
from ..core.oidc.assertion import ClientKey, find_audience
from ..core.oidc.claims import read_claims
from ..core.oidc.errors import OidcError
from ..core.oidc.id_token import Expected, IdToken, read_id_token
from ..core.oidc.login import LOGIN, Pending, Started, Verified
from ..core.oidc.settings import Settings
from ..core.oidc.signed import UnknownKey
from ..core.oidc.userinfo import check_subject, read_userinfo
from .calls import ProviderCalls, Tokens


class Own(NamedTuple):
    """Our keys at a provider.

    :param signing: signs assertions, with its name there
    :param decrypting: open user data
    """

    signing: tuple[ECKey | RSAKey, str]
    decrypting: Sequence[ECKey | RSAKey] = ()


class Known(NamedTuple):
    """What was learned of a provider before.

    :param key_set: see ``keys.read_key_set``
    :param key_set_at: when it was last asked for, seconds since the epoch; 0: never
    :param metadata: see ``discovery.read_metadata``
    :param metadata_at: as for the keys
    """

    key_set: list[dict] = []
    key_set_at: float = 0
    metadata: dict[str, str] = {}
    metadata_at: float = 0


class Exchange:
    """Speaks with one provider for one login.

    :param now: seconds since the epoch
    """

    def __init__(
        self, settings: Settings, own: Own, known: Known, fence: FencedSession, now
    ):
        self._own, self._fence, self._now = own, fence, now
        self._settings = settings
        #: What is known at the end; to be kept when it differs from the beginning.
        self.known = known

    def begin(self, purpose: str, redirect_uri: str, lang: str) -> Started:
        """Begin a login; see ``g2p.spar.oidc.client``."""
        secrets = request.new_secrets()
        is_step_up = purpose != LOGIN
        params = request.build_params(
            self._settings, secrets, redirect_uri, is_step_up, lang
        )
        endpoint = self._settings.authorization_endpoint
        if not self._settings.use_par:
            return Started(request.build_url(endpoint, params), *secrets, {})
        request_uri = self._connect().push(params)
        url = request.build_pushed_url(endpoint, params["client_id"], request_uri)
        return Started(url, *secrets, {})

    def finish(self, pending: Pending, code: str) -> Verified:
        """Redeem a code and say who logged in; see ``g2p.spar.oidc.client``."""
        calls = self._connect()
        tokens = calls.redeem(code, pending.code_verifier, pending.redirect_uri)
        identity = self._read_identity(calls, tokens, pending)
        if pending.expected_subject not in (None, identity.subject):
            raise OidcError("other_person")
        claims = self._read_person(calls, tokens)
        check_subject(claims, identity.subject)
        return Verified(
            identity.subject,
            read_claims(
                claims,
                identity.subject,
                tuple(self._settings.claims_locales.split()),
                self._settings.essential_claims,
                self._settings.id_claims,
            ),
            identity.acr,
            identity.auth_time,
            identity.issued_at,
        )

    def learn(self) -> None:
        """Fetch the description, where it is needed, and the keys anew.

        :raise OidcError: they cannot be had
        """
        self._fetch_keys(self._connect(is_new=True))

    def _connect(self, is_new: bool = False) -> ProviderCalls:
        """Return what calls the provider, with all its addresses."""
        bare = ProviderCalls(self._settings, None, self._fence)
        if discovery.needs_metadata(self._settings):
            self._fetch_metadata(bare, is_new)
        settings = discovery.complete(self._settings, self.known.metadata)
        if not settings.token_endpoint or not settings.jwks_url:
            raise OidcError("configuration", "an address of the provider is missing")
        self._settings = settings
        return ProviderCalls(settings, self.client_key(settings), self._fence)

    def client_key(self, settings: Settings) -> ClientKey:
        """Return what proves at the provider who we are.

        :raise OidcError: ``configuration``: the key does not fit the record
        """
        key, kid = self._own.signing
        return ClientKey(
            settings.client_id,
            key,
            kid if settings.use_kid else None,
            settings.client_alg,
            find_audience(
                settings.assertion_audience, settings.issuer, settings.token_endpoint
            ),
        )

    def _fetch_metadata(self, calls: ProviderCalls, is_new: bool) -> None:
        known = self.known
        if known.metadata and not (
            is_new or keys.is_stale(known.metadata_at, self._now)
        ):
            return
        try:
            raw = calls.fetch(self._settings.discovery_url)
            metadata = discovery.read_metadata(raw, self._settings.issuer)
        except OidcError as error:
            # The last good copy does, unless it is another issuer that answers.
            if is_new or not known.metadata or error.code == "issuer_mismatch":
                raise
            metadata = known.metadata
        self.known = known._replace(metadata=metadata, metadata_at=self._now)

    def _fetch_keys(self, calls: ProviderCalls) -> None:
        key_set = keys.read_key_set(calls.fetch(self._settings.jwks_url))
        self.known = self.known._replace(key_set=key_set, key_set_at=self._now)

    def _read_identity(self, calls, tokens: Tokens, pending: Pending) -> IdToken:
        expected = Expected(
            pending.nonce,
            tokens.access_token,
            pending.purpose != LOGIN,
            pending.started_at,
            self._now,
        )
        return self._with_keys(
            calls,
            lambda known: read_id_token(
                tokens.id_token, known, self._settings, expected
            ),
            "id_token_invalid",
        )

    def _read_person(self, calls: ProviderCalls, tokens: Tokens) -> dict:
        body, content_type = calls.userinfo(tokens)
        return self._with_keys(
            calls,
            lambda known: read_userinfo(
                body, content_type, known, self._own.decrypting, self._settings
            ),
            "userinfo_invalid",
        )

    def _with_keys(self, calls: ProviderCalls, read: Callable, code: str):
        """Return what ``read`` finds, with newer keys if it needs them."""
        known = self.known
        if not known.key_set or keys.is_stale(known.key_set_at, self._now):
            self._renew_keys(calls)
        try:
            return read(self.known.key_set)
        except UnknownKey as error:
            if not keys.may_refetch(self.known.key_set_at, self._now):
                raise OidcError(code, str(error)) from error
        self._renew_keys(calls)
        try:
            return read(self.known.key_set)
        except UnknownKey as error:
            raise OidcError(code, str(error)) from error

    def _renew_keys(self, calls: ProviderCalls) -> None:
        """Fetch keys; the last good copy stays when that fails."""
        try:
            self._fetch_keys(calls)
        except OidcError:
            if not self.known.key_set:
                raise
            self.known = self.known._replace(key_set_at=self._now)
