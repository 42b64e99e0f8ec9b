import time

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError, StrategyError

from ..core.person import (
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

#: Every request asks this, so it is one statement: whose session it is, where nobody
#: was shut out since the login, neither the person, nor the user, nor the provider.
_READ = """
    SELECT i.subject, p.id, p.name, t.template
    FROM g2p_spar_identity i
    JOIN res_users u ON u.id = i.user_id AND u.active
    JOIN auth_oauth_provider p ON p.id = i.provider_id
        AND p.spar_is_portal AND p.spar_enabled_for_portal
    JOIN g2p_spar_id_type t ON t.id = p.spar_id_type_id
    WHERE i.id = %(identity)s AND i.active AND u.id = %(uid)s
"""


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
        if not facts:
            return False
        minutes = self.env["g2p.spar.portal.settings"].idle_minutes()
        return is_idle(facts["seen"], time.time() + ahead, minutes)

    def _person(self, facts, uid):
        """Return the person of a session, if they may still be here."""
        self.env.flush_all()
        asked = {"identity": facts["identity"], "uid": uid or 0}
        for subject, provider_id, name, template in self.env.execute_query(
            SQL(_READ, **asked)
        ):
            id_value = self._id_value(template, facts["claims"])
            if id_value:
                provider = {"provider_id": provider_id, "provider_name": name}
                return self._made(facts, subject=subject, id_value=id_value, **provider)
        return None

    def _id_value(self, template, claims):
        """Return the ID of a person, none where the claims do not make one."""
        try:
            return write_id(template, claims["id"])
        except (AddressError, StrategyError):
            return None

    def _made(self, facts, **read):
        """Return a person out of a session's facts and what was read."""
        claims = facts["claims"]
        return Person(
            **read,
            identity_id=facts["identity"],
            name=claims["name"],
            birthdate=read_day(claims["birthdate"]),
            phone=claims["phone"],
            email=claims["email"],
            lang=claims["lang"],
            acr=tuple(facts["acr"]),
            authenticated_at=from_epoch(facts["at"]),
        )
