from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.mask import (
    mask_address,
    mask_id,
    mask_phone,
)

from ..const import CHANNELS, STATES, WHOLE_NUMBERS
from ..core.state import effective_state


class G2PSparMapping(models.Model):
    """The address of one ID.

    There is one row for one ID, for ever: an unlinked ID keeps its row, so
    that its history goes on when it is linked again. Rows are written by the
    service ``g2p.spar.mapper`` alone: no group may create, write or unlink
    them through the ORM or RPC, and the methods below refuse it for code too.
    """

    _name = "g2p.spar.mapping"
    _description = "ID-account mapping"
    _order = "id desc"
    _rec_name = "id_masked"
    # Written by plain statements: columns that nobody fills would only mislead.
    _log_access = False

    # === FIELDS === #

    id_value = fields.Char("ID", required=True, readonly=True, groups=WHOLE_NUMBERS)
    id_key = fields.Char("ID key", required=True, readonly=True, groups=WHOLE_NUMBERS)
    id_type_id = fields.Many2one(
        "g2p.spar.id.type", "ID type", required=True, readonly=True, ondelete="restrict"
    )
    fa_value = fields.Char(
        "Financial address", required=True, readonly=True, groups=WHOLE_NUMBERS
    )
    fa_key = fields.Char(
        "Address key", required=True, readonly=True, groups=WHOLE_NUMBERS
    )
    fa_parts = fields.Json("Parts", readonly=True, groups=WHOLE_NUMBERS)
    strategy_id = fields.Many2one(
        "g2p.spar.strategy", "Strategy", readonly=True, ondelete="restrict"
    )
    fa_type_id = fields.Many2one(
        "g2p.spar.fa.type", "Address type", readonly=True, ondelete="restrict"
    )
    provider_id = fields.Many2one(
        "g2p.spar.provider", "Provider", readonly=True, ondelete="restrict"
    )
    branch_id = fields.Many2one(
        "g2p.spar.branch", "Branch", readonly=True, ondelete="restrict"
    )
    branch_code = fields.Char("Branch code", readonly=True)
    name = fields.Char("Name", readonly=True)
    phone = fields.Char("Phone", readonly=True, groups=WHOLE_NUMBERS)
    additional_info = fields.Json(
        "Additional information", readonly=True, groups=WHOLE_NUMBERS
    )
    state = fields.Selection(STATES, required=True, readonly=True)
    reason = fields.Char("Reason of the last change", readonly=True)
    hold_until = fields.Datetime("On hold until", readonly=True)
    valid_until = fields.Datetime("Valid until", readonly=True)
    version = fields.Integer(required=True, readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    sender = fields.Char("Sender", readonly=True)
    user_id = fields.Many2one("res.users", "Written by", readonly=True)
    linked_at = fields.Datetime("Linked on", required=True, readonly=True)
    changed_at = fields.Datetime("Last change", required=True, readonly=True)
    version_ids = fields.One2many(
        "g2p.spar.mapping.version", "mapping_id", "History", readonly=True
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
        STATES, "State now", compute="_compute_effective_state"
    )
    lookup_id = fields.Char(
        "Person's ID", store=False, search="_search_lookup_id", compute="_compute_no"
    )
    lookup_fa = fields.Char(
        "Account or address",
        store=False,
        search="_search_lookup_fa",
        compute="_compute_no",
    )

    # === CONSTRAINTS AND INDEXES === #

    _id_key_uniq = models.UniqueIndex("(id_key)", "This ID is in the registry already.")
    _fa_key_idx = models.Index("(fa_key)")
    _version_positive = models.Constraint(
        "CHECK (version > 0)", "The version counts from 1."
    )

    # === COMPUTE METHODS === #

    @api.depends("id_value", "fa_value", "phone")
    def _compute_masked(self):
        for mapping in self:
            mapping.id_masked = mask_id(mapping.id_value or "")
            mapping.fa_masked = mask_address(mapping.fa_value or "")
            mapping.phone_masked = mask_phone(mapping.phone or "")

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

    def _compute_no(self):
        """Look-up fields are searched by, never read."""
        self.lookup_id = self.lookup_fa = False

    @api.depends("id_masked")
    def _compute_display_name(self):
        for mapping in self:
            mapping.display_name = mapping.id_masked

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
        number digit by digit.
        """
        if operator not in ("=", "in", "ilike", "like", "=ilike"):
            return NotImplemented
        keys = []
        for text in value if isinstance(value, list | tuple | set) else [value]:
            try:
                keys.append(key_of(text))
            except AddressError:
                continue
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(self._table),
                SQL.identifier(column),
                keys,
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
