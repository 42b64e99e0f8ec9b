from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate, format_datetime

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.mask import (
    mask_address,
    mask_id,
    mask_phone,
)

from ..const import CHANNELS, STATES, WHOLE_NUMBERS
from ..core.sandbox import BEHIND_MARK, MARK, is_in_sandbox
from ..core.show import list_info
from ..core.state import State, effective_state
from .guarded_many2one import GuardedMany2one
from .statements import executor

_lt = LazyTranslate(__name__)

_STATE_SENTENCES = {
    State.ACTIVE: _lt("Payments go to this address."),
    State.ON_HOLD: _lt("On hold. Nothing is paid until somebody releases it."),
    State.SUSPENDED: _lt("Disputed. Nothing is paid until a manager reinstates it."),
    State.EXPIRED: _lt("The link has ended. Nothing is paid."),
    State.UNLINKED: _lt("This ID has no address any more. Nothing is paid."),
}


def _now_in(state: str, now) -> Domain:
    """Tell which rows are in a state now, by conditions that have an index each.

    :param now: naive UTC
    """
    over, ended = Domain("hold_until", "<=", now), Domain("valid_until", "<=", now)
    stored = Domain("state", "=", state)
    payable = Domain("state", "=", "active") | Domain("state", "=", "on_hold") & over
    if state == State.ACTIVE:
        return payable & ~ended
    if state == State.EXPIRED:
        return stored | payable & ended
    return stored & ~over if state == State.ON_HOLD else stored


