import json
import os
import re
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.oidc.own_key import (
    EC,
    RSA,
    TEXT_LIMIT,
    KeyProblem,
    kind_of,
    new_key,
    open_private,
    public_jwk,
    read_private,
    seal_private,
)
from ..core.said import _lt
from .said import say

#: No other variable of the server's environment can be named.
_VARIABLE = re.compile(r"G2P_SPAR_[A-Z0-9_]{1,80}")
#: What decides which key this is; set once.
_FIXED = {"provider_id", "purpose", "kind", "source", "place"}


class G2PSparOidcKey(models.Model):
    """A private key with which the portal proves at a provider who it is.

    It is made here and sealed with a key from outside the database, or stays in a
    file or a variable of the server. One key of a purpose is in use; a new one is
    registered at the provider before it takes over, and a retired one still
    decrypts what was encrypted for it.
    """

    _name = "g2p.spar.oidc.key"
    _description = "Client Key at a Login Provider"
    _order = "provider_id, purpose, id desc"
    _rec_name = "kid"

    provider_id = fields.Many2one(
        "auth.oauth.provider", required=True, index=True, ondelete="cascade"
    )
    purpose = fields.Selection(
        [("sign", "Proves Who We Are"), ("decrypt", "Opens User Data")],
        required=True,
        default="sign",
    )
    kind = fields.Selection([(RSA, "RSA"), (EC, "EC P-256")], default=RSA)
    source = fields.Selection(
        [
            ("sealed", "Made Here"),
            ("file", "File of the Server"),
            ("variable", "Variable of the Server"),
        ],
        required=True,
        default="sealed",
    )
    place = fields.Char(
        string="File or Variable",
        help="Path of a file, or name of a variable that begins with G2P_SPAR_: a "
        "private key as PEM or JWK.",
    )
    kid = fields.Char(
        string="Key ID",
        help="As it is registered at the provider. Empty: the thumbprint (RFC 7638).",
    )
    state = fields.Selection(
        [("new", "To Be Registered"), ("current", "In Use"), ("retired", "Retired")],
        required=True,
        readonly=True,
        default="new",
        copy=False,
    )
    public_jwk = fields.Json(readonly=True, copy=False)
    public_text = fields.Text(
        string="Public Key",
        compute="_compute_public_text",
        help="Register this at the provider.",
    )
    private_sealed = fields.Text(
        readonly=True, copy=False, prefetch=False, groups=fields.NO_ACCESS
    )
    current_from = fields.Datetime(string="In Use Since", readonly=True, copy=False)
    retired_at = fields.Datetime(string="Retired On", readonly=True, copy=False)

    _current_uniq = models.UniqueIndex(
        "(provider_id, purpose) WHERE state = 'current'",
        "Of each purpose one key is in use.",
    )

    # === COMPUTE METHODS === #

    @api.depends("public_jwk", "kid")
    def _compute_public_text(self):
        for key in self:
            jwk = key.public_jwk and {**key.public_jwk, "kid": key.kid}
            key.public_text = jwk and json.dumps(jwk, indent=2, sort_keys=True)

    # === CONSTRAINT METHODS === #

    @api.constrains("source", "place")
    def _check_place(self):
        for key in self:
            if key.source == "file" and not Path(key.place or "").is_absolute():
                raise ValidationError(self.env._("Write the whole path of the file."))
            if key.source == "variable" and not _VARIABLE.fullmatch(key.place or ""):
                raise ValidationError(
                    self.env._(
                        "Write the name of a variable that begins with G2P_SPAR_, in "
                        "capital letters."
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create keys: make them, or read them where they are.

        :raise ValidationError: a key cannot be read or is not fit
        """
        keys = super().create(
            [
                {k: v for k, v in vals.items() if k not in _SET_BY_US}
                for vals in vals_list
            ]
        )
        for key in keys:
            key._fill()
        return keys

    def write(self, vals):
        """Write keys; which key it is never changes.

        :raise ValidationError: it would
        """
        if _FIXED & vals.keys():
            raise ValidationError(
                self.env._("A key stays what it is: make a new one instead.")
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_use(self):
        """Let a key take over from the one in use."""
        self.ensure_one()
        self.check_access("write")
        now = fields.Datetime.now()
        same = [("provider_id", "=", self.provider_id.id), ("state", "=", "current")]
        before = self.search([*same, ("purpose", "=", self.purpose)]) - self
        before.write({"state": "retired", "retired_at": now})
        self.flush_model()
        self.write({"state": "current", "current_from": now, "retired_at": False})

    def action_retire(self):
        """Sign with a key no more."""
        self.check_access("write")
        self.write({"state": "retired", "retired_at": fields.Datetime.now()})

    # === BUSINESS METHODS === #

    @api.private
    def signing_key(self, provider):
        """Return the key that signs for a provider, and its name there.

        :return: tuple of key and kid; none where no key is in use
        :raise KeyProblem: it cannot be read
        :raise SealError: it cannot be opened
        """
        # Nobody who logs in has rights on keys; only the system uses them.
        key_sudo = self.sudo().search(
            [
                ("provider_id", "=", provider.id),
                ("purpose", "=", "sign"),
                ("state", "=", "current"),
            ]
        )
        return (key_sudo._open(), key_sudo.kid) if key_sudo else None

    @api.private
    def decryption_keys(self, provider):
        """Return all keys that open user data of a provider, the newest first.

        :rtype: list[ECKey | RSAKey]
        :raise KeyProblem: one cannot be read
        :raise SealError: one cannot be opened
        """
        # Nobody who logs in has rights on keys; only the system decrypts with them.
        keys_sudo = self.sudo().search(
            [("provider_id", "=", provider.id), ("purpose", "=", "decrypt")]
        )
        return [key_sudo._open() for key_sudo in keys_sudo]

    def _fill(self):
        """Make or read the key of a new record, and show its public half."""
        # The private half is written by the system only.
        self_sudo = self.sudo()
        try:
            key = new_key(self.kind or RSA) if self.source == "sealed" else self._open()
        except KeyProblem as error:
            said = say(self.env, error.sentence, error.values)
            raise ValidationError(said) from error
        kid = self.kid or key.thumbprint()
        values = {
            "kid": kid,
            "public_jwk": public_jwk(key, self.purpose == "sign", kid),
        }
        if self.source == "sealed":
            values["private_sealed"] = seal_private(key)
        # Past our own write, which refuses to change which key it is.
        # pylint: disable-next=super-method-mismatch
        return super(G2PSparOidcKey, self_sudo).write(values | {"kind": kind_of(key)})

    def _open(self):
        """Return the private key.

        :raise KeyProblem: it cannot be read or is not fit
        :raise SealError: it cannot be opened
        """
        self.ensure_one()
        if self.source == "sealed":
            return open_private(self.private_sealed)
        return read_private(self._read_place())

    def _read_place(self):
        """Return what stands in the file or the variable.

        :rtype: bytes
        :raise KeyProblem: nothing can be read there
        """
        self._check_place()
        if self.source == "variable":
            return os.environ.get(self.place, "").encode()
        try:
            with Path(self.place).open("rb") as file:
                return file.read(TEXT_LIMIT)
        except OSError as error:
            raise KeyProblem(
                _lt(
                    "The key file cannot be read: check that it exists and that the"
                    " server may read it."
                )
            ) from error


_SET_BY_US = ("state", "public_jwk", "private_sealed", "current_from", "retired_at")
