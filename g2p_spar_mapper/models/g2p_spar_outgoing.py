import os

from odoo import api, models
from odoo.tools import ormcache

from ..core.outgoing.address import Allowed
from ..outgoing.session import FencedSession

#: Variable of the server's environment with the path of a file of certificate
#: authorities which are trusted besides the public ones.
CA_FILE_VARIABLE = "G2P_SPAR_CA_FILE"


class G2PSparOutgoing(models.AbstractModel):
    """The way out: whatever the registry calls, it calls through here."""

    _name = "g2p.spar.outgoing"
    _description = "Calls to Other Servers"

    @api.private
    def session(self, **limits):
        """Return a session that calls public addresses and allowed ones only.

        To be used outside a writing transaction: another server may be slow.

        :param limits: of time and size, see :class:`FencedSession`
        :rtype: FencedSession
        """
        ca_file = os.environ.get(CA_FILE_VARIABLE) or None
        return FencedSession(self._allowed(), ca_file=ca_file, **limits)

    @ormcache()
    def _allowed(self):
        # The rule holds for every caller, whoever may read the list.
        addresses_sudo = self.env["g2p.spar.outgoing.address"].sudo()
        addresses_sudo = addresses_sudo.search([("ip", "!=", False)])
        return frozenset(Allowed(one.ip, one.port) for one in addresses_sudo)
