from odoo import api, models


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
        raise NotImplementedError

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
        raise NotImplementedError
