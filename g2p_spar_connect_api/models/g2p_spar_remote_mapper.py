import hashlib
import time
import uuid
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import ormcache

from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedId
from odoo.addons.g2p_spar_fa_reference.core.seal import SealError, seal
from odoo.addons.g2p_spar_mapper.core.commands import ResolveItem
from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.core.outgoing.place import PlaceError, join, read_place
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.core.rows import Entry

from ..core.outgoing import breaker
from ..core.remote.facts import DIALECTS, PATHS, RemoteFacts

#: What the client secret is sealed for.
SEALED_FOR = "remote_mapper"
_ADMIN = "g2p_spar_mapper.group_admin"


ERRORS = [
    ("address_invalid", "Its address cannot be read"),
    ("address_forbidden", "Its address may not be called from here"),
    ("name_unknown", "The name of its host is not known"),
    ("unreachable", "Its host takes no connection"),
    ("tls_failed", "Its certificate is not valid"),
    ("timeout", "No answer in time"),
    ("broken", "The connection ended without an answer"),
    ("redirected", "It answers with a redirect"),
    ("answer_encoded", "Its answer is compressed"),
    ("answer_too_large", "Its answer is too large"),
    ("answer_unreadable", "Its answer is not that of a mapper"),
    ("request_refused", "It refuses the request"),
    ("access_refused", "No access: credentials missing or refused"),
    ("server_failed", "It has failed"),
]


