from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.jose.keys import KeyRefused, load_key, read_jwk
from ..core.jose.profile import PartnerKey


class G2PSparPartnerKey(models.Model):
    """A public key of a partner: it verifies its signatures, or messages are
    encrypted for it.

    What is pasted is read once and only the public key is kept. A partner has as
    many keys as it needs to change from one to the next.
    """

    _name = "g2p.spar.partner.key"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Key of a Partner"
    _order = "sender_id, id desc"
    _rec_name = "kid"

    sender_id = fields.Many2one(
        "g2p.spar.sender",
        string="Partner",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    kid = fields.Char(
        string="Key ID",
        required=True,
        readonly=True,
        help="As the partner names the key in its signatures; else its thumbprint "
        "(RFC 7638).",
    )
    public_jwk = fields.Json(string="Public Key", required=True, readonly=True)
    thumbprint = fields.Char(required=True, readonly=True, help="RFC 7638.")
    kind = fields.Char(compute="_compute_kind")
    use = fields.Selection(
        [("sig", "Signatures"), ("enc", "Encryption")], required=True, readonly=True
    )
    algorithm = fields.Char(
        readonly=True, help="Empty: all algorithms of its kind that are allowed."
    )
    source = fields.Selection(
        [("pasted", "Pasted"), ("jwks", "Fetched")],
        required=True,
        readonly=True,
        default="pasted",
    )
    valid_from = fields.Datetime(help="Empty: at once.")
    valid_until = fields.Datetime(help="Empty: until it is deleted.")
    state = fields.Selection(
        [("valid", "Valid"), ("coming", "Not Yet Valid"), ("expired", "Expired")],
        compute="_compute_state",
    )

    _thumbprint_uniq = models.UniqueIndex(
        "(sender_id, use, thumbprint)", "The partner has this key already."
    )
    _kid_uniq = models.UniqueIndex(
        "(sender_id, use, kid)", "The partner has a key of this ID already."
    )

    # === COMPUTE METHODS === #

    @api.depends("public_jwk")
    def _compute_kind(self):
        for key in self:
            jwk = key.public_jwk or {}
            key.kind = " ".join(filter(None, (jwk.get("kty"), jwk.get("crv"))))

    @api.depends("valid_from", "valid_until")
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self:
            if key.valid_until and key.valid_until <= now:
                key.state = "expired"
            elif key.valid_from and key.valid_from > now:
                key.state = "coming"
            else:
                key.state = "valid"

    # === CONSTRAINT METHODS === #

    @api.constrains("valid_from", "valid_until")
    def _check_validity(self):
        for key in self:
            if key.valid_from and key.valid_until and key.valid_from >= key.valid_until:
                raise ValidationError(self.env._("A key must begin before it ends."))

    @api.constrains("public_jwk", "kid", "thumbprint", "use", "algorithm")
    def _check_key(self):
        """Let no other door store what is refused when it is pasted."""
        for key in self:
            try:
                found = read_jwk(key.public_jwk)
            except KeyRefused as error:
                raise ValidationError(error.sentence) from None
            said = (key.kid, key.use, key.algorithm or None, key.thumbprint)
            if said != (found.kid, found.use, found.alg, found.thumbprint):
                raise ValidationError(
                    self.env._("Key ID, use and algorithm must be those of the key.")
                )

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_vals(self, key):
        """Return the stored values of a key that was read.

        :param key: core.jose.keys.PublicKey
        :rtype: dict
        """
        return {
            "kid": key.kid,
            "public_jwk": key.jwk,
            "thumbprint": key.thumbprint,
            "use": key.use,
            "algorithm": key.alg,
            "valid_from": _naive(key.valid_from),
            "valid_until": _naive(key.valid_until),
        }

    def _take_over(self, sender, keys):
        """Make the fetched keys those that are published now.

        What is not published any more ends now and is kept, so that it can be
        seen what a signature was verified with; keys that were pasted stay.

        :param self: all keys of the partner
        :param sender: the partner
        :param keys: list of core.jose.keys.PublicKey
        """
        published = {(key.use, key.thumbprint): key for key in keys}
        fetched = self.filtered(lambda key: key.source == "jwks")
        for key in fetched:
            key._follow((key.use, key.thumbprint) in published)
        # A partner may give the name of a former key to a new one.
        names = {(key.use, key.kid) for key in keys}
        over = fetched.filtered(
            lambda key: (
                (key.use, key.thumbprint) not in published
                and (key.use, key.kid) in names
            )
        )
        over.unlink()
        rest = self - over
        known = {(key.use, key.thumbprint) for key in rest}
        taken = {(key.use, key.kid) for key in rest}
        self.create(
            [
                {**self._prepare_vals(key), "sender_id": sender.id, "source": "jwks"}
                for name, key in published.items()
                if name not in known and (key.use, key.kid) not in taken
            ]
        )

    def _follow(self, is_published):
        """End a fetched key that is no longer published; let one begin again."""
        if is_published and self.state == "expired":
            self.valid_until = False
        elif not is_published and self.state != "expired":
            self.valid_until = fields.Datetime.now()

    def _to_facts(self):
        """Return the key as a plain value.

        :rtype: core.jose.profile.PartnerKey
        """
        self.ensure_one()
        return PartnerKey(
            self.kid,
            self.use,
            self.algorithm or None,
            self.public_jwk,
            _seconds(self.valid_from),
            _seconds(self.valid_until),
            load_key(self.public_jwk),
        )


def _naive(moment):
    """Return an aware time as Odoo stores it, none for none."""
    return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)


def _seconds(moment):
    """Return a naive UTC time as seconds since the epoch, none for none."""
    return moment.replace(tzinfo=timezone.utc).timestamp() if moment else None
