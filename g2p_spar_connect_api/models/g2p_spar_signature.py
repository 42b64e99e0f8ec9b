import time
from collections.abc import Callable, Iterator
from pathlib import Path

from odoo import api, models
from odoo.tools import config

from ..core.access_token import invalid_token, read_bearer
from ..core.caller import Caller
from ..core.credentials import (
    SUSPECT_LIMIT,
    UNPROVEN_LIMIT,
    Credentials,
    check_unproven,
)
from ..core.errors import (
    MalformedBody,
    SignatureMissing,
    SignatureRefused,
    TooLarge,
    TooManyRequests,
)
from ..core.jose import body_signature, jws
from ..core.jose.bare_token import LEEWAY, read_issuer, verify_bare_token
from ..core.jose.check import check_fresh, check_signatures, read_field
from ..core.jose.directory import read_claimed_name
from ..core.jose.errors import SignatureInvalid
from ..core.jose.profile import Policy
from ..core.json_body import read_body
from ..core.rate import RateTable, seconds_left
from ..core.seen import SeenNames
from ..core.sender import SenderFacts

#: Wrong signatures in a minute after which an address is suspect.
ADDRESS_FAILURES = 20
#: Reasons that new keys of the sender might change.
_CURABLE = ("unknown_key", "wrong_key")
#: By name of the database: a process may serve several.
_seen: dict[str, SeenNames] = {}


