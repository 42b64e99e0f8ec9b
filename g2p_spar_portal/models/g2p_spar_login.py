import logging
import secrets
import time
from typing import NamedTuple

from odoo import api, models

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError, StrategyError

from ..core.login_rules import (
    CALLBACK_OF_ADDRESS,
    LOGINS_OF_PERSON,
    START_OF_ADDRESS,
    STEP_UPS_OF_PERSON,
    SUCCEEDED,
    network_of,
)
from ..core.oidc.callback import read_callback
from ..core.oidc.errors import OidcError
from ..core.oidc.login import LOGIN, STEP_UP, Verified
from ..core.paths import LOGIN as LOGIN_PATH
from ..core.person import from_epoch, keep_claims, write_id
from .audit import write_audit
from .g2p_spar_oidc_login import Taken
from .transaction import own_transaction

_logger = logging.getLogger(__name__)


class LoginRefused(Exception):
    """A login did not succeed for a reason of ours.

    :param code: one of ``core.login_rules.OWN_CODES``
    """

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Attempt(NamedTuple):
    """How a callback ended.

    :ivar code: ``succeeded`` or one of ``core.login_rules.FAILURES``
    :ivar taken: the login that was taken, none: there was none
    :ivar identity_id: who logged in
    """

    code: str
    taken: Taken | None = None
    verified: Verified | None = None
    identity_id: int | None = None


