from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..core.oidc import settings as rules
from .said import say

_ALGORITHMS = [(name, name) for name in rules.SIGNATURE_ALGS]
#: Fields of words -> what reads them.
_READERS = {
    "spar_claims": rules.read_claims,
    "spar_acr_values": rules.read_acr,
    "spar_step_up_acr_values": rules.read_acr,
    "spar_ui_locales": rules.read_locales,
    "spar_claims_locales": rules.read_locales,
    "spar_id_token_algs": lambda text: rules.read_words(text, rules.SIGNATURE_ALGS),
    "spar_userinfo_algs": lambda text: rules.read_words(text, rules.SIGNATURE_ALGS),
    "spar_jwe_algs": lambda text: rules.read_words(text, rules.KEY_ENCRYPTION_ALGS),
    "spar_jwe_encs": lambda text: rules.read_words(text, rules.CONTENT_ENCRYPTIONS),
}
#: Fields of addresses that are called or shown to browsers.
_ADDRESSES = (
    "auth_endpoint",
    "validation_endpoint",
    "spar_discovery_url",
    "spar_token_endpoint",
    "spar_jwks_url",
    "spar_par_endpoint",
)
#: Fields without which nobody can log in.
_NEEDED = (
    "client_id",
    "scope",
    "spar_issuer",
    "spar_client_alg",
    "spar_use_par",
    "spar_userinfo_signed",
    "spar_userinfo_encrypted",
    "spar_userinfo_plain",
    *_ADDRESSES,
)
#: Where a provider describes itself and has its keys, and what was fetched there.
_SOURCES = {"spar_issuer", "spar_discovery_url", "spar_jwks_url"}
_FETCHED = ("spar_metadata", "spar_metadata_at", "spar_key_set", "spar_key_set_at")
#: What the addresses of :meth:`_spar_form_targets` depend on.
_TARGETS = {"auth_endpoint", "spar_enabled_for_portal"}
_NUMBERS = (
    "spar_leeway",
    "spar_step_up_seconds",
    "spar_connect_seconds",
    "spar_total_seconds",
    "spar_transaction_minutes",
)