class G2PSparSignature(models.AbstractModel):
    """Signatures of messages: who made them, and whether they are right."""

    _name = "g2p.spar.signature"
    _description = "Signatures of Partners"

    @api.private
    def check(self, caller: Caller, shown: Credentials) -> Caller:
        """Check the signature beside a token, as the sender's profile wants.

        A body that is streamed is not here yet: see :meth:`check_digest`.

        :raise SignatureRefused: it is not right, or is missing and required
        """
        facts = caller.facts
        if facts.auth.policy is Policy.IGNORED or shown.read is None:
            return caller
        raw = shown.read(facts.body_limit)
        content = read_body(raw).content
        return self._check(caller, shown.signature, raw, content, may_fetch=True)

    @api.private
    def check_digest(self, caller: Caller, signature: str | None, raw: bytes) -> Caller:
        """Check the signature of a body that was streamed.

        :param signature: HTTP header of that name, if any
        :param raw: what was signed in the place of the body: value of the field
            ``Repr-Digest`` (RFC 9530)
        :raise SignatureRefused: it is not right, or is missing and required
        """
        if caller.facts.auth.policy is Policy.IGNORED:
            return caller
        return self._check(caller, signature, raw, {}, may_fetch=False)

    def _check(self, caller, signature, raw, content, may_fetch) -> Caller:
        """Check a signature.

        :param may_fetch: whether keys may be fetched for it, which ends the
            transaction
        """

        def verify(facts: SenderFacts) -> bool:
            return check_signatures(signature, raw, content, facts.auth, time.time())

        try:
            is_signed, facts = self._verify(caller.facts, verify, may_fetch)
        except SignatureInvalid as error:
            raise SignatureRefused(error.reason) from error
        if not is_signed and facts.auth.policy is Policy.REQUIRED:
            raise SignatureMissing("missing")
        return caller._replace(facts=facts, is_signed=is_signed)

    @api.private
    def admit(self, shown: Credentials) -> Caller:
        """Let a sender in whose message is signed, without a token.

        :raise Unauthorized: there is no signature, or none that lets somebody in
        """
        directory = self.env["g2p.spar.sender"].get_directory()
        if shown.read is None or not directory.by_name:
            return read_bearer(None)
        raw, content = self._read(shown)
        try:
            name, kid = _claim(shown.signature, content)
            if name is None:
                return read_bearer(None)
            found = directory.find(name, kid)
            return self._admit_first(found, shown.signature, raw, content)
        except SignatureInvalid as error:
            raise self._failure(shown, error) from error

    def _admit_first(self, found, signature, raw, content) -> Caller:
        """Let in the first candidate whose keys verify the message."""

        def verify(facts: SenderFacts) -> bool:
            if not facts.auth.alone:
                raise SignatureInvalid("form")
            return check_signatures(signature, raw, content, facts.auth, time.time())

        for is_signed, facts in self._try(found, verify):
            if is_signed:
                return Caller(facts, facts.scopes, "signature", True)
        raise SignatureInvalid("missing")

    @api.private
    def admit_bare(self, shown: Credentials) -> Caller:
        """Let a sender in whose JWT in ``Authorization`` is the message.

        :raise Unauthorized: nobody sends such, or it is not right
        """
        directory = self.env["g2p.spar.sender"].get_directory()
        if shown.read is None or not directory.by_issuer:
            raise invalid_token()
        content = self._read(shown)[1]
        try:
            parts = jws.read_parts(shown.bare_token)
            found = directory.find_by_token(read_issuer(parts), parts.kid)
            facts, claims = self._verify_bare(found, parts, content)
            if shown.is_first:
                self._use_once(facts, claims)
        except SignatureInvalid as error:
            raise self._failure(shown, error) from error
        return Caller(facts, facts.scopes, "authorization", True)

    def _verify_bare(self, found, parts, content) -> tuple[SenderFacts, dict]:
        def verify(facts: SenderFacts) -> dict:
            if not facts.auth.bare_form:
                raise SignatureInvalid("form")
            now = time.time()
            claims = verify_bare_token(parts, content, facts.auth, now)
            check_fresh(content, facts.auth.window, now)
            return claims

        claims, facts = next(self._try(found, verify))
        return facts, claims

    def _try(self, found, verify: Callable) -> Iterator[tuple[object, SenderFacts]]:
        """Yield what verifying brings, for the senders with whom it succeeds.

        :raise SignatureInvalid: it succeeds with none of them
        """
        problem, now = SignatureInvalid("sender"), time.time()
        succeeded = False
        for client_id in found:
            facts = self.env["g2p.spar.sender"].get_facts(client_id)
            if facts is None or not facts.is_open(now):
                continue
            try:
                yield self._verify(facts, verify)
                succeeded = True
            except SignatureInvalid as error:
                problem = error
        if not succeeded:
            raise problem

    def _verify(self, facts: SenderFacts, verify: Callable, may_fetch: bool = True):
        """Verify; where the sender publishes its keys, once more with new ones.

        :return: what verifying brought, and the facts it was done with
        """
        try:
            return verify(facts), facts
        except SignatureInvalid as error:
            is_curable = may_fetch and error.reason in _CURABLE
            if not is_curable or not facts.auth.has_address:
                raise
            senders = self.env["g2p.spar.sender"]
            if not senders.browse(facts.record_id).refresh():
                raise
            facts = senders.get_facts(facts.client_id)
            return verify(facts), facts

    def _read(self, shown: Credentials) -> tuple[bytes, dict]:
        """Read a body of which nothing is known yet.

        To verify a large one costs more than to send it, so an address with many
        failures in this minute may send small ones only; it is never shut out.

        :raise TooManyRequests: such an address sends a large one
        """
        now = time.time()
        failures = self._failures().hit(shown.address, now, weight=0)
        is_suspect = failures >= ADDRESS_FAILURES
        try:
            raw = shown.read(SUSPECT_LIMIT if is_suspect else UNPROVEN_LIMIT)
        except TooLarge:
            if not is_suspect:
                raise
            raise _wait(seconds_left(now)) from None
        check_unproven(raw)
        try:
            return raw, read_body(raw).content
        except MalformedBody:
            return raw, {}

    def _failure(self, shown: Credentials, error: SignatureInvalid) -> SignatureRefused:
        """Count a wrong signature and return how it is answered."""
        self._failures().hit(shown.address, time.time())
        return SignatureRefused(error.reason)

    def _failures(self) -> RateTable:
        return self.env["g2p.spar.access"]._counters("signatures")

    def _use_once(self, facts: SenderFacts, claims: dict) -> None:
        """Take a JWT with a name once.

        It is remembered until it expires, or until its message would be too old.
        """
        name, window, now = claims.get("jti"), facts.auth.window, time.time()
        if name is None or not window:
            return
        until = min(claims["exp"] + LEEWAY, now + window)
        if not self._names().use(facts.client_id, name, now, until):
            raise SignatureInvalid("replayed")

    def _names(self) -> SeenNames:
        database = self.env.cr.dbname
        if database not in _seen:
            _seen[database] = SeenNames(_folder() / f"{database}-seen.sqlite")
        return _seen[database]


def _wait(seconds: int) -> TooManyRequests:
    return TooManyRequests(
        f"Too many messages from here were not signed as they must be: wait {seconds} "
        "seconds, or send a smaller message.",
        seconds,
    )


def _claim(signature: str | None, content: dict) -> tuple[str | None, str | None]:
    """Return who claims to have signed, and with which key.

    :return: none, none where there is no signature
    """
    name = read_claimed_name(content)
    if signature:
        return name, jws.read_parts(signature).kid
    written = read_field(content)
    if written is None:
        return None, None
    found = body_signature.read_signature(written)
    return found.sender, found.kid


def _folder() -> Path:
    """Where names are remembered: one place for all processes of this host."""
    return Path(config["data_dir"]) / "g2p_spar_seen"
