from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.outgoing.address import normalize_host


class G2PSparOutgoingAddress(models.Model):
    """An address inside the own network which the registry may call.

    Without an entry only public addresses are called, and those only with TLS.
    """

    _name = "g2p.spar.outgoing.address"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Address That May Be Called"
    _order = "ip, port"
    _rec_name = "ip"

    ip = fields.Char(
        string="IP Address",
        required=True,
        help="One address such as 10.1.2.3 or fd00::5; names and networks are not "
        "accepted, because others could let them lead elsewhere.",
    )
    port = fields.Integer(help="0: any port of this address.")
    note = fields.Char(
        string="What Is There", required=True, help="For those who check this list."
    )

    _address_uniq = models.UniqueIndex(
        "(ip, port)", "This address and port are in the list already."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("port")
    def _check_port(self):
        if any(not 0 <= address.port < 65536 for address in self):
            raise ValidationError(
                self.env._("The port must be a number from 0 (any port) to 65535.")
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create entries; an address has one way to be written."""
        return super().create([self._normalize(vals) for vals in vals_list])

    def write(self, vals):
        """Write entries; an address has one way to be written."""
        return super().write(self._normalize(vals))

    def _normalize(self, vals):
        """Return values with the address in its normal form.

        :raise ValidationError: not one address of one host
        """
        if not vals.get("ip"):
            return vals
        try:
            return {**vals, "ip": normalize_host(vals["ip"])}
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "Write the IP address of one host, such as 10.1.2.3 or fd00::5."
                )
            ) from error