class G2PSparLogin(models.AbstractModel):
    """A login from the button to the session, and the same for a change."""

    _name = "g2p.spar.login"
    _description = "Login of Beneficiaries"

    # === BEFORE === #

    @api.private
    def open_providers(self):
        """Return where beneficiaries may log in now.

        :rtype: auth.oauth.provider
        """
        # Who looks at the login page is nobody yet; names and labels are public.
        providers_sudo = self.env["auth.oauth.provider"].sudo()
        found = providers_sudo.search([("spar_enabled_for_portal", "=", True)])
        return found.filtered(lambda provider: provider._spar_is_open())

    @api.private
    def start(self, provider_id, browser, address, return_path=None):
        """Begin a login.

        :param int provider_id: as the browser asks
        :param str browser: the secret which the browser keeps
        :param str address: network address of the browser
        :param str return_path: where the person wants to go afterwards
        :rtype: str
        :return: where the browser is to go
        :raise OidcError, LoginRefused: it cannot be begun
        """
        provider = self.open_providers().filtered(lambda one: one.id == provider_id)
        return self._start(LOGIN, provider, browser, address, return_path=return_path)

    @api.private
    def start_step_up(self, person, step_up_id, browser, address):
        """Begin the login that proves once more who wants a change.

        Parameters and result are those of :meth:`start`.

        :param Person person: who is logged in
        :param int step_up_id: of ``g2p.spar.step.up``, as the browser asks
        """
        self._spend(STEP_UPS_OF_PERSON, str(person.identity_id))
        # The person has no right to this table; only their own row counts.
        step_up_sudo = self.env["g2p.spar.step.up"].sudo()
        step_up_sudo = step_up_sudo.search(
            [("id", "=", step_up_id), ("identity_id", "=", person.identity_id)]
        )
        if not step_up_sudo:
            raise LoginRefused("not_started_here")
        provider = self.open_providers().filtered(
            lambda one: one.id == person.provider_id
        )
        return self._start(
            STEP_UP,
            provider,
            browser,
            address,
            return_path=step_up_sudo.return_path,
            step_up=step_up_sudo,
        )

    def _start(self, purpose, provider, browser, address, **values):
        """Begin a login, or count why it cannot be begun."""
        try:
            if not provider:
                raise LoginRefused("provider_closed")
            self._spend(START_OF_ADDRESS, network_of(address))
            lang = self.env.lang
            pending = self.env["g2p.spar.oidc.login"]
            return pending.start(provider, browser, lang, purpose=purpose, **values)
        except (OidcError, LoginRefused) as error:
            self._count(provider.id or None, purpose, error, address)
            raise

    # === AFTER === #

    @api.private
    def attempt(self, params, browser, address, current_identity=None):
        """Find out who came back from a provider. Never done twice for a callback.

        Counts the end and commits what it stores; what the caller has not committed
        is lost.

        :param dict params: of the callback, each a list of its values
        :param str browser: the secret which the browser keeps, possibly empty
        :param str address: network address of the browser
        :param int current_identity: who is logged in in this browser
        :rtype: Attempt
        """
        taken = None
        try:
            self._spend(CALLBACK_OF_ADDRESS, network_of(address))
            callback = read_callback(params)
            taken = self.env["g2p.spar.oidc.login"].take(callback.state, browser)
            attempt = self._verify(taken, params, current_identity)
        except (OidcError, LoginRefused) as error:
            provider_id = taken.provider_id if taken else None
            purpose = taken.pending.purpose if taken else LOGIN
            self._count(provider_id, purpose, error, address)
            return Attempt(error.code, taken)
        purpose = taken.pending.purpose
        self.env["g2p.spar.oidc.event"].count(taken.provider_id, purpose)
        write_audit(
            purpose, attempt.identity_id, provider=taken.provider_id, ip=address
        )
        return attempt

    def _verify(self, taken, params, current_identity):
        """Return the attempt of a login that was taken.

        :raise OidcError, LoginRefused: nobody may come in
        """
        # Nobody is logged in yet, or a person without rights on records.
        provider_sudo = self.env["auth.oauth.provider"].sudo()
        provider_sudo = provider_sudo.browse(taken.provider_id).exists()
        if not provider_sudo._spar_is_open():
            raise LoginRefused("provider_closed")
        client = self.env["g2p.spar.oidc.client"]
        verified = client.finish(provider_sudo, taken.pending, params, time.time())
        self._check_id(provider_sudo, verified)
        # What was read is given back: the request is to see what is made now.
        self.env.cr.rollback()
        self._spend(LOGINS_OF_PERSON, f"{provider_sudo.id} {verified.subject}")
        # Nobody is logged in yet: the first login of a person makes their identity.
        with own_transaction(self.env["g2p.spar.identity"].sudo()) as identities:
            identity = identities._find_or_create(
                provider_sudo.with_env(identities.env), verified.subject
            )
            is_shut_out = not (identity.active and identity.user_id.active)
            identity_id = identity.id
        if is_shut_out:
            raise LoginRefused("shut_out")
        if taken.step_up_id:
            self._check_step_up(taken, verified, identity_id, current_identity)
        return Attempt(SUCCEEDED, taken, verified, identity_id)

    def _check_id(self, provider, verified):
        """Refuse a person for whom no ID of the registry can be made."""
        template = provider.spar_id_type_id.template
        claims = keep_claims(verified.claims, verified.subject, template)
        reference = self.env["g2p.spar.strategy"].get_reference()
        try:
            found = reference.read_id(write_id(template, claims["id"]))
        except (AddressError, StrategyError) as error:
            raise LoginRefused("id_unusable") from error
        if found.id_type_id != provider.spar_id_type_id.id:
            raise LoginRefused("id_unusable")

    def _check_step_up(self, taken, verified, identity_id, current_identity):
        """Refuse a proof of somebody else, or one whose time is not known."""
        # The person has no right to this table; only whose proof it is is read.
        step_up_sudo = self.env["g2p.spar.step.up"].sudo()
        step_up_sudo = step_up_sudo.browse(taken.step_up_id).exists()
        if step_up_sudo.identity_id.id != identity_id:
            raise LoginRefused("other_person")
        if current_identity and current_identity != identity_id:
            raise LoginRefused("other_person")
        if verified.auth_time is None:
            raise OidcError("login_too_old", "a proof without auth_time")

    @api.private
    def failure_path(self, attempt):
        """Return the page that says why a login did not work.

        :param Attempt attempt: one that failed
        :rtype: str
        """
        return f"{LOGIN_PATH}/failed/{attempt.code}"

    # === THE SESSION === #

    @api.private
    def sign_in(self, session, attempt):
        """Put the person of an attempt into a session, under a new session id.

        Nothing of what the session held before survives, but its language.

        :param session: of the request
        :param Attempt attempt: one that succeeded
        """
        # The person has no right to read records, not even their own.
        identity_sudo = self.env["g2p.spar.identity"].sudo()
        identity_sudo = identity_sudo.browse(attempt.identity_id)
        verified = attempt.verified
        at = from_epoch(verified.auth_time or verified.issued_at)
        facts = self.env["g2p.spar.person"].session_facts(
            identity_sudo, verified.claims, verified.acr, at
        )
        ticket = secrets.token_urlsafe(32)
        user_sudo = identity_sudo.user_id
        user_sudo._spar_issue_ticket(ticket)
        session.logout(keep_db=True)
        session.authenticate(self.env, user_sudo._spar_credential(ticket))
        self.env["g2p.spar.person"].remember(session, facts)
        if attempt.taken.step_up_id:
            # The person has no right to this table; _check_step_up saw whose row it is.
            step_up_sudo = self.env["g2p.spar.step.up"].sudo()
            step_up_sudo.browse(attempt.taken.step_up_id)._approve(verified.acr, at)

    # === COUNTS === #

    def _spend(self, limit, subject):
        """Count an attempt.

        :raise LoginRefused: there were too many
        """
        wait = self.env["g2p.spar.throttle"].hit(
            limit.kind, subject, limit.count, limit.seconds
        )
        if wait:
            raise LoginRefused("too_many")

    def _count(self, provider_id, purpose, error, address):
        """Count a failure and note it in the log, without anything personal."""
        self.env["g2p.spar.oidc.event"].count(provider_id, purpose, error.code)
        _logger.info("login failed: %s", error)
        write_audit(purpose, None, code=error.code, provider=provider_id, ip=address)
