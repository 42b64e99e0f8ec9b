from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.jose.keys import KeyRefused, read_keys


class G2PSparPartnerKeyAdd(models.TransientModel):
    """Takes keys of a partner that somebody pastes.

    The text is read before anything is stored and has no column: a private key
    that is pasted by mistake is refused and kept nowhere.
    """

    _name = "g2p.spar.partner.key.add"
    _description = "Add Keys of a Partner"

    sender_id = fields.Many2one(
        "g2p.spar.sender", string="Partner", required=True, readonly=True
    )
    pasted = fields.Text(
        string="Keys",
        store=False,
        help="Certificates or public keys in PEM, a JWK or a JWK Set; several at "
        "once if you like.",
    )
    found = fields.Json(string="Keys Found", readonly=True)
    use = fields.Selection(
        [("sig", "Signatures"), ("enc", "Encryption")],
        help="For keys that do not say it themselves. Empty: signatures.",
    )
    kid = fields.Char(
        string="Key ID",
        help="As the partner names the key in its signatures, if it is not in the key.",
    )
    valid_from = fields.Datetime(help="Empty: at once, or as the certificate says.")
    valid_until = fields.Datetime(
        help="Empty: until it is deleted, or as the certificate says."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Read what was pasted; only public keys are stored."""
        return super().create([self._read(vals) for vals in vals_list])

    def write(self, vals):
        """Read what was pasted; only public keys are stored."""
        return super().write(self._read(vals))

    # === ACTIONS === #

    def action_add(self):
        """Register the keys.

        :raise UserError: nothing was pasted
        """
        self.ensure_one()
        if not self.found:
            raise UserError(self.env._("Paste at least one public key."))
        said = {
            name: self[name] for name in ("valid_from", "valid_until") if self[name]
        }
        self.env["g2p.spar.partner.key"].create(
            [vals | said | {"sender_id": self.sender_id.id} for vals in self.found]
        )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _read(self, vals):
        """Return values in which the keys stand for what was pasted.

        :raise UserError: one of them cannot be used; nothing is kept
        """
        if not vals.get("pasted"):
            return vals
        try:
            keys = read_keys(vals["pasted"], vals.get("use") or self[:1].use or None)
        except KeyRefused as error:
            raise UserError(error.sentence) from None
        kid = vals.get("kid") or self[:1].kid
        if kid and len(keys) > 1:
            raise UserError(self.env._("A key ID can be given to one key only."))
        table = self.env["g2p.spar.partner.key"]
        read = [table._prepare_vals(_rename(key, kid)) for key in keys]
        return {**vals, "pasted": False, "found": [_to_json(one) for one in read]}


def _rename(key, kid):
    return key._replace(kid=kid, jwk=key.jwk | {"kid": kid}) if kid else key


def _to_json(vals):
    times = ("valid_from", "valid_until")
    return vals | {name: fields.Datetime.to_string(vals[name]) for name in times}
