from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..core.access_token import VerifiedTokens, invalid_token
from ..core.caller import Caller
from ..core.jose.errors import SignatureInvalid
from ..core.jose.keys import KeyRefused, load_key, read_jwk
from ..core.jose.outside import (
    IssuerFacts,
    VerifiedOutside,
    claimed_issuer,
    read_scope_map,
    verify_outside,
)
from ..core.jose.profile import PartnerKey
from ..core.sender import admit

#: By name of the database: a process may serve several.
_verified: dict[str, VerifiedTokens] = {}


class G2PSparIssuer(models.Model):
    """Somebody else who issues access tokens that are accepted here.

    A token lets in the partner whose name with the issuer it carries, and it
    covers what its scopes are worth here and the partner holds anyway.
    """

    _name = "g2p.spar.issuer"
    _inherit = ["g2p.spar.facts.mixin", "g2p.spar.fetched.keys.mixin"]
    _description = "Issuer of Access Tokens"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(
        default=True, help="Tokens of an archived issuer are refused at once."
    )
    issuer = fields.Char(
        required=True,
        help="As it stands in its tokens (iss), letter by letter, for example "
        "https://id.example.org/realms/social.",
    )
    audience = fields.Char(
        required=True,
        default="g2p-spar-mapper",
        help="How its tokens must name this registry (aud).",
    )
    client_claim = fields.Char(
        required=True,
        default="client_id",
        help="The claim that names the partner's program, for example client_id, azp "
        "or sub.",
    )
    scope_claim = fields.Char(
        required=True,
        default="scope",
        help="The claim that lists scopes or roles; a dot leads into an object, for "
        "example realm_access.roles.",
    )
    scope_map = fields.Text(
        help="A line for each scope of theirs, for example: payments = mapper.resolve "
        "mapper.status. An asterisk stands for every token. Empty: the scopes of this "
        "registry under their own names.",
    )
    use_rs256 = fields.Boolean(string="RS256", default=True)
    use_ps256 = fields.Boolean(string="PS256", default=True)
    use_es256 = fields.Boolean(string="ES256", default=True)
    use_eddsa = fields.Boolean(string="EdDSA", default=True)
    key_set = fields.Json(readonly=True, copy=False)
    key_names = fields.Text(string="Keys", compute="_compute_key_names")
    sender_ids = fields.One2many("g2p.spar.sender", "issuer_id", string="Partners")

    _issuer_uniq = models.UniqueIndex("(issuer)", "This issuer is registered already.")

    # === COMPUTE METHODS === #

    @api.depends("key_set")
    def _compute_key_names(self):
        for issuer in self:
            issuer.key_names = "\n".join(jwk["kid"] for jwk in issuer.key_set or [])

    # === CONSTRAINT METHODS === #

    @api.constrains("scope_map")
    def _check_scope_map(self):
        for issuer in self:
            try:
                read_scope_map(issuer.scope_map or "")
            except ValueError as error:
                raise ValidationError(str(error)) from None

    @api.constrains("key_set")
    def _check_key_set(self):
        """Let no other door store what is refused when it is fetched."""
        for issuer in self:
            try:
                for jwk in issuer.key_set or []:
                    read_jwk(jwk)
            except KeyRefused as error:
                raise ValidationError(error.sentence) from None

    # === BUSINESS METHODS === #

    @api.private
    def is_registered_for(self, text):
        """Whether a token names one of the issuers; nothing is verified.

        :param str text: the token
        :rtype: bool
        """
        issuers = self._issuers()
        return bool(issuers) and claimed_issuer(text) in issuers

    @api.private
    def verify_token(self, text, now):
        """Say whose token of an outside issuer this is.

        As with our own, a signature is checked once in each process.

        :param str text: the token
        :param float now: seconds since the epoch
        :rtype: Caller
        :raise Unauthorized: it is of no use
        """
        issuer = self._issuers().get(claimed_issuer(text))
        if issuer is None:
            raise invalid_token()
        claims = self._verify(text, issuer, now)
        senders = self.env["g2p.spar.sender"]
        client_id = senders.get_client_of(issuer.record_id, claims.client_id)
        facts = admit(claims, client_id and senders.get_facts(client_id), now)
        return Caller(facts, claims.scopes, "issuer")

    def _verify(self, text, issuer, now):
        """Return the claims of a token.

        :rtype: core.access_token.Claims
        :raise Unauthorized: it is not valid
        """
        verified = _verified.setdefault(self.env.cr.dbname, VerifiedTokens())
        known = verified.get(text, now)
        if known and known.issuer is issuer:
            return known.claims
        try:
            claims = self._verify_anew(text, issuer, now)
        except SignatureInvalid as error:
            raise invalid_token() from error
        verified.remember(text, VerifiedOutside(claims, issuer, claims.expires_at))
        return claims

    def _verify_anew(self, text, issuer, now):
        try:
            return verify_outside(text, issuer, now)
        except SignatureInvalid as error:
            record = self.browse(issuer.record_id)
            if error.reason != "unknown_key" or not record.refresh():
                raise
            return verify_outside(text, self._issuers()[issuer.issuer], now)

    @ormcache()
    def _issuers(self):
        # Whose token it is must be found out before the caller has any rights.
        issuers_sudo = self.sudo().search([("active", "=", True)])
        return {issuer.issuer: issuer._to_facts() for issuer in issuers_sudo}

    def _to_facts(self):
        self.ensure_one()
        return IssuerFacts(
            self.id,
            self.issuer,
            self.audience,
            algorithms_of(self),
            tuple(_to_key(jwk) for jwk in self.key_set or []),
            self.client_claim,
            self.scope_claim,
            read_scope_map(self.scope_map or ""),
        )

    def _store_key_set(self, keys):
        """Keep the keys for signatures that are published now."""
        self.key_set = [key.jwk for key in keys if key.use == "sig"]


#: Field -> names of the algorithm in signatures.
_ALGORITHMS = {
    "use_rs256": ("RS256",),
    "use_ps256": ("PS256",),
    "use_es256": ("ES256",),
    "use_eddsa": ("EdDSA", "Ed25519"),
}


def algorithms_of(record):
    """Return the algorithms that are ticked on an issuer or a partner.

    :rtype: frozenset[str]
    """
    return frozenset(
        name for field, names in _ALGORITHMS.items() if record[field] for name in names
    )


def _to_key(jwk):
    alg = jwk.get("alg")
    return PartnerKey(jwk["kid"], "sig", alg, jwk, None, None, load_key(jwk))