class AuthOauthProvider(models.Model):
    """A provider of OpenID Connect at which beneficiaries log in.

    One of the portal's is never one of Odoo's own log-in page (``enabled``): that
    one knows neither codes nor signatures. It is offered, and its answers are
    taken, while ``spar_enabled_for_portal`` is set.
    """

    _name = "auth.oauth.provider"
    _inherit = ["auth.oauth.provider", "g2p.spar.facts.mixin"]

    spar_is_portal = fields.Boolean(
        string="For Beneficiaries",
        help="Beneficiaries log in here to the portal; nobody logs in here to the back "
        "office.",
    )
    spar_enabled_for_portal = fields.Boolean(
        string="Offered on the Portal",
        help="While this is off, nobody logs in through this provider, not even those "
        "who have begun.",
    )
    spar_id_type_id = fields.Many2one(
        "g2p.spar.id.type",
        string="ID Type",
        ondelete="restrict",
        help="How the ID of a person is made of what the provider says: its template, "
        "such as token:{sub}@nationalId.",
    )
    spar_key_ids = fields.One2many(
        "g2p.spar.oidc.key", "provider_id", string="Client Keys"
    )

    # Where

    spar_discovery_url = fields.Char(
        string="Discovery Address",
        help="Where the provider describes itself, often "
        "https://…/.well-known/openid-configuration. Addresses entered here go before "
        "those it names.",
    )
    spar_issuer = fields.Char(
        string="Issuer",
        help="The name of the provider in its tokens (iss), letter by letter. What it "
        "says of itself under another name is refused.",
    )
    spar_token_endpoint = fields.Char(string="Token Address")
    spar_jwks_url = fields.Char(string="Address of the Keys")
    spar_par_endpoint = fields.Char(string="Address for Pushed Requests")

    # What is asked

    spar_claims = fields.Text(
        string="Claims",
        help="The claims parameter of OpenID Connect, JSON: what is asked about the "
        "person, and why.",
    )
    spar_acr_values = fields.Char(
        string="Proof for a Login",
        help="Ways to prove the identity (acr), separated by spaces; one of them must "
        "have been used. Empty: the provider decides.",
    )
    spar_step_up_acr_values = fields.Char(
        string="Proof for a Change",
        help="Ways to prove the identity anew before the account is changed; one of "
        "them must have been used. Empty: as for a login.",
    )
    spar_step_up_seconds = fields.Integer(
        string="Proof for a Change Lasts",
        default=300,
        help="Seconds since the person proved the identity, at most.",
    )
    spar_ui_locales = fields.Char(
        string="Languages of Its Pages",
        help="Codes of two letters, separated by spaces. The language of the person is "
        "asked for when it is among them.",
    )
    spar_claims_locales = fields.Char(
        string="Languages of Claims", help="Sent as it is (claims_locales)."
    )
    spar_prompt = fields.Selection(
        [("login", "Log In Again"), ("consent", "Ask for Consent")], string="Prompt"
    )
    spar_step_up_prompt = fields.Selection(
        [("login", "Log In Again"), ("consent", "Ask for Consent")],
        string="Prompt for a Change",
    )
    spar_display = fields.Selection(
        [("page", "Page"), ("popup", "Pop-up"), ("touch", "Touch"), ("wap", "WAP")],
        string="Display",
    )
    spar_use_par = fields.Boolean(
        string="Push Requests",
        help="Requests go to the provider directly (PAR, RFC 9126), not through the "
        "browser.",
    )

    # How we prove who we are

    spar_client_alg = fields.Selection(
        _ALGORITHMS, string="Signature of the Client", default="PS256"
    )
    spar_assertion_audience = fields.Selection(
        [("token_endpoint", "Token Address"), ("issuer", "Issuer")],
        string="Assertions Are For",
        default="token_endpoint",
        help="Whom the client's assertion names as its audience (aud).",
    )
    spar_use_kid = fields.Boolean(
        string="Name the Key",
        help="Assertions name the key that signed them (kid), as it is registered at "
        "the provider. eSignet does not need it.",
    )
    spar_use_dpop = fields.Boolean(
        string="Bind Tokens",
        help="Tokens are bound to a key that exists for one login only (DPoP, "
        "RFC 9449).",
    )

    # What is believed

    spar_id_token_algs = fields.Char(
        string="Signatures of ID Tokens",
        default="PS256 RS256",
        help="Separated by spaces: RS256, PS256, ES256.",
    )
    spar_userinfo_signed = fields.Boolean(string="Signed User Data", default=True)
    spar_userinfo_encrypted = fields.Boolean(string="Encrypted and Signed User Data")
    spar_userinfo_plain = fields.Boolean(
        string="Unsigned User Data",
        help="The provider answers with plain JSON: only the connection protects it.",
    )
    spar_userinfo_algs = fields.Char(
        string="Signatures of User Data", default="PS256 RS256"
    )
    spar_jwe_algs = fields.Char(
        string="Encryption of Keys",
        default="RSA-OAEP-256",
        help="Separated by spaces: RSA-OAEP-256, ECDH-ES, ECDH-ES+A256KW.",
    )
    spar_jwe_encs = fields.Char(
        string="Encryption of Content",
        default="A256GCM",
        help="Separated by spaces: A128GCM, A192GCM, A256GCM, A128CBC-HS256, "
        "A256CBC-HS512.",
    )
    spar_may_lack_iss = fields.Boolean(
        string="Answers May Lack the Issuer",
        help="The browser may come back without naming the provider: wallet logins of "
        "eSignet and releases before 1.7. A wrong name is refused in any event.",
    )
    spar_is_fresh = fields.Boolean(
        string="Each Login Is a New One",
        help="The provider keeps nobody logged in, so a proof older than the login "
        "itself is refused.",
    )
    spar_leeway = fields.Integer(
        string="Difference of Clocks", default=30, help="Seconds, at most 120."
    )

    # How long

    spar_connect_seconds = fields.Integer(string="Seconds to Connect", default=5)
    spar_total_seconds = fields.Integer(string="Seconds for an Answer", default=15)
    spar_transaction_minutes = fields.Integer(
        string="Minutes for a Login",
        default=15,
        help="What a person may take at the provider's pages; 35 where a new ID is "
        "checked on the way (e-KYC).",
    )

    # What was fetched

    # Not prefetched: they are long, and every page of a person reads the provider.
    spar_key_set = fields.Json(
        string="Keys of the Provider", readonly=True, copy=False, prefetch=False
    )
    spar_key_set_at = fields.Datetime(
        string="Keys Fetched On", readonly=True, copy=False
    )
    spar_metadata = fields.Json(
        string="What the Provider Says of Itself",
        readonly=True,
        copy=False,
        prefetch=False,
    )
    spar_metadata_at = fields.Datetime(
        string="Description Fetched On", readonly=True, copy=False
    )

    _spar_not_both = models.Constraint(
        "CHECK (spar_is_portal IS NOT TRUE OR enabled IS NOT TRUE)",
        "A provider for beneficiaries cannot be one of Odoo's own log-in page: untick "
        "Allowed.",
    )
    _spar_only_portal = models.Constraint(
        "CHECK (spar_enabled_for_portal IS NOT TRUE OR spar_is_portal IS TRUE)",
        "Only a provider for beneficiaries can be offered on the portal.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """Write; what was fetched from other addresses than these is forgotten."""
        if _SOURCES & vals.keys():
            vals = {**dict.fromkeys(_FETCHED, False), **vals}
        return super().write(vals)

    @api.model
    def _has_facts(self, vals):
        # The pages' forms may lead to its addresses; what is fetched is no matter.
        return bool(_TARGETS & vals.keys())

    # === CONSTRAINT METHODS === #

    @api.constrains("spar_is_portal", *_READERS)
    def _check_spar_words(self):
        for provider in self.filtered("spar_is_portal"):
            for name, read in _READERS.items():
                provider._check_spar(
                    name, lambda p=provider, n=name, r=read: r(p[n] or "")
                )

    @api.constrains("spar_is_portal", *_ADDRESSES)
    def _check_spar_addresses(self):
        for provider in self.filtered("spar_is_portal"):
            for name in _ADDRESSES:
                if provider[name]:
                    provider._check_spar(
                        name, lambda p=provider, n=name: rules.check_address(p[n])
                    )

    @api.constrains("spar_is_portal", *_NUMBERS)
    def _check_spar_numbers(self):
        for provider in self.filtered("spar_is_portal"):
            values = (provider[name] for name in _NUMBERS)
            try:
                rules.check_numbers(*values)
            except rules.SettingError as error:
                said = say(self.env, error.sentence, error.values)
                raise ValidationError(said) from error

    @api.constrains("spar_enabled_for_portal", "spar_id_type_id", *_NEEDED)
    def _check_spar_complete(self):
        """Offer nothing that cannot work."""
        for provider in self.filtered("spar_enabled_for_portal"):
            missing = provider._spar_gap()
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(provider)s cannot be offered yet. Fill in: %(missing)s.",
                        provider=provider.name,
                        missing=missing,
                    )
                )

    def _check_spar(self, name, check):
        """Run a check of one field; its problem names the field.

        :raise ValidationError: there is one
        """
        try:
            check()
        except rules.SettingError as error:
            label = self._fields[name].get_description(self.env, ["string"])["string"]
            said = say(self.env, error.sentence, error.values)
            raise ValidationError(
                self.env._("%(field)s: %(problem)s", field=label, problem=said)
            ) from error

    # === BUSINESS METHODS === #

    @api.model
    @ormcache()
    def _spar_form_targets(self):
        """Return the login pages of the providers in use: each response names them.

        :rtype: tuple[str]
        """
        enabled = self.search([("spar_enabled_for_portal", "=", True)])
        return tuple(enabled.mapped("auth_endpoint"))

    def _spar_settings(self):
        """Return all that the record says, as the rules read it.

        :rtype: core.oidc.settings.Settings
        """
        self.ensure_one()
        read = {name: reader(self[name] or "") for name, reader in _READERS.items()}
        forms = {
            rules.SIGNED: self.spar_userinfo_signed,
            rules.ENCRYPTED: self.spar_userinfo_encrypted,
            rules.PLAIN: self.spar_userinfo_plain,
        }
        return rules.Settings(
            client_id=self.client_id or "",
            issuer=self.spar_issuer or "",
            discovery_url=self.spar_discovery_url or "",
            authorization_endpoint=self.auth_endpoint or "",
            token_endpoint=self.spar_token_endpoint or "",
            userinfo_endpoint=self.validation_endpoint or "",
            jwks_url=self.spar_jwks_url or "",
            par_endpoint=self.spar_par_endpoint or "",
            scope=self.scope or "",
            claims=read["spar_claims"],
            acr_values=read["spar_acr_values"],
            step_up_acr_values=read["spar_step_up_acr_values"],
            step_up_seconds=self.spar_step_up_seconds,
            ui_locales=read["spar_ui_locales"],
            claims_locales=" ".join(read["spar_claims_locales"]),
            prompt=self.spar_prompt or "",
            step_up_prompt=self.spar_step_up_prompt or "",
            display=self.spar_display or "",
            use_par=self.spar_use_par,
            client_alg=self.spar_client_alg or "",
            assertion_audience=self.spar_assertion_audience or "",
            use_kid=self.spar_use_kid,
            use_dpop=self.spar_use_dpop,
            id_token_algs=read["spar_id_token_algs"],
            userinfo_forms=frozenset(form for form, is_on in forms.items() if is_on),
            userinfo_algs=read["spar_userinfo_algs"],
            jwe_algs=read["spar_jwe_algs"],
            jwe_encs=read["spar_jwe_encs"],
            may_lack_iss=self.spar_may_lack_iss,
            is_fresh=self.spar_is_fresh,
            leeway=self.spar_leeway,
            connect_seconds=self.spar_connect_seconds,
            total_seconds=self.spar_total_seconds,
            id_claims=self._spar_id_claims(),
        )
