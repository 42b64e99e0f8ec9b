"""A provider, tried before the first person meets it."""

import json
from collections.abc import Callable

from odoo.addons.g2p_spar_mapper.outgoing.session import FencedSession

from ..core.oidc.errors import CODES, OidcError
from ..core.oidc.examine import FAILED, OK, Check, check_clock, check_document
from ..core.oidc.own_key import SIGNS_WITH
from ..core.oidc.settings import Settings, find_gap
from ..core.said import _lt
from .calls import ProviderCalls
from .exchange import Exchange, Known, Own


class Examination:
    """Tries what can be tried of a provider without a person.

    :param redirect_uri: that is registered at the provider
    :param clock: tells seconds since the epoch
    """

    def __init__(
        self,
        settings: Settings,
        own: Own | None,
        fence: FencedSession,
        redirect_uri: str,
        clock: Callable[[], float],
    ):
        self._settings, self._own, self._fence = settings, own, fence
        self._redirect_uri, self._clock = redirect_uri, clock
        self._checks: list[Check] = []
        #: What was learned on the way.
        self.known = Known()

    def run(self) -> list[Check]:
        """Return every check, the first things first."""
        missing = find_gap(self._settings)
        self._note_missing(missing)
        said = _lt("A client key is in use and fits.")
        self._try("client_key", self._check_key, said)
        if self._settings.discovery_url:
            self._try("discovery", self._read_document, _lt("It describes itself."))
        if self._own and not missing:
            self._try("keys", self._read_keys, _lt("Its keys can be used."))
            if self._settings.use_par:
                said = _lt(
                    "It takes a pushed request, and so knows the client and its key."
                )
                self._try("push", self._push, said)
        return self._checks

    def _try(self, code: str, step: Callable, sentence: str) -> None:
        try:
            step()
        except OidcError as error:
            # The detail is for those who read logs, and in their language.
            said = _lt("Problem: %(problem)s (%(detail)s).")
            values = {"problem": CODES[error.code], "detail": error.detail or "-"}
            self._checks.append(Check(code, FAILED, said, values))
        else:
            self._checks.append(Check(code, OK, sentence))

    def _note_missing(self, missing: str) -> None:
        check = Check("configuration", OK, _lt("Nothing is missing in the record."))
        if missing:
            said = _lt("Fill in: %(missing)s.")
            check = Check("configuration", FAILED, said, {"missing": missing})
        self._checks.append(check)

    def _check_key(self) -> None:
        if self._own is None:
            raise OidcError("configuration", "no client key is in use")
        self._exchange().client_key(self._settings)
        if self._settings.is_encrypted_demanded and not self._own.decrypting:
            raise OidcError("configuration", "no client key opens user data")

    def _read_document(self) -> None:
        calls = ProviderCalls(self._settings, None, self._fence)
        raw = calls.fetch(self._settings.discovery_url)
        try:
            document = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise OidcError("provider_answer", "its description is no JSON") from error
        if not isinstance(document, dict):
            raise OidcError("provider_answer", "its description is no object")
        self._checks += check_document(document, self._settings)
        self._checks.append(check_clock(calls.date, self._clock()))

    def _read_keys(self) -> None:
        exchange = self._exchange()
        exchange.learn()
        self.known = exchange.known
        kinds = {jwk["kty"] for jwk in self.known.key_set}
        needed = {SIGNS_WITH[alg] for alg in self._settings.id_token_algs}
        if not kinds & needed:
            raise OidcError("provider_answer", "no key for signatures of ID tokens")

    def _push(self) -> None:
        self._exchange().begin("login", self._redirect_uri, "en")

    def _exchange(self) -> Exchange:
        return Exchange(
            self._settings, self._own, self.known, self._fence, self._clock()
        )
