from odoo import api, models

from odoo.addons.g2p_spar_portal.core.oidc.errors import OidcError

from ..const import CAPTURE


class G2PSparLogin(models.AbstractModel):
    """A login on an agent's device proves presence, and opens nothing.

    The person gets no session: the agent's goes on, and the login ends with what it
    proved. The provider is told to ask anew each time (``prompt=login``).
    """

    _inherit = "g2p.spar.login"

    @api.private
    def start_capture(self, provider_id, browser, address, return_path):
        """Begin the login of the person before the agent.

        Parameters and result are those of :meth:`start`.
        """
        provider = self.open_providers().filtered(lambda one: one.id == provider_id)
        return self._start(
            CAPTURE,
            provider,
            browser,
            address,
            return_path=return_path,
        )

    def _verify(self, taken, params, current_identity):
        attempt = super()._verify(taken, params, current_identity)
        is_capture = taken.pending.purpose == CAPTURE
        if is_capture and attempt.verified.auth_time is None:
            raise OidcError("login_too_old", "a proof without auth_time")
        return attempt

    @api.private
    def sign_in(self, session, attempt):
        """Put the person into a session; before an agent nobody is put into one."""
        if attempt.taken.pending.purpose != CAPTURE:
            return super().sign_in(session, attempt)
        return self.env["g2p.spar.agent.desk"].take_login(attempt)

    @api.private
    def failure_path(self, attempt):
        """Return where it is said why a login failed: to the agent, at the capture."""
        taken = attempt.taken
        if taken and taken.pending.purpose == CAPTURE:
            return f"{taken.return_path}/proof?login={attempt.code}"
        return super().failure_path(attempt)
