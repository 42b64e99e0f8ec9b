from odoo import api, fields, models


class G2PSparSenderSecretShow(models.TransientModel):
    """Shows a new client secret, once.

    Nothing of it is stored: the values travel to the screen as defaults, the
    secret has no column, and the only button closes the window.
    """

    _name = "g2p.spar.sender.secret.show"
    _description = "New Client Secret"

    client_id = fields.Char(string="Client ID", readonly=True)
    secret = fields.Char(string="Client Secret", readonly=True, store=False)

    @api.private
    def _show(self, sender, secret):
        """Return the action that opens the window.

        :param sender: whose secret it is
        :param str secret: in plain
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Secret of %(name)s", name=sender.name),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_client_id": sender.client_id,
                "default_secret": secret,
            },
        }
