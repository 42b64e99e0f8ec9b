from datetime import timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import ormcache

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError

from ..core.access_token import MOST_TOKEN_SECONDS
from ..core.output import CHOSEN, INSTITUTION, LINKED, OutputFacts
from ..core.scope import SCOPE_OF
from ..core.secret import new_client_id
from ..core.sender import SenderFacts, StoredSecret

#: No partner may have larger limits.
MOST_ITEMS = 100_000
MOST_MEGABYTES = 64

_ADMIN = "g2p_spar_mapper.group_admin"


class G2PSparSender(models.Model):
    """A program of another organisation that talks to the registry.

    What it may do follows from this record alone, at the moment of the call:
    nothing of it is believed from the message.
    """

    _name = "g2p.spar.sender"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Partner"
    _order = "name, id"

    # === FIELDS: WHO === #

    name = fields.Char(required=True)
    mnemonic = fields.Char(
        string="Sender ID",
        required=True,
        copy=False,
        help="Short name on the wire and in the history, for example pbms.gov.",
    )
    active = fields.Boolean(
        default=True, help="An archived partner is refused at once."
    )
    partner_id = fields.Many2one("res.partner", string="Contact")
    user_id = fields.Many2one(
        "res.users",
        string="Technical User",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_user(),
        domain="[('active', 'in', (True, False)), ('share', '=', True)]",
        context={"active_test": False},
        help="The user that this partner's calls run as.",
    )
    client_id = fields.Char(
        string="Client ID",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: new_client_id(),
    )
    secret_ids = fields.One2many(
        "g2p.spar.sender.secret", "sender_id", string="Secrets", readonly=True
    )
    valid_until = fields.Datetime(
        string="Access Until", help="Empty: until it is archived."
    )
    tokens_from = fields.Datetime(
        string="Tokens Called Back",
        readonly=True,
        copy=False,
        help="Access tokens issued before this moment are refused.",
    )

    # === FIELDS: WHAT IT MAY DO === #

    may_resolve = fields.Boolean(string="Resolve", default=True)
    may_link = fields.Boolean(string="Link")
    may_update = fields.Boolean(string="Update")
    may_unlink = fields.Boolean(string="Unlink")
    may_report = fields.Boolean(
        string="Report Payments",
        help="It may tell that a payment failed, which stops payments to the address, "
        "or that one arrived.",
    )
    may_reverse = fields.Boolean(
        string="Find a Person by Address",
        help="Resolve may then tell which ID belongs to a financial address.",
    )
    may_prefix = fields.Boolean(
        string="Resolve by Prefix",
        help="An ID or address that ends with @ may then stand for the one that "
        "begins so.",
    )
    all_id_types = fields.Boolean(string="All ID Types")
    id_type_ids = fields.Many2many(
        "g2p.spar.id.type",
        string="ID Types",
        help="Only IDs of these types are answered; none chosen: none.",
    )
    # None means every one: so what is archived stays, and nothing is deleted.
    purpose_ids = fields.Many2many(
        "g2p.spar.purpose",
        string="Purposes",
        ondelete="restrict",
        context={"active_test": False},
        help="A message that names a purpose must name one of these. None chosen: "
        "the purpose is noted, not checked.",
    )

    # === FIELDS: HOW MUCH === #

    item_limit = fields.Integer(string="Items per Message", default=2000)
    body_megabytes = fields.Integer(string="Megabytes per Message", default=10)
    request_limit = fields.Integer(
        string="Requests per Minute",
        default=6000,
        help="Counted on each server by itself. At least 1: to shut a partner out, "
        "archive it.",
    )
    token_lifetime = fields.Integer(
        string="Life of a Token (Seconds)", default=600, help="From 60 to 3600."
    )

    # === FIELDS: HOW IT IS ANSWERED === #

    legacy_codes = fields.Boolean(
        string="Reason Codes of SPAR 1.1",
        help="For programs written for SPAR 1.1, which expect other codes for some "
        "outcomes.",
    )
    output_form = fields.Selection(
        [
            (LINKED, "As they were linked"),
            (CHOSEN, "In the forms chosen here, no others"),
            (INSTITUTION, "The institution only, never the account"),
        ],
        string="Addresses Are Told",
        required=True,
        default=LINKED,
        help="What an answer says of a person's address. An address that cannot be "
        "written in a chosen form is not told.",
    )
    output_strategy_ids = fields.Many2many(
        "g2p.spar.strategy",
        string="Forms of Addresses",
        help="One for each type of address that the partner can pay to.",
    )

    # === CONSTRAINTS AND INDEXES === #

    _mnemonic_uniq = models.UniqueIndex(
        "(lower(mnemonic))", "Another partner has this sender ID already."
    )
    _client_uniq = models.UniqueIndex(
        "(client_id)", "Another partner has this client ID already."
    )
    _item_limit_range = models.Constraint(
        f"CHECK (item_limit BETWEEN 1 AND {MOST_ITEMS})",
        f"Items per message must be between 1 and {MOST_ITEMS}.",
    )
    _body_range = models.Constraint(
        f"CHECK (body_megabytes BETWEEN 1 AND {MOST_MEGABYTES})",
        f"Megabytes per message must be between 1 and {MOST_MEGABYTES}.",
    )
    _request_limit_range = models.Constraint(
        "CHECK (request_limit >= 1)", "Requests per minute must be at least 1."
    )
    _token_lifetime_range = models.Constraint(
        f"CHECK (token_lifetime BETWEEN 60 AND {MOST_TOKEN_SECONDS})",
        f"The life of a token must be between 60 and {MOST_TOKEN_SECONDS} seconds.",
    )

    # === DEFAULT METHODS === #

    def _default_user(self):
        return self.env.ref("g2p_spar_connect_api.user_api", raise_if_not_found=False)

    # === CONSTRAINT METHODS === #

    @api.constrains("mnemonic")
    def _check_mnemonic(self):
        for sender in self:
            text = sender.mnemonic
            if len(text) > 99 or not text.isprintable() or text != text.strip():
                raise ValidationError(
                    self.env._(
                        "A sender ID has at most 99 visible characters and no spaces "
                        "at its ends."
                    )
                )

    @api.constrains("user_id")
    def _check_user(self):
        """A partner's calls must not run with a person's rights."""
        for sender in self:
            # The rights of a user are nobody's to read but the system's.
            user_sudo = sender.user_id.sudo()
            is_person = user_sudo.has_group("base.group_user")
            if is_person or not user_sudo.has_group("g2p_spar_mapper.group_api"):
                raise ValidationError(
                    self.env._(
                        "The technical user must have the right SPAR API and must not "
                        "be a person's own user."
                    )
                )

    @api.constrains("output_form", "output_strategy_ids")
    def _check_output(self):
        for sender in self.filtered(lambda sender: sender.output_form == CHOSEN):
            fa_types = sender.output_strategy_ids.fa_type_id
            if not fa_types or len(fa_types) != len(sender.output_strategy_ids):
                raise ValidationError(
                    self.env._(
                        "Choose the forms in which addresses are told, one for each "
                        "type of address."
                    )
                )

    # === ACTIONS === #

    def action_new_secret(self):
        """Make a new client secret and show it, this once.

        Former secrets stay valid for a week, so that the partner can change over.

        :return: action that shows client id and secret
        """
        self.ensure_one()
        self._check_administrator()
        # Secrets are written by this method only; administrators may not
        # write the table themselves.
        secrets_sudo = self.env["g2p.spar.sender.secret"].sudo()
        try:
            secret = secrets_sudo.issue(self)
        except SealError as error:
            raise UserError(str(error)) from error
        return self.env["g2p.spar.sender.secret.show"]._show(self, secret)

    def action_revoke(self):
        """End all secrets and call back all tokens, now."""
        self._check_administrator()
        now = fields.Datetime.now()
        # As above: only this method ends secrets.
        self.sudo().secret_ids._end(now)
        self.write({"tokens_from": now})

    def _check_administrator(self):
        """Refuse everybody but administrators of the registry.

        :raise AccessError: the user is not one
        """
        if not self.env.su and not self.env.user.has_group(_ADMIN):
            raise AccessError(
                self.env._("Only administrators of the registry manage partners.")
            )

    # === BUSINESS METHODS === #

    @api.private
    def get_facts(self, client_id):
        """Return what is known of a client, from memory.

        :param str client_id: as the client calls itself
        :rtype: SenderFacts | None
        """
        return self._facts(client_id)

    @ormcache("client_id")
    def _facts(self, client_id):
        # Who a caller is must be found out before it has any rights.
        sender_sudo = self.sudo().with_context(active_test=False)
        sender_sudo = sender_sudo.search([("client_id", "=", client_id)])
        return sender_sudo._to_facts() if sender_sudo else None

    def _to_facts(self):
        """Return this sender as a plain value; to be called with all rights."""
        return SenderFacts(**self._facts_values())

    def _facts_values(self):
        """Return the values of :class:`SenderFacts`; extended by each topic."""
        self.ensure_one()
        return {
            "record_id": self.id,
            "sender_id": self.mnemonic,
            "client_id": self.client_id,
            "is_active": self.active,
            "valid_until": _seconds(self.valid_until),
            "tokens_from": int(_seconds(self.tokens_from) or 0),
            "secrets": tuple(
                StoredSecret(secret.digest, _seconds(secret.expires_at))
                for secret in self.secret_ids
            ),
            "scopes": frozenset(
                scope for verb, scope in SCOPE_OF.items() if self[f"may_{verb}"]
            ),
            "id_type_ids": None
            if self.all_id_types
            else frozenset(self.id_type_ids.ids),
            "may_reverse": self.may_reverse,
            "may_prefix": self.may_prefix,
            "purposes": self._purposes(),
            "item_limit": self.item_limit,
            "body_limit": self.body_megabytes * 2**20,
            "request_limit": self.request_limit,
            "token_lifetime": self.token_lifetime,
            "legacy": self.legacy_codes,
            "output": OutputFacts(
                self.output_form, tuple(self.output_strategy_ids.mapped("number"))
            ),
            "user_id": self.user_id.id,
        }

    def _purposes(self):
        """Return the codes it may name; none: nobody chose any."""
        if not self.purpose_ids:
            return None
        return frozenset(self.purpose_ids.filtered("active").mapped("code"))

    @api.private
    def issue_demo_client(self):
        """Find or make the partner of a demonstration and give it a new secret.

        It may do everything but find persons by address. Not for production.

        :return: client id and secret
        :rtype: tuple[str, str]
        """
        sender = self.search([("mnemonic", "=", "demo")])
        if not sender:
            sender = self.create(
                {
                    "name": "Demonstration partner",
                    "mnemonic": "demo",
                    **dict.fromkeys((f"may_{verb}" for verb in SCOPE_OF), True),
                    "all_id_types": True,
                    "request_limit": 1_000_000,
                }
            )
        secret = self.env["g2p.spar.sender.secret"].issue(sender)
        return sender.client_id, secret


def _seconds(moment):
    """Return a naive UTC time as seconds since the epoch, none for none."""
    return moment.replace(tzinfo=timezone.utc).timestamp() if moment else None