class G2PSparMapping(models.Model):
    """The address of one ID.

    There is one row for one ID, for ever: an unlinked ID keeps its row, so
    that its history goes on when it is linked again. Rows are written by the
    service ``g2p.spar.mapper`` alone: no group may create, write or unlink
    them through the ORM or RPC, and the methods below refuse it for code too.
    """

    _name = "g2p.spar.mapping"
    _inherit = ["g2p.spar.sandbox.mixin"]
    _description = "ID-account mapping"
    _order = "id desc"
    _rec_name = "id_masked"
    _rec_names_search = ["lookup_id", "name"]
    # Written by plain statements: columns that nobody fills would only mislead.
    _log_access = False

    # === FIELDS === #

    id_value = fields.Char(
        "Person's ID", required=True, readonly=True, groups=WHOLE_NUMBERS
    )
    id_key = fields.Char("ID key", required=True, readonly=True, groups=WHOLE_NUMBERS)
    id_type_id = GuardedMany2one(
        "g2p.spar.id.type", "ID type", required=True, readonly=True
    )
    fa_value = fields.Char(
        "Financial address", required=True, readonly=True, groups=WHOLE_NUMBERS
    )
    fa_key = fields.Char(
        "Address key", required=True, readonly=True, groups=WHOLE_NUMBERS
    )
    fa_parts = fields.Json("Parts", readonly=True, groups=WHOLE_NUMBERS)
    strategy_id = GuardedMany2one("g2p.spar.strategy", "Strategy", readonly=True)
    fa_type_id = GuardedMany2one("g2p.spar.fa.type", "Address type", readonly=True)
    provider_id = GuardedMany2one("g2p.spar.provider", "Provider", readonly=True)
    branch_id = GuardedMany2one("g2p.spar.branch", "Branch", readonly=True)
    branch_code = fields.Char("Branch code", readonly=True)
    name = fields.Char(readonly=True, index="trigram")
    phone = fields.Char(readonly=True, groups=WHOLE_NUMBERS)
    additional_info = fields.Json(
        "Additional information", readonly=True, groups=WHOLE_NUMBERS
    )
    state = fields.Selection(STATES, required=True, readonly=True)
    reason = fields.Char("Reason of the last change", readonly=True)
    hold_until = fields.Datetime("On hold until", readonly=True)
    valid_until = fields.Datetime("Valid until", readonly=True)
    change_waits = fields.Boolean(
        "A change waits",
        readonly=True,
        help="Another address was asked for, and the rules of the registry have the"
        " change wait.",
    )
    version = fields.Integer(required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    sender = fields.Char(readonly=True)
    user_id = GuardedMany2one("res.users", "Written by", readonly=True)
    linked_at = fields.Datetime("Linked on", required=True, readonly=True)
    changed_at = fields.Datetime("Last change", required=True, readonly=True)
    pending_ids = fields.One2many(
        "g2p.spar.pending.change",
        "mapping_id",
        "Changes that had to wait",
        readonly=True,
        context={"sandbox_test": False},
    )
    version_ids = fields.One2many(
        "g2p.spar.mapping.version",
        "mapping_id",
        "History",
        readonly=True,
        context={"sandbox_test": False},
    )

    # compute_sudo: the masked forms exist for those who may not read the whole.
    id_masked = fields.Char("ID (masked)", compute="_compute_masked", compute_sudo=True)
    fa_masked = fields.Char(
        "Address (masked)", compute="_compute_masked", compute_sudo=True
    )
    phone_masked = fields.Char(
        "Phone (masked)", compute="_compute_masked", compute_sudo=True
    )
    effective_state = fields.Selection(
        STATES,
        "State now",
        compute="_compute_effective_state",
        search="_search_effective_state",
    )
    state_sentence = fields.Char("What this means", compute="_compute_state_sentence")
    fa_parts_text = fields.Text(
        "Parts of the address", compute="_compute_fa_parts_text", groups=WHOLE_NUMBERS
    )
    additional_info_text = fields.Text(
        "Said by the sender",
        compute="_compute_additional_info_text",
        groups=WHOLE_NUMBERS,
    )
    lookup_id = fields.Char(
        "Find by ID", store=False, search="_search_lookup_id", compute="_compute_no"
    )
    lookup_fa = fields.Char(
        "Find by address",
        store=False,
        search="_search_lookup_fa",
        compute="_compute_no",
    )

    # === CONSTRAINTS AND INDEXES === #

    _id_key_uniq = models.UniqueIndex("(id_key)", "This ID is in the registry already.")
    _fa_key_idx = models.Index("(fa_key)")
    # Few rows are in these, so that they cost a link nothing. Lists of ten million
    # would have to look at every row without them.
    _change_waits_idx = models.Index("(id) WHERE change_waits IS TRUE")
    _not_active_idx = models.Index("(state, id) WHERE state <> 'active'")
    _other_channel_idx = models.Index("(channel, id) WHERE channel <> 'api'")
    _opaque_idx = models.Index("(id) WHERE strategy_id IS NULL")
    _no_provider_idx = models.Index("(id) WHERE provider_id IS NULL")
    _linked_at_idx = models.Index("USING brin (linked_at)")
    _valid_until_idx = models.Index("(valid_until) WHERE valid_until IS NOT NULL")
    _version_positive = models.Constraint(
        "CHECK (version > 0)", "The version counts from 1."
    )

    def init(self):
        """Leave room on the pages for the next version of a row.

        A hold or an unlink then stays on its page and touches no index.
        """
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s SET (fillfactor = 85)",
                SQL.identifier(self._table),
            )
        )

    # === COMPUTE METHODS === #

    @api.depends("id_value", "fa_value", "phone")
    def _compute_masked(self):
        for mapping in self:
            mapping.id_masked = mask_id(mapping.id_value or "")
            mapping.fa_masked = mask_address(mapping.fa_value or "")
            mapping.phone_masked = mask_phone(mapping.phone or "")

    @api.depends("id_key")
    def _compute_is_sandbox(self):
        for mapping in self:
            mapping.is_sandbox = is_in_sandbox(mapping.id_key or "")

    def _sandbox_sql(self, alias, query):
        # The key is compared here, not told.
        key = self.sudo()._field_to_sql(alias, "id_key", query)
        return SQL("starts_with(%s, %s)", key, MARK)

    @api.depends("state", "hold_until", "valid_until")
    def _compute_effective_state(self):
        now = fields.Datetime.now()
        for mapping in self:
            mapping.effective_state = effective_state(
                mapping.state,
                mapping.hold_until or None,
                mapping.valid_until or None,
                now,
            )

    @api.depends(
        "effective_state", "hold_until", "valid_until", "is_sandbox", "change_waits"
    )
    @api.depends_context("lang", "tz")
    def _compute_state_sentence(self):
        for mapping in self:
            mapping.state_sentence = mapping._say_state()

    @api.depends("fa_parts", "fa_type_id")
    @api.depends_context("lang")
    def _compute_fa_parts_text(self):
        for mapping in self:
            labels = {part.name: part.label for part in mapping.fa_type_id.part_ids}
            mapping.fa_parts_text = "\n".join(
                f"{labels.get(name, name)}: {value}"
                for name, value in (mapping.fa_parts or {}).items()
            )

    @api.depends("additional_info")
    def _compute_additional_info_text(self):
        for mapping in self:
            mapping.additional_info_text = "\n".join(list_info(mapping.additional_info))

    def _compute_no(self):
        """Look-up fields are searched by, never read."""
        self.lookup_id = self.lookup_fa = False

    @api.depends("id_masked")
    def _compute_display_name(self):
        for mapping in self:
            mapping.display_name = mapping.id_masked

    def _search_effective_state(self, operator, value):
        """Find mappings by the state they are in now."""
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return Domain.OR(_now_in(state, now) for state in value if state)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Say the state now in SQL too, so that lists and charts can group by it.

        The same decision as ``core.state.effective_state``, with which a test
        compares it.
        """
        if field_expr != "effective_state":
            return super()._field_to_sql(alias, field_expr, query)
        now = fields.Datetime.now()
        columns = {
            name: super(G2PSparMapping, self)._field_to_sql(alias, name, query)
            for name in ("state", "hold_until", "valid_until")
        }
        return SQL(
            "CASE WHEN (%(state)s = 'active'"
            " OR %(state)s = 'on_hold' AND %(hold_until)s <= %(now)s)"
            " THEN CASE WHEN %(valid_until)s <= %(now)s THEN 'expired'"
            " ELSE 'active' END ELSE %(state)s END",
            now=now,
            **columns,
        )

    def _search_lookup_id(self, operator, value):
        """Find a person by the whole ID, as written by whoever linked it."""
        reference = self.env["g2p.spar.strategy"].get_reference()
        return self._search_exactly(
            "id_key", operator, value, lambda text: reference.read_id(text).id_key
        )

    def _search_lookup_fa(self, operator, value):
        """Find those who are paid to one address, given whole."""
        reference = self.env["g2p.spar.strategy"].get_reference()
        return self._search_exactly(
            "fa_key", operator, value, lambda text: reference.read_address(text).fa_key
        )

    def _search_exactly(self, column, operator, value, key_of):
        """Search by key, for those too who may not read the key.

        Only whole values find something, so that nobody can feel the way to a
        number digit by digit. Those of sandboxes are found too; whether they are
        shown is not decided here.
        """
        if operator not in ("=", "in", "ilike", "like", "=ilike"):
            return NotImplemented
        keys = []
        for text in [value] if isinstance(value, str) else value or ():
            try:
                keys.append(key_of(text))
            except AddressError:
                continue
        rows = executor(self.env.cr)(
            SQL(
                "SELECT id FROM %(table)s WHERE %(column)s = ANY(%(keys)s)"
                " OR %(column)s >= %(mark)s AND %(column)s < %(behind)s"
                " AND split_part(%(column)s, %(mark)s, 3) = ANY(%(keys)s)",
                table=SQL.identifier(self._table),
                column=SQL.identifier(column),
                keys=keys,
                mark=MARK,
                behind=BEHIND_MARK,
            )
        )
        return [("id", "in", [row[0] for row in rows])]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refused: the service is the only door."""
        raise AccessError(self._closed_door())

    def write(self, vals):
        """Refused: the service is the only door."""
        raise AccessError(self._closed_door())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._closed_door())

    def _closed_door(self):
        return self.env._(
            "Mappings are changed with the buttons of their form or through the"
            " registry's service, so that each change is checked and kept in the"
            " history."
        )

    # === BUSINESS METHODS === #

    def _say_state(self):
        """Say in plain words whether money is paid, and until or since when."""
        self.ensure_one()
        if self.is_sandbox:
            return self.env._("In a sandbox: nobody is paid, whatever the state.")
        state = self.effective_state
        hold, valid = self._local(self.hold_until), self._local(self.valid_until)
        if state == State.ON_HOLD and self.change_waits:
            return self.env._(
                "A change of the address waits. Nothing is paid until it is decided."
            )
        if state == State.ON_HOLD and hold:
            return self.env._(
                "On hold until %s. Nothing is paid in the meantime.", hold
            )
        if state == State.ACTIVE and valid:
            return self.env._("Payments go to this address until %s.", valid)
        if state == State.EXPIRED and valid:
            return self.env._("The link ended on %s. Nothing is paid.", valid)
        return self.env._(_STATE_SENTENCES[state]) if state else ""

    def _local(self, moment):
        """Return a date and time as the user reads it, "" for none."""
        if not moment:
            return ""
        return format_datetime(self.env, moment)
