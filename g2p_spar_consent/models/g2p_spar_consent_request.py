import logging
import secrets
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_connect_api.core.jose import jws
from odoo.addons.g2p_spar_connect_api.core.jose.errors import SignatureInvalid

from ..core.request import (
    REQUEST_LIMIT,
    Asked,
    Profile,
    RequestRefused,
    judge,
    read_claims,
    read_issuer,
)
from .g2p_spar_consent import token_key

_logger = logging.getLogger(__name__)

#: How long a person has to log in, read and decide.
OPEN = timedelta(minutes=30)
#: How long the name of a request is remembered; none lives as long.
KEPT = timedelta(days=1)


class G2PSparConsentRequest(models.Model):
    """A person whom an application sent here, until they decide.

    It is stored when the person arrives, so that the signed request leaves the
    browser's address at once, and each request is taken once.
    """

    _name = "g2p.spar.consent.request"
    _description = "Request for a Consent"
    _log_access = False

    token = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    sender_id = fields.Many2one(
        "g2p.spar.sender", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(required=True, readonly=True)
    purpose_id = fields.Many2one(
        "g2p.spar.purpose", required=True, readonly=True, ondelete="cascade"
    )
    days = fields.Integer(required=True, readonly=True)
    # Until the person decides; a consent has it then.
    token_key = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    redirect = fields.Char(required=True, readonly=True)
    state_value = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    asked_at = fields.Datetime(required=True, readonly=True, index=True)
    identity_id = fields.Many2one(
        "g2p.spar.identity", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("agreed", "Agreed"),
            ("refused", "Refused"),
            ("taken", "Name Is Another Person's"),
        ],
        required=True,
        readonly=True,
    )
    consent_id = fields.Many2one("g2p.spar.consent", readonly=True, ondelete="cascade")

    _token_uniq = models.UniqueIndex("(token)")
    _name_uniq = models.UniqueIndex("(sender_id, name)")

    # === BUSINESS METHODS === #

    @api.private
    def receive(self, text: str) -> str:
        """Take the request that a browser brought.

        :param text: the JWT
        :return: the secret part of the address of the page
        :raise RequestRefused: it is not right, not allowed, or was used before
        """
        try:
            profile, claims = self._open(text)
            return self._store(profile, judge(claims, profile, time.time()))
        except RequestRefused as refused:
            _logger.info("request for a consent refused: %s", refused.code)
            raise

    @api.private
    def find(self, person, token: str):
        """Return a request for the person who is looking, empty for nobody else's.

        :param Person person: who is logged in
        :param token: from the address of the page
        """
        # People have no right to this table; the secret in the address found it.
        found_sudo = self.sudo().search([("token", "=", token)])
        if found_sudo.identity_id.id not in (False, person.identity_id):
            return found_sudo.browse()
        is_late = found_sudo.asked_at and found_sudo.asked_at < self._oldest_open()
        if found_sudo.state == "open" and (is_late or not found_sudo._profile()):
            return found_sudo.browse()
        return found_sudo

    def _open(self, text: str) -> tuple[Profile, dict]:
        """Verify the signature of a request.

        :return: the application that made it, and what it says
        :raise RequestRefused: it was not made by an application that may ask
        """
        if len(text) > REQUEST_LIMIT:
            raise RequestRefused("malformed")
        try:
            parts = jws.read_parts(text)
            raw = jws.urlsafe_b64decode(parts.payload.encode("ascii"))
        except (SignatureInvalid, ValueError) as error:
            raise RequestRefused("malformed") from error
        client_id = read_issuer(read_claims(raw))
        senders = self.env["g2p.spar.sender"]
        profile, facts = (
            senders.get_consent_profile(client_id),
            senders.get_facts(client_id),
        )
        if profile is None or not facts.is_open(time.time()):
            raise RequestRefused("application")
        return profile, read_claims(self._verify(parts, facts))

    def _verify(self, parts: jws.Parts, facts) -> bytes:
        """Return the payload that a key of the application verifies."""

        def verify(found) -> bytes:
            for key in jws.find_keys(parts, found.auth, time.time()):
                payload = jws.open_jws(parts, key)
                if payload is not None:
                    return payload
            raise SignatureInvalid("wrong_key")

        try:
            return self.env["g2p.spar.signature"]._verify(facts, verify)[0]
        except SignatureInvalid as error:
            raise RequestRefused("signature") from error

    def _store(self, profile: Profile, asked: Asked) -> str:
        """Store a request under a name that nobody can guess.

        :raise RequestRefused: one of this name was stored before
        """
        token = secrets.token_urlsafe(32)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO g2p_spar_consent_request (token, sender_id, name,
                    purpose_id, days, token_key, redirect, state_value, asked_at, state)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'open')
                ON CONFLICT (sender_id, name) DO NOTHING RETURNING id
                """,
                token,
                profile.record_id,
                asked.name,
                asked.purpose_id,
                asked.days,
                token_key(profile.record_id, asked.token),
                asked.redirect,
                asked.state,
                fields.Datetime.now(),
            )
        )
        if not rows:
            raise RequestRefused("used")
        return token

    def _profile(self) -> Profile | None:
        """Return what the application may ask for now; none: not this any more."""
        profile = self.env["g2p.spar.sender"].get_consent_profile(
            self.sender_id.client_id
        )
        facts = self.env["g2p.spar.sender"].get_facts(self.sender_id.client_id)
        is_fit = (
            profile
            and facts.is_open(time.time())
            and self.purpose_id.id in profile.purposes.values()
            and self.days <= profile.most_days
            and self.redirect in profile.redirects
        )
        return profile if is_fit else None

    def _oldest_open(self):
        return fields.Datetime.now() - OPEN

    def _decide(self, person, state: str, consent=None) -> None:
        """Note what the person decided; it is theirs from now on."""
        self.write(
            {
                "state": state,
                "token_key": False,
                "identity_id": person.identity_id,
                "consent_id": consent.id if consent else False,
            }
        )

    @api.autovacuum
    def _gc(self):
        """Forget requests once their names cannot be used again."""
        self.search([("asked_at", "<", fields.Datetime.now() - KEPT)]).unlink()
