import time

from odoo import api, models

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError, StrategyError

from ..core.person import (
    DEFAULT_IDLE_MINUTES,
    SESSION_KEY,
    TOUCH_SECONDS,
    Person,
    from_epoch,
    is_idle,
    keep_claims,
    read_day,
    to_epoch,
    write_id,
)

_OF_PROVIDER = ("name", "spar_is_portal", "spar_enabled_for_portal", "spar_id_type_id")
IDLE_PARAMETER = "g2p_spar_portal.idle_minutes"


class G2PSparPerson(models.AbstractModel):
    """Who is logged in: the one door between a session and the pages."""

    _name = "g2p.spar.person"
    _description = "Person Who Is Logged In"

    #: A page that ends a session may come this much too early.
    GRACE_SECONDS = 30

    @api.private
    def current(self, session):
        """Return who is looking, and note that they were seen.

        A session which was left alone too long, or whose person or provider was
        shut out, is ended.

        :param session: the session of the request
        :rtype: Person | None
        """
        facts = session.get(SESSION_KEY)
        if not facts:
            return None
        idle = self.is_idle(session)
        person = None if idle else self._person(facts, session.uid)
        if person is None:
            session.logout(keep_db=True)
            return None
        now = int(time.time())
        if now - facts["seen"] >= TOUCH_SECONDS:
            session[SESSION_KEY] = {**facts, "seen": now}
        return person

    @api.private
    def session_facts(self, identity, claims, acr, authenticated_at):
        """Return what a session keeps of a login: few claims and no token.

        :param identity: the person's ``g2p.spar.identity``
        :param claims: verified claims
        :param acr: names of the proofs
        :param authenticated_at: UTC, naive
        :rtype: dict
        """
        # The person has no right to read records, not even their own.
        identity_sudo = identity.sudo()
        template = identity_sudo.provider_id.spar_id_type_id.template
        return {
            "identity": identity_sudo.id,
            "claims": keep_claims(claims, identity_sudo.subject, template),
            "acr": list(acr),
            "at": to_epoch(authenticated_at),
            "seen": int(time.time()),
        }

    @api.private
    def remember(self, session, facts):
        """Put the facts of a login into a session.

        :param dict facts: of :meth:`session_facts`
        """
        session[SESSION_KEY] = facts

    @api.private
    def identity_of(self, session):
        """Return whose facts a session holds, without looking any further.

        :rtype: int | None
        """
        return (session.get(SESSION_KEY) or {}).get("identity")

    @api.private
    def is_idle(self, session, ahead=0):
        """Tell whether a session of a person was left alone too long.

        :param int ahead: seconds to look ahead
        """
        facts = session.get(SESSION_KEY)
        now = time.time() + ahead
        return bool(facts) and is_idle(facts["seen"], now, self.idle_minutes())

    @api.private
    def idle_minutes(self):
        """Return after how many minutes without a request a session ends."""
        # A setting of the system, not of the person.
        text = self.env["ir.config_parameter"].sudo().get_param(IDLE_PARAMETER)
        return int(text) if (text or "").isdecimal() else DEFAULT_IDLE_MINUTES

    def _person(self, facts, uid):
        """Return the person of a session, if they may still be here."""
        # The person has no right to read records, not even their own.
        identities_sudo = self.env["g2p.spar.identity"].sudo()
        identity_sudo = identities_sudo.search_fetch(
            [("id", "=", facts["identity"])],
            ["subject", "active", "user_id", "provider_id"],
        )
        # Every request comes here: of the long records only what is needed is read.
        identity_sudo.provider_id.fetch(_OF_PROVIDER)
        identity_sudo.provider_id.spar_id_type_id.fetch(["template"])
        if not (identity_sudo and identity_sudo._is_open_for(uid)):
            return None
        id_value = self._id_value(identity_sudo, facts["claims"])
        return id_value and self._read(identity_sudo, facts, id_value)

    def _id_value(self, identity, claims):
        """Return the ID of a person, none where the claims do not make one."""
        template = identity.provider_id.spar_id_type_id.template
        try:
            return write_id(template, claims["id"])
        except (AddressError, StrategyError):
            return None

    def _read(self, identity, facts, id_value):
        claims = facts["claims"]
        return Person(
            identity_id=identity.id,
            provider_id=identity.provider_id.id,
            provider_name=identity.provider_id.name,
            subject=identity.subject,
            id_value=id_value,
            name=claims["name"],
            birthdate=read_day(claims["birthdate"]),
            phone=claims["phone"],
            email=claims["email"],
            lang=claims["lang"],
            acr=tuple(facts["acr"]),
            authenticated_at=from_epoch(facts["at"]),
        )
