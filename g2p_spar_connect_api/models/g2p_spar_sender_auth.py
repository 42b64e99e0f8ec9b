from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..core.access_token import AUDIENCE
from ..core.jose.directory import Listed, list_senders, partner_name
from ..core.jose.profile import AuthFacts, Policy
from .g2p_spar_issuer import algorithms_of

#: A day: public clients send local time without a zone.
WINDOW_SECONDS = 86_400


class G2PSparSender(models.Model):
    """What a partner may come in with, and how it is checked."""

    _name = "g2p.spar.sender"
    _inherit = ["g2p.spar.sender", "g2p.spar.fetched.keys.mixin"]

    # === FIELDS: TOKENS === #

    own_tokens = fields.Boolean(
        string="Tokens of This Registry",
        default=True,
        help="Client ID and secret get an access token here.",
    )
    issuer_id = fields.Many2one(
        "g2p.spar.issuer",
        string="Tokens of an Issuer",
        ondelete="restrict",
        index="btree_not_null",
    )
    issuer_client = fields.Char(
        string="Its Name There", help="How the issuer's tokens name this partner."
    )

    # === FIELDS: SIGNATURES === #

    key_ids = fields.One2many("g2p.spar.partner.key", "sender_id", string="Keys")
    signature_policy = fields.Selection(
        [
            ("ignored", "Not looked at"),
            ("checked", "Checked when there is one"),
            ("required", "Required"),
        ],
        string="Signature Beside a Token",
        required=True,
        default="ignored",
    )
    signature_alone = fields.Boolean(
        string="A Signature Is Enough",
        help="Without a token a message is then taken in when it is signed with a key "
        "of this partner; it may do all that the partner may.",
    )
    header_signature = fields.Boolean(
        string="In the HTTP Header",
        default=True,
        help="A JWS in the header Signature, whole or detached.",
    )
    body_signature = fields.Boolean(
        string="In the Message",
        default=True,
        help="The field signature of the envelope, as G2P Connect specifies it "
        "(Ed25519).",
    )
    bare_token = fields.Boolean(
        string="JWT Instead of a Token",
        help="A JWT in the header Authorization that repeats the message, as the SPAR "
        "1.1 connector sends it.",
    )
    token_issuer = fields.Char(
        string="Issuer in the JWT", help="iss; empty: the sender ID."
    )
    token_audience = fields.Char(
        string="Audience in the JWT",
        default=AUDIENCE,
        help="aud: how the partner's JWT must name this registry.",
    )
    use_rs256 = fields.Boolean(string="RS256", default=True)
    use_ps256 = fields.Boolean(string="PS256", default=True)
    use_es256 = fields.Boolean(string="ES256", default=True)
    use_eddsa = fields.Boolean(string="EdDSA", default=True)
    replay_seconds = fields.Integer(
        string="Age of Signed Messages (Seconds)",
        default=WINDOW_SECONDS,
        help="A signed message whose time (message_ts) is further away is refused, and "
        "a JWT with an ID (jti) is taken once. Public clients send local time without "
        "a zone: under a day some of them are kept out. 0: any age.",
    )

    # === FIELDS: ANSWERS === #

    sign_answers = fields.Selection(
        [("ES256", "With ES256"), ("RS256", "With RS256")],
        help="Answers then carry the header Signature, a detached JWS; our keys are at "
        "/spar/v1/oauth2/jwks.json. Callbacks are always signed.",
    )

    # === CONSTRAINTS AND INDEXES === #

    _issuer_client_uniq = models.UniqueIndex(
        "(issuer_id, issuer_client) WHERE issuer_id IS NOT NULL",
        "Another partner has this name with the issuer already.",
    )
    _replay_range = models.Constraint(
        "CHECK (replay_seconds BETWEEN 0 AND 604800)",
        "The age of signed messages must be between 0 seconds and a week.",
    )

    @api.constrains("issuer_id", "issuer_client")
    def _check_issuer_client(self):
        for sender in self:
            if sender.issuer_id and not (sender.issuer_client or "").strip():
                raise ValidationError(
                    self.env._("Say how the issuer's tokens name this partner.")
                )

    @api.constrains("bare_token", "token_audience")
    def _check_audience(self):
        for sender in self:
            if sender.bare_token and not (sender.token_audience or "").strip():
                raise ValidationError(
                    self.env._("Say how the partner's JWT names this registry (aud).")
                )

    @api.constrains("sign_answers")
    def _check_sign_answers(self):
        """Make the keys now: an answer may be written where nothing can be stored."""
        for algorithm in {sender.sign_answers for sender in self} - {False}:
            self.env["g2p.spar.own.key"].get_signing_key("message", algorithm)

    # === BUSINESS METHODS === #

    @api.private
    def get_directory(self):
        """Return who may come in with a signature alone.

        :rtype: core.jose.directory.Directory
        """
        return self._directory()

    @api.private
    def get_client_of(self, issuer_id, name):
        """Return the client id of a partner by its name with an issuer.

        :rtype: str | None
        """
        return self._issuer_clients().get((issuer_id, name))

    @ormcache()
    def _directory(self):
        # Who a caller is must be found out before it has any rights.
        senders_sudo = self.sudo().search(
            ["|", ("signature_alone", "=", True), ("bare_token", "=", True)]
        )
        return list_senders(sender._to_listed() for sender in senders_sudo)

    @ormcache()
    def _issuer_clients(self):
        # As above.
        senders_sudo = self.sudo().search([("issuer_id", "!=", False)])
        return {
            (sender.issuer_id.id, sender.issuer_client): sender.client_id
            for sender in senders_sudo
        }

    def _to_listed(self):
        self.ensure_one()
        return Listed(
            self.client_id,
            (self.mnemonic, partner_name(self.mnemonic)),
            tuple(self.key_ids.filtered(lambda key: key.use == "sig").mapped("kid")),
            (self.token_issuer or self.mnemonic) if self.bare_token else "",
        )

    def _facts_values(self):
        return super()._facts_values() | {"auth": self._to_auth()}

    def _to_auth(self):
        """Return the profile as a plain value; to be called with all rights."""
        return AuthFacts(
            own_tokens=self.own_tokens,
            issuer_id=self.issuer_id.id or None,
            policy=Policy(self.signature_policy),
            alone=self.signature_alone,
            header_form=self.header_signature,
            body_form=self.body_signature,
            bare_form=self.bare_token,
            algorithms=algorithms_of(self),
            keys=tuple(key._to_facts() for key in self.key_ids),
            token_issuer=self.token_issuer or self.mnemonic,
            token_audience=self.token_audience or "",
            window=self.replay_seconds,
            signs=self.sign_answers or None,
            has_address=bool(self.jwks_url),
        )

    def _store_key_set(self, keys):
        """Make the fetched keys those that are published now."""
        self.key_ids._take_over(self, keys)
