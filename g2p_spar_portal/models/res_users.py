import hmac

from odoo import models
from odoo.exceptions import AccessDenied

from ..const import CREDENTIAL

#: Under which name the ticket of a login waits with its transaction.
_TICKET = "g2p_spar_ticket"


class ResUsers(models.Model):
    """A user that stands for a beneficiary has one door: a login at the provider."""

    _inherit = "res.users"

    def _spar_issue_ticket(self, ticket):
        """Let the holder of a ticket log in as this user, once.

        It waits with the transaction, in memory, and ends with it: no other
        request can use it.

        :param str ticket: a text nobody can guess
        """
        self.ensure_one()
        self.env.cr.cache[_TICKET] = (self.id, ticket)

    def _spar_credential(self, ticket):
        """Return what :meth:`_check_credentials` takes for a ticket of this user."""
        return {"type": CREDENTIAL, "login": self.login, "token": ticket}

    def _check_credentials(self, credential, env):
        if credential["type"] == CREDENTIAL:
            return self._spar_check_ticket(credential)
        if self.env["g2p.spar.identity"]._is_user(self.env.user.ids):
            raise AccessDenied()
        return super()._check_credentials(credential, env)

    def _spar_check_ticket(self, credential):
        """Log in with the ticket of this very transaction, and use it up."""
        uid, ticket = self.env.cr.cache.pop(_TICKET, (None, ""))
        shown = credential.get("token") or ""
        is_right = ticket and hmac.compare_digest(ticket.encode(), shown.encode())
        if not is_right or uid != self.env.uid or not self.env.user.active:
            raise AccessDenied()
        return {"uid": uid, "auth_method": CREDENTIAL, "mfa": "skip"}
