from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.g2p_spar_fa_reference.core.strategy import compile_strategy

from ..const import STAFF_STEPS
from ..core.commands import LinkItem, Origin, StoredKey
from ..core.state import Step
from ..models.messages import sentence_of
from .items import item_of

_WITH_ADDRESS = (Step.LINK, Step.UPDATE)


class G2PSparMappingChange(models.TransientModel):
    """The dialog in which staff do one step, on one mapping or on several.

    It asks, shows what will be stored, and calls the service, which decides. The
    dialog remembers the versions it was opened on and refuses when one changed
    in between, so that nobody overwrites what they have not seen.
    """

    _name = "g2p.spar.mapping.change"
    _description = "Change of a mapping by staff"

    # === FIELDS === #

    operation = fields.Selection(STAFF_STEPS, required=True)
    mapping_ids = fields.Many2many(
        "g2p.spar.mapping", string="Mappings", context={"sandbox_test": False}
    )
    mapping_id = fields.Many2one("g2p.spar.mapping", compute="_compute_mapping_id")
    mapping_count = fields.Integer("Selected", compute="_compute_mapping_id")
    opened_versions = fields.Json(
        help="Versions of the mappings when the dialog was opened, by their ids."
    )
    reason = fields.Char(
        "Why", help="Kept in the history, for whoever asks later. At least a few words."
    )
    evidence = fields.Char(
        help="Number of the form, case or letter on which this is based."
    )
    hold_until = fields.Datetime(
        "Until", help="Empty: until somebody releases the hold."
    )
    rollback_version = fields.Integer(
        "Version", help="The line of the history that is brought back."
    )
    fa_waiting = fields.Char("Asked for", compute="_compute_fa_present")
    fa_returning = fields.Char("Comes back", compute="_compute_fa_returning")

    id_type_id = fields.Many2one(
        "g2p.spar.id.type",
        "Type of ID",
        default=lambda self: self.env["g2p.spar.id.type"].search([], limit=1),
    )
    id_input = fields.Char(
        "Identifier", help="As it stands on the card, or written out whole."
    )
    name = fields.Char("Name of the person")
    phone = fields.Char()
    valid_until = fields.Datetime("End of the link", help="Empty: the link has no end.")

    address_entry = fields.Selection(
        [
            ("parts", "Choose bank or wallet"),
            ("text", "Paste an address"),
        ],
        "Enter the address",
        required=True,
        default="parts",
    )
    keep_address = fields.Boolean("Keep the present address")
    fa_type_id = fields.Many2one("g2p.spar.fa.type", "Type of address")
    kind_id = fields.Many2one(related="fa_type_id.kind_id")
    provider_id = fields.Many2one("g2p.spar.provider")
    branch_id = fields.Many2one("g2p.spar.branch")
    part_ids = fields.One2many(
        "g2p.spar.mapping.change.part",
        "change_id",
        "Further parts",
        compute="_compute_part_ids",
        store=True,
        readonly=False,
    )
    has_provider = fields.Boolean(compute="_compute_sources")
    has_branch = fields.Boolean(compute="_compute_sources")
    fa_text = fields.Char("Address")
    fa_present = fields.Char("Stored now", compute="_compute_fa_present")
    fa_preview = fields.Char("This will be stored", compute="_compute_fa_preview")
    fa_reading = fields.Char("Understood as", compute="_compute_fa_preview")
    fa_problem = fields.Char(compute="_compute_fa_preview")
    refusals = fields.Text(
        "Not done", readonly=True, help="What could not be done, a line a mapping."
    )
    done_count = fields.Integer("Done", readonly=True)

    # === DEFAULTS === #

    @api.model
    def default_get(self, fields):
        """Take over what is stored of the mappings the dialog is opened on."""
        values = super().default_get(fields)
        ids = self.env.context.get("default_mapping_ids") or []
        mappings = self.env["g2p.spar.mapping"].browse(ids)
        values["opened_versions"] = {str(one.id): one.version for one in mappings}
        if len(mappings) == 1 and values.get("operation") in _WITH_ADDRESS:
            values |= self._values_of(mappings)
        return values

    @api.model
    def _values_of(self, mapping):
        """What the dialog may propose again; a number is always typed anew."""
        return {
            "name": mapping.name,
            "phone": mapping.phone,
            "fa_type_id": mapping.fa_type_id.id,
            "provider_id": mapping.provider_id.id,
            "branch_id": mapping.branch_id.id,
        }

    # === COMPUTE METHODS === #

    @api.depends("mapping_ids")
    def _compute_mapping_id(self):
        for change in self:
            mappings = change.mapping_ids._origin
            change.mapping_count = len(mappings)
            change.mapping_id = mappings if len(mappings) == 1 else False

    @api.depends("mapping_id")
    def _compute_fa_present(self):
        for change in self:
            change.fa_present = change.mapping_id.fa_masked
            asked = change.mapping_id.pending_ids.filtered(
                lambda one: one.state == "waiting"
            )
            change.fa_waiting = asked.fa_new_masked

    @api.depends("mapping_id", "rollback_version")
    def _compute_fa_returning(self):
        for change in self:
            line = change.mapping_id.version_ids.filtered(
                lambda one, number=change.rollback_version: one.version == number
            )
            change.fa_returning = line.fa_after_masked

    @api.depends("fa_type_id")
    def _compute_part_ids(self):
        for change in self:
            typed = change.fa_type_id.part_ids.filtered(lambda p: p.source == "typed")
            change.part_ids = [Command.clear()] + [
                Command.create({"name": part.name, "label": change._label(part)})
                for part in typed.sorted("required", reverse=True)
            ]

    def _label(self, part):
        """Say what a part is called, with a star when it must be given."""
        return f"{part.label} *" if part.required else part.label

    @api.depends("fa_type_id", "provider_id")
    def _compute_sources(self):
        for change in self:
            sources = change.fa_type_id.part_ids.mapped("source")
            change.has_provider = "provider" in sources
            change.has_branch = "branch" in sources and bool(
                change.provider_id.branch_ids
            )

    @api.depends(
        "address_entry",
        "keep_address",
        "fa_text",
        "fa_type_id",
        "provider_id",
        "branch_id",
        "part_ids.value",
    )
    @api.depends_context("lang")
    def _compute_fa_preview(self):
        for change in self:
            change.fa_preview = change.fa_reading = change.fa_problem = False
            if not change._is_address_begun():
                continue
            try:
                parsed = change._read_address()
            except ValidationError as error:
                change.fa_problem = error.args[0]
            else:
                change.fa_preview = parsed.fa_value
                change.fa_reading = change._say_reading(parsed)

    def _say_reading(self, parsed):
        """Say what an address was understood as, without its numbers."""
        if parsed.strategy_id is None:
            return self.env._(
                "No known form: it will be stored as it is, without a check."
            )
        fa_type = self.env["g2p.spar.fa.type"].browse(parsed.fa_type_id)
        provider = self.env["g2p.spar.provider"].browse(parsed.provider_id)
        words = [fa_type.name, provider.name, parsed.branch_code]
        return ", ".join(word for word in words if word)

    @api.onchange("fa_type_id")
    def _onchange_fa_type_id(self):
        """Forget a provider that cannot hold such an address."""
        if self.provider_id.kind_id != self.fa_type_id.kind_id:
            self.provider_id = False

    @api.onchange("provider_id")
    def _onchange_provider_id(self):
        """Forget a branch of another provider."""
        if self.branch_id.provider_id != self.provider_id:
            self.branch_id = False

    # === ACTION METHODS === #

    def action_apply(self):
        """Do the step and say what became of it.

        :raise UserError: it could not be done; nothing was changed
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise ValidationError(self.env._("Say why: the reason is missing."))
        if not self.mapping_ids and self.operation != Step.LINK:
            raise ValidationError(self.env._("Choose the mappings first."))
        self._check_versions()
        service = self.env["g2p.spar.mapper"]
        origin = Origin(
            channel="staff",
            # In one line: the history is a list.
            reason=" ".join(self.reason.split()),
            evidence=" ".join((self.evidence or "").split()) or None,
        )
        outcomes = getattr(service, self.operation)(self._items(), origin)
        if len(outcomes) > 1:
            return self._tell_many(outcomes)
        if not outcomes[0].succeeded:
            raise UserError(sentence_of(self.env, outcomes[0]))
        return self._tell_one(outcomes[0])

    def _tell_one(self, outcome):
        """Close the dialog and show the mapping, unless another mapper keeps it."""
        title = sentence_of(self.env, outcome)
        mapping = self.env["g2p.spar.mapping"]
        if not self.mapping_ids:
            found = [("lookup_id", "=", self._id_text())]
            mapping = mapping.search(found, limit=1)
        if not mapping:
            return self._notify(title, {"type": "ir.actions.act_window_close"})
        return self._notify(
            title,
            {
                "type": "ir.actions.act_window",
                "res_model": mapping._name,
                "res_id": mapping.id,
                "views": [(False, "form")],
                "target": "current",
            },
        )

    def _tell_many(self, outcomes):
        """Close the dialog, or list in it what was not done."""
        pairs = zip(self.mapping_ids, outcomes, strict=True)
        refused = [pair for pair in pairs if not pair[1].succeeded]
        if not refused:
            title = self.env._("Done for all %s.", len(outcomes))
            return self._notify(title, {"type": "ir.actions.act_window_close"})
        self.done_count = len(outcomes) - len(refused)
        self.refusals = "\n".join(
            f"{mapping.display_name}: {sentence_of(self.env, outcome)}"
            for mapping, outcome in refused
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What was done"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _notify(self, title, then):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": title, "next": then},
        }

    # === BUSINESS METHODS === #

    def _check_versions(self):
        """Refuse to change what somebody else changed since the dialog opened."""
        opened = self.opened_versions or {}
        for mapping in self.mapping_ids:
            if opened.get(str(mapping.id)) != mapping.version:
                raise UserError(
                    self.env._(
                        "%s was changed by somebody else while this window was open."
                        " Close it, look at what changed, and begin again.",
                        mapping.display_name,
                    )
                )

    def _items(self):
        """Return the items for the service, in the order of the mappings."""
        if self.operation in _WITH_ADDRESS:
            return [self._link_item()]
        # An ID that is stored as a hash cannot be typed again; its key is here.
        keys = [StoredKey(mapping.id_key) for mapping in self.mapping_ids]
        return [item_of(self, str(n), key) for n, key in enumerate(keys, 1)]

    def _link_item(self):
        mapping = self.mapping_id
        parsed = None if self.keep_address else self._read_address()
        return LinkItem(
            "1",
            StoredKey(mapping.id_key) if mapping else self._id_text(),
            fa=parsed and parsed.fa_value,
            name=self.name or None,
            phone_number=self.phone or None,
            additional_info=parsed and _strategy_info(parsed),
            valid_until=self.valid_until or None,
        )

    def _id_text(self):
        """Return the ID written out, whether only its value was typed or all of it.

        :raise ValidationError: it cannot be one
        """
        text = (self.id_input or "").strip()
        strategy = self.env["g2p.spar.strategy"]
        parsed = strategy._call_core(strategy.get_reference().read_id, text)
        if parsed.id_type_id == self.id_type_id.id or not self.id_type_id:
            return text
        form = strategy._call_core(compile_strategy, self.id_type_id.template)
        return strategy._call_core(form.construct, {form.part_names[0]: text})

    def _is_address_begun(self):
        """Whether there is anything to show a preview or a problem of."""
        if self.keep_address:
            return False
        if self.address_entry == "text":
            return bool(self.fa_text)
        return any(self.part_ids.mapped("value"))

    def _read_address(self):
        """Return the address entered, checked as the service will check it.

        :rtype: ParsedAddress
        :raise ValidationError: says what is wrong with it
        """
        strategy = self.env["g2p.spar.strategy"]
        reference = strategy.get_reference()
        if self.address_entry == "text":
            return strategy._call_core(
                reference.read_address, (self.fa_text or "").strip()
            )
        if self.has_branch and not self.branch_id:
            raise ValidationError(self.env._("Choose the branch of the bank."))
        return strategy._call_core(
            reference.build_address, self._parts(), self.fa_type_id.code
        )

    def _parts(self):
        """Return the parts that were chosen and typed, by their technical names."""
        chosen = {
            "provider": self.provider_id.code,
            "provider_name": self.provider_id.name,
            "branch": self.branch_id.code,
            "branch_name": self.branch_id.name,
        }
        parts = {
            part.name: chosen[part.source]
            for part in self.fa_type_id.part_ids
            if chosen.get(part.source)
        }
        return parts | {
            line.name: line.value.strip() for line in self.part_ids if line.value
        }


def _strategy_info(parsed):
    """Tell the service which strategy wrote the address that was shown."""
    if parsed.strategy_number is None:
        return None
    return [{"name": "strategy_id", "value": parsed.strategy_number}]