class G2PSparRemoteMapper(models.Model):
    """Another G2P Connect mapper, which keeps the IDs of some types."""

    _name = "g2p.spar.remote.mapper"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Other Mapper"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    id_type_ids = fields.One2many(
        "g2p.spar.id.type",
        "remote_mapper_id",
        string="Keeps",
        help="Identifiers of these types are linked and resolved there, not here.",
    )
    # === How it is reached === #
    base_url = fields.Char(
        string="Base Address",
        required=True,
        help="What all its addresses begin with, such as https://mapper.example/v1.",
    )
    path_style = fields.Selection(
        [
            ("mapper_sync", "…/mapper/sync/resolve (specification)"),
            ("sync", "…/sync/resolve (SPAR 1.1)"),
            ("mapper", "…/mapper/resolve (OpenG2P 2.x, Sunbird)"),
            ("plain", "…/resolve"),
        ],
        string="Addresses of Operations",
        required=True,
        default="mapper_sync",
    )
    example_url = fields.Char(string="Resolve Goes To", compute="_compute_example_url")
    dialect = fields.Selection(
        [
            ("g2p_connect", "G2P Connect 1.0 (specification, SPAR 1.0, this suite)"),
            ("spar_1_1", "SPAR 1.1"),
            ("openg2p_2", "OpenG2P 2.x"),
            ("sunbird", "Sunbird RC"),
        ],
        required=True,
        default="g2p_connect",
        help="How it words its answers. An address is believed only when it is said "
        "to be payable in the words of this dialect.",
    )
    item_limit = fields.Integer(string="Items in a Message", required=True, default=500)
    # === Who the registry is there === #
    sender_id = fields.Char(
        string="Sender ID", required=True, help="What this registry is called there."
    )
    receiver_id = fields.Char(
        string="Receiver ID", help="What that mapper calls itself."
    )
    token_url = fields.Char(
        string="Token Endpoint", help="Empty: no access token is sent."
    )
    client_id = fields.Char(string="Client ID")
    client_secret = fields.Char(
        compute="_compute_client_secret",
        inverse="_inverse_client_secret",
        help="Kept sealed; nobody can read it again. Write a new one to replace it.",
    )
    secret_sealed = fields.Char(copy=False, groups=fields.NO_ACCESS)
    has_secret = fields.Boolean(
        string="Client Secret Is Set", compute="_compute_has_secret", compute_sudo=True
    )
    token_scope = fields.Char(help="Scope asked for. Empty: all that is granted.")
    is_signed = fields.Boolean(
        string="Sign Messages",
        help="Messages carry a signature by the registry's key, whose public half is "
        "in the published key set.",
    )
    # === Patience === #
    connect_seconds = fields.Integer(
        string="Seconds to Connect", required=True, default=3
    )
    total_seconds = fields.Integer(
        string="Seconds for an Answer", required=True, default=15
    )
    failure_limit = fields.Integer(
        string="Failures in a Row",
        required=True,
        default=5,
        help="After so many it is not called for a while: whoever asks gets an answer "
        "at once, and it can recover.",
    )
    pause_seconds = fields.Integer(string="Pause in Seconds", required=True, default=30)
    # === What this server knows of it === #
    health_state = fields.Selection(
        [
            ("closed", "Is called"),
            ("open", "Left alone"),
            ("half_open", "Is tried again"),
        ],
        string="State",
        compute="_compute_health",
    )
    calls = fields.Integer(compute="_compute_health")
    failed_calls = fields.Integer(compute="_compute_health")
    failures_in_row = fields.Integer(compute="_compute_health")
    last_call_at = fields.Datetime(string="Last Call", compute="_compute_health")
    last_failure_at = fields.Datetime(string="Last Failure", compute="_compute_health")
    last_error = fields.Selection(ERRORS, compute="_compute_health")

    _name_uniq = models.UniqueIndex("(name)", "Another mapper has this name.")

    # === COMPUTE METHODS === #

    @api.depends("base_url", "path_style")
    def _compute_example_url(self):
        for mapper in self:
            path = PATHS.get(mapper.path_style, ())
            try:
                mapper.example_url = join(mapper.base_url or "", *path, "resolve")
            except PlaceError:
                mapper.example_url = False

    def _compute_client_secret(self):
        self.client_secret = False

    def _inverse_client_secret(self):
        for mapper in self.filtered("client_secret"):
            try:
                sealed = seal(mapper.client_secret.encode(), SEALED_FOR)
            except SealError as error:
                raise UserError(str(error)) from error
            # Nobody may read or write the sealed text; this is the one way in.
            mapper.sudo().secret_sealed = sealed
        self.invalidate_recordset(["client_secret"])

    @api.depends("secret_sealed")
    def _compute_has_secret(self):
        for mapper in self:
            mapper.has_secret = bool(mapper.secret_sealed)

    def _compute_health(self):
        remote = self.env["g2p.spar.remote"]
        for mapper in self:
            health = breaker.Health()
            if mapper._origin.id:
                health = remote.get_health(mapper._origin.id)
            state = breaker.state_of(health, mapper._rules(), time.time())
            mapper.health_state = state
            mapper.calls = health.calls
            mapper.failed_calls = health.failed
            mapper.failures_in_row = health.failures
            mapper.last_call_at = _to_datetime(health.last_call_at)
            mapper.last_failure_at = _to_datetime(health.last_failure_at)
            mapper.last_error = breaker.ERRORS[health.last_error] or False

    # === CONSTRAINT METHODS === #

    @api.constrains("base_url", "token_url")
    def _check_addresses(self):
        for mapper in self:
            try:
                join(mapper.base_url, "resolve")
                if mapper.token_url:
                    read_place(mapper.token_url)
            except PlaceError as error:
                raise ValidationError(str(error)) from error

    @api.constrains("token_url", "client_id")
    def _check_credentials(self):
        if any(mapper.token_url and not mapper.client_id for mapper in self):
            raise ValidationError(
                self.env._("To get an access token, the client ID is needed as well.")
            )

    @api.constrains("active")
    def _check_active(self):
        for mapper in self:
            if not mapper.active and mapper.id_type_ids:
                raise ValidationError(
                    self.env._(
                        "%s keeps identifiers: choose first where each of its types "
                        "is kept from now on.",
                        mapper.name,
                    )
                )

    @api.constrains(
        "item_limit",
        "connect_seconds",
        "total_seconds",
        "failure_limit",
        "pause_seconds",
    )
    def _check_limits(self):
        for mapper in self:
            limits = (
                1 <= mapper.item_limit <= 10_000,
                1 <= mapper.connect_seconds <= 30,
                1 <= mapper.total_seconds <= 60,
                1 <= mapper.failure_limit <= 1_000,
                1 <= mapper.pause_seconds <= 3_600,
            )
            if not all(limits):
                raise ValidationError(
                    self.env._(
                        "Limits of another mapper: 1 to 10,000 items, 1 to 30 seconds "
                        "to connect, 1 to 60 seconds for an answer, 1 to 1,000 "
                        "failures, a pause of 1 to 3,600 seconds."
                    )
                )

    # === ACTIONS === #

    def action_test_connection(self):
        """Ask the mapper for an ID that nobody has, and show what came of it.

        :return: notification
        :raise UserError: it could not be asked; says why
        """
        self.ensure_one()
        if not self.env.user.has_group(_ADMIN):
            raise AccessError(
                self.env._("Only administrators of the registry test connections.")
            )
        begin = time.monotonic()
        try:
            outcome = self.env["g2p.spar.remote"].try_out(self.id, self._probe())
        except (OutgoingError, SealError) as error:
            raise UserError(str(error)) from error
        milliseconds = round((time.monotonic() - begin) * 1000)
        if outcome.cause is Cause.ID_NOT_FOUND:
            text = self.env._("It answered in %s milliseconds.", milliseconds)
            return self._notify("success", text)
        return self._notify(
            "warning",
            self.env._(
                "It answered in %s milliseconds, but not in the words of this "
                "dialect: the ID of nobody should be not found. Choose its dialect.",
                milliseconds,
            ),
        )

    def _probe(self):
        """Return the question for an ID that nobody has, of a type it keeps."""
        template = self.id_type_ids[:1].template or "{id}"
        value = str(uuid.uuid4())
        text = template[: template.index("{")] + value + template.split("}", 1)[1]
        return Entry(0, ResolveItem(value, text, None, True), ParsedId("", 0, ""))

    def _notify(self, kind, text):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #

    @api.private
    def get_routes(self):
        """Return which mapper keeps the IDs of which type, from memory.

        :return: id of the ID type -> id of the mapper; of most registries empty
        :rtype: dict[int, int]
        """
        return self._routes()

    @api.private
    def get_facts(self, mapper_id):
        """Return a mapper as a plain value, from memory.

        :rtype: RemoteFacts
        """
        return self._facts(mapper_id)

    @ormcache()
    def _routes(self):
        # Where an ID lives is the same for every caller.
        types_sudo = self.env["g2p.spar.id.type"].sudo()
        types_sudo = types_sudo.search([("remote_mapper_id", "!=", False)])
        return {one.id: one.remote_mapper_id.id for one in types_sudo}

    @ormcache("mapper_id")
    def _facts(self, mapper_id):
        # Callers may have items sent on without a right to see how that is done.
        return self.sudo().browse(mapper_id)._to_facts()

    def _to_facts(self):
        """Return this mapper as a plain value; to be called with all rights."""
        self.ensure_one()
        return RemoteFacts(
            record_id=self.id,
            revision=self._digest_credentials(),
            base_url=self.base_url,
            path=PATHS[self.path_style],
            dialect=DIALECTS[self.dialect],
            sender_id=self.sender_id,
            receiver_id=self.receiver_id or "",
            item_limit=self.item_limit,
            token_url=self.token_url or None,
            client_id=self.client_id or None,
            secret_sealed=self.secret_sealed or None,
            scope=self.token_scope or None,
            is_signed=self.is_signed,
            connect_seconds=self.connect_seconds,
            total_seconds=self.total_seconds,
            rules=self._rules(),
        )

    def _digest_credentials(self):
        """Return what changes whenever a token of former credentials is void."""
        credentials = (self.token_url, self.client_id, self.secret_sealed)
        parts = "\x1f".join(str(part) for part in (*credentials, self.token_scope))
        return hashlib.sha256(parts.encode()).hexdigest()

    def _rules(self):
        return breaker.Rules(self.failure_limit, self.pause_seconds)


def _to_datetime(seconds):
    """Return seconds since the epoch as naive UTC; 0 is never."""
    if not seconds:
        return False
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)
