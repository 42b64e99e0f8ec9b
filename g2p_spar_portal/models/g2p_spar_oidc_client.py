import logging
import time
from datetime import UTC, datetime

import psycopg2

from odoo import api, models

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError

from ..core.oidc.callback import check_callback, read_callback
from ..core.oidc.errors import OidcError
from ..core.oidc.own_key import KeyProblem
from ..core.oidc.userinfo import BODY_LIMIT
from ..outgoing.examination import Examination
from ..outgoing.exchange import Exchange, Known, Own

_logger = logging.getLogger(__name__)


class G2PSparOidcClient(models.AbstractModel):
    """Logins at providers of OpenID Connect, as a relying party.

    Knows no session, no user and no page: who keeps what is pending, and what a
    login is good for, is decided elsewhere. A login has two halves::

        started = client.begin(provider, "login", redirect_uri, "fr_FR")
        # keep started but for its url, remember the browser, commit, redirect
        ...
        callback = read_callback(request.httprequest.args.to_dict(flat=False))
        # take the stored login by callback.state for good, and commit
        verified = client.finish(provider, pending, params, now)

    Both may wait for another server. They give the transaction back before they do:
    what was not committed by then is lost. ``finish`` is called once for a taken
    login, in no code that Odoo runs again after a conflict.
    """

    _name = "g2p.spar.oidc.client"
    _description = "OpenID Connect Client"

    @api.private
    def begin(self, provider, purpose, redirect_uri, lang):
        """Begin a login.

        :param provider: one ``auth.oauth.provider``
        :param str purpose: ``login`` or ``step_up`` (core.oidc.login)
        :param str redirect_uri: where the browser is to come back, as registered
        :param str lang: of the person, such as ``fr_FR``
        :rtype: core.oidc.login.Started
        :raise OidcError: ``configuration``, or the request could not be pushed
        """
        exchange = self._open(provider, time.time())
        return self._speak(provider, exchange, "begin", purpose, redirect_uri, lang)

    @api.private
    def finish(self, provider, pending, params, now):
        """Finish a login with what the browser brought back.

        :param provider: that of the pending login, still enabled
        :param core.oidc.login.Pending pending: taken, it never comes again
        :param dict params: parameters of the callback, each a list of its values
        :param float now: seconds since the epoch
        :rtype: core.oidc.login.Verified
        :raise OidcError: nobody logged in
        """
        callback = read_callback(params)
        code = check_callback(
            callback,
            pending.state_digest,
            provider.spar_issuer,
            provider.spar_may_lack_iss,
        )
        exchange = self._open(provider, now)
        return self._speak(provider, exchange, "finish", pending, code)

    @api.private
    def learn(self, provider, now):
        """Fetch what a provider publishes, and keep it.

        :param float now: seconds since the epoch
        :raise OidcError: it cannot be had or is not fit
        """
        self._speak(provider, self._open(provider, now), "learn")

    @api.private
    def examine(self, provider):
        """Try a provider before the first person meets it.

        Gives the transaction back, as ``finish`` does, and keeps what it learns.

        :rtype: list[core.oidc.examine.Check]
        """
        try:
            own = self._own(provider)
        except OidcError:
            own = None
        examination = Examination(
            provider._spar_settings(),
            own,
            self._fence(provider),
            provider._spar_redirect_uri(),
            time.time,
        )
        self._give_back()
        checks = examination.run()
        if examination.known.key_set:
            self._remember(provider.id, examination.known)
        return checks

    def _open(self, provider, now):
        """Return what speaks with a provider; from here on no record is read.

        :rtype: Exchange
        :raise OidcError: ``configuration``
        """
        provider.ensure_one()
        return Exchange(
            provider._spar_settings(),
            self._own(provider),
            _known(provider),
            self._fence(provider),
            now,
        )

    def _own(self, provider):
        """Return our keys at a provider.

        :rtype: Own
        :raise OidcError: ``configuration``
        """
        keys = self.env["g2p.spar.oidc.key"]
        try:
            signing = keys.signing_key(provider)
            decrypting = keys.decryption_keys(provider)
        except (KeyProblem, SealError) as error:
            raise OidcError("configuration", "a client key cannot be opened") from error
        if signing is None:
            raise OidcError("configuration", "no client key is in use")
        return Own(signing, decrypting)

    def _fence(self, provider):
        """Return what calls a provider, no longer than its record allows.

        :rtype: FencedSession
        """
        return self.env["g2p.spar.outgoing"].session(
            connect_seconds=provider.spar_connect_seconds,
            read_seconds=provider.spar_total_seconds,
            total_seconds=provider.spar_total_seconds,
            body_limit=BODY_LIMIT,
        )

    def _speak(self, provider, exchange, what, *args):
        """Speak with a provider while no transaction waits; keep what was learned.

        :raise OidcError: see ``begin`` and ``finish``
        """
        before = exchange.known
        self._give_back()
        try:
            return getattr(exchange, what)(*args)
        finally:
            if exchange.known != before:
                self._remember(provider.id, exchange.known)

    def _give_back(self):
        """End the transaction; another server may be slow."""
        self.env.cr.rollback()

    def _remember(self, provider_id, known):
        """Keep what was learned of a provider, in a transaction of its own.

        Of two who learn at the same time one is enough.
        """
        try:
            with self.env.registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                env["auth.oauth.provider"].browse(provider_id).write(
                    {
                        "spar_key_set": known.key_set,
                        "spar_key_set_at": _read_moment(known.key_set_at),
                        "spar_metadata": known.metadata,
                        "spar_metadata_at": _read_moment(known.metadata_at),
                    }
                )
        except psycopg2.Error:
            _logger.info("keys of provider %s are kept by another", provider_id)


def _known(provider):
    """Return what was learned of a provider before."""
    return Known(
        provider.spar_key_set or [],
        _write_moment(provider.spar_key_set_at),
        provider.spar_metadata or {},
        _write_moment(provider.spar_metadata_at),
    )


def _write_moment(moment):
    """Return a moment of a record (UTC) in seconds since the epoch; 0: none."""
    return moment.replace(tzinfo=UTC).timestamp() if moment else 0


def _read_moment(seconds):
    """Return seconds since the epoch as a moment of a record; False: none."""
    if not seconds:
        return False
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
