import psycopg2

from odoo import models
from odoo.http import request

from ..core.errors import Refusal
from ..exceptions import HttpRefusal
from ..http import boundary, to_refusal


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_g2p_connect(cls):
        """Let a sender in that proves who it is, and nobody else.

        The call then runs as the sender's technical user. Requests are counted
        here, so that one that is refused further on counts as well.
        """
        dispatcher = request.dispatcher
        try:
            with boundary():
                access = request.env["g2p.spar.access"]
                caller = access.authenticate(dispatcher.credentials)
                dispatcher.audit.sender = caller.facts.sender_id
                dispatcher.audit.via = caller.via
                if dispatcher.caller is None:
                    # Not when Odoo runs the same request again after a conflict.
                    access.count_request(caller.facts)
        except (Refusal, psycopg2.Error) as fault:
            raise HttpRefusal(to_refusal(fault)) from None
        dispatcher.caller = caller
        # With a language named, Odoo need not read user, company and partner to
        # find one.
        language = request.env["res.lang"].get_installed()[0][0]
        request.update_env(user=caller.facts.user_id, context={"lang": language})
