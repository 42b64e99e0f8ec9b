import time
from pathlib import Path

from odoo import api, models
from odoo.tools import config

from ..core.access_token import (
    VerifiedTokens,
    invalid_token,
    issue,
    read_bearer,
    verify,
)
from ..core.caller import Caller
from ..core.credentials import Credentials
from ..core.errors import OAuth2Error, TooManyRequests
from ..core.jose.profile import Policy
from ..core.rate import RateTable, seconds_left
from ..core.scope import grant, write_scopes
from ..core.secret import is_known
from ..core.sender import CLIENT_ID_LIMIT, SenderFacts, admit
from ..core.token_request import TokenRequest, invalid_client

#: Failed token requests in a minute, of one client and of one address.
CLIENT_FAILURES = 20
ADDRESS_FAILURES = 60

#: By name of the database: a process may serve several.
_verified: dict[str, VerifiedTokens] = {}
_tables: dict[tuple[str, str], RateTable] = {}


class G2PSparAccess(models.AbstractModel):
    """Who may come in: tokens are issued, verified and counted here."""

    _name = "g2p.spar.access"
    _description = "Access of Partners"

    # === TOKENS === #

    @api.private
    def issue_token(self, asked: TokenRequest, address: str) -> tuple[dict, str]:
        """Answer a token request (RFC 6749, sections 4.4.3 and 5.1).

        A right secret is never refused because of wrong ones before it, so
        nobody can shut a partner out by guessing.

        :param address: network address of the client, for the limit of failures
        :return: the answer's body, and the sender id for the audit line
        :raise OAuth2Error: the client or its request is not fit
        """
        now = time.time()
        facts = self._authenticate(asked, now)
        if facts is None:
            raise self._failure(asked.client_id, address, now)
        scopes = grant(asked.scope, facts.scopes)
        key = self.env["g2p.spar.own.key"].get_signing_key()
        token = issue(
            key,
            self._issuer(),
            facts.client_id,
            scopes,
            int(now),
            facts.token_lifetime,
        )
        body = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": facts.token_lifetime,
            "scope": write_scopes(scopes),
        }
        return body, facts.sender_id

    @api.private
    def authenticate(self, shown: Credentials) -> Caller:
        """Say who sends a request: by a token, a signature, or both.

        :raise Unauthorized: nobody is proven to
        """
        signature = self.env["g2p.spar.signature"]
        if shown.authorization is None:
            return signature.admit(shown)
        if shown.bare_token:
            return signature.admit_bare(shown)
        caller = self.verify_token(read_bearer(shown.authorization))
        if caller.facts.auth.policy is Policy.IGNORED:
            return caller
        return signature.check(caller, shown)

    @api.private
    def verify_token(self, text: str) -> Caller:
        """Say whose token this is.

        The signature of a token is checked once in each process; its age, its
        key and its sender are looked at each time.

        :raise Unauthorized: it is of no use
        """
        now = time.time()
        caller = self._verify_own(text, now)
        return caller or self.env["g2p.spar.issuer"].verify_token(text, now)

    def _verify_own(self, text: str, now: float) -> Caller | None:
        """Say whose token of ours this is; none: another issuer is registered for it.

        :raise Unauthorized: it is of no use
        """
        keys = self.env["g2p.spar.own.key"].get_public_keys()
        verified = _verified.setdefault(self.env.cr.dbname, VerifiedTokens())
        claims = verified.get(text, now)
        if claims is None or claims.key_id not in keys:
            if self.env["g2p.spar.issuer"].is_registered_for(text):
                return None
            claims = verify(text, keys, self._issuer(), int(now))
            verified.remember(text, claims)
        facts = self.env["g2p.spar.sender"].get_facts(claims.client_id)
        facts = admit(claims, facts, now)
        if not facts.auth.own_tokens:
            raise invalid_token()
        return Caller(facts, claims.scopes)

    def _authenticate(self, asked: TokenRequest, now: float) -> SenderFacts | None:
        """Return the client that knows its secret, or none.

        For an unknown client the same work is done as for a known one.
        """
        facts = None
        if len(asked.client_id) <= CLIENT_ID_LIMIT and asked.client_id.isprintable():
            facts = self.env["g2p.spar.sender"].get_facts(asked.client_id)
        digests = facts.digests(now) if facts and facts.is_open(now) else ()
        is_own = is_known(asked.client_secret, digests) and facts.auth.own_tokens
        return facts if is_own else None

    def _failure(self, client_id: str, address: str, now: float) -> OAuth2Error:
        """Count a failed token request and return how it is answered."""
        table = self._counters("failures")
        of_client = table.hit(f"client {client_id[:CLIENT_ID_LIMIT]}", now)
        of_address = table.hit(f"address {address}", now)
        if of_client <= CLIENT_FAILURES and of_address <= ADDRESS_FAILURES:
            return invalid_client()
        return OAuth2Error(
            "temporarily_unavailable",
            "Too many failed requests: wait, then check client_id and client_secret.",
            TooManyRequests.status,
            {"Retry-After": str(seconds_left(now))},
        )

    def _issuer(self) -> str:
        """Return the registry's own name; a copied database gets another one."""
        # The name stands in every token; it is no secret.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        return f"urn:uuid:{parameter_sudo.get_param('database.uuid')}"

    # === LIMITS === #

    @api.private
    def count_request(self, facts: SenderFacts) -> None:
        """Count a request of a sender.

        :raise TooManyRequests: its requests of this minute are used up
        """
        now = time.time()
        if self._counters("requests").hit(facts.client_id, now) > facts.request_limit:
            wait = seconds_left(now)
            raise TooManyRequests(
                f"The limit of {facts.request_limit} requests a minute is reached: "
                f"send again in {wait} seconds.",
                wait,
            )

    def _counters(self, kind: str) -> RateTable:
        key = (self.env.cr.dbname, kind)
        if key not in _tables:
            _tables[key] = RateTable(_folder() / f"{key[0]}-{kind}.bin")
        return _tables[key]


def _folder() -> Path:
    """Where the counters lie: one place for all processes of this host."""
    return Path(config["data_dir"]) / "g2p_spar_rate"
