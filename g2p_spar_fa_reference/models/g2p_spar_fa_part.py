import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.checks import make_checker
from ..core.rules import PartRule
from .g2p_spar_fa_type import split_names

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class G2PSparFaPart(models.Model):
    _name = "g2p.spar.fa.part"
    _inherit = ["g2p.spar.reference.mixin"]
    _description = "Part of a Financial Address"
    _rec_name = "label"
    _order = "sequence, id"

    fa_type_id = fields.Many2one(
        "g2p.spar.fa.type",
        string="Address Type",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Technical Name",
        required=True,
        help="Name of the part in templates and on the wire: small letters, digits "
        "and underscores.",
    )
    label = fields.Char(
        required=True, translate=True, help="What a person calls this part."
    )
    aliases = fields.Char(
        string="Other Names",
        help="Names which templates and requests of other systems use for this "
        "part, separated by commas.",
    )
    source = fields.Selection(
        [
            ("provider", "Code of the provider, chosen from the list"),
            ("provider_name", "Name of that provider"),
            ("branch", "Code of the branch, chosen from the list"),
            ("branch_name", "Name of that branch"),
            ("typed", "Typed by a person"),
            ("constant", "Always the same"),
        ],
        required=True,
        default="typed",
    )
    check = fields.Selection(
        [
            ("none", "Not checked"),
            ("digits", "Digits only"),
            ("regex", "Regular expression"),
            ("iban", "IBAN (ISO 13616)"),
            ("bic", "BIC (ISO 9362)"),
            ("ifsc", "IFSC (India)"),
            ("e164", "Telephone number (E.164)"),
            ("email", "E-mail address"),
        ],
        required=True,
        default="none",
    )
    pattern = fields.Char(
        help="For a regular expression: the expression, which must fit the whole "
        "value. For a telephone number: the country (two letters, such as KE) of "
        "numbers typed without +.",
    )
    required = fields.Boolean()
    constant = fields.Char(
        string="Fixed Value",
        help="The value that is written. Further values that are accepted when an "
        "address is read follow after |.",
    )
    sensitive = fields.Boolean(
        help="Shown masked wherever the whole value is not needed."
    )

    _name_uniq = models.UniqueIndex(
        "(fa_type_id, lower(name))",
        "This address type has a part of this name already.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("name", "aliases", "fa_type_id")
    def _check_names(self):
        for part in self:
            if not all(_NAME.fullmatch(name) for name in part._all_names()):
                raise ValidationError(
                    self.env._(
                        "The part %(label)s must be named with small letters, digits "
                        "and underscores, beginning with a letter.",
                        label=part.label,
                    )
                )
        for fa_type in self.fa_type_id:
            names = [name for part in fa_type.part_ids for name in part._all_names()]
            if len(set(names)) != len(names):
                raise ValidationError(
                    self.env._(
                        "Two parts of %(type)s have the same name or other name.",
                        type=fa_type.name,
                    )
                )

    @api.constrains("source", "check", "pattern", "constant")
    def _check_rule(self):
        for part in self:
            if (part.source == "constant") != bool(part.constant):
                raise ValidationError(
                    self.env._(
                        "The part %(label)s needs a fixed value when it is always the "
                        "same, and none otherwise.",
                        label=part.label,
                    )
                )
            if part.check == "regex" and not part.pattern:
                raise ValidationError(
                    self.env._(
                        "The part %(label)s needs the regular expression by which it "
                        "is checked.",
                        label=part.label,
                    )
                )
            self._call_core(make_checker, part.check, part.pattern or None)

    @api.constrains("name", "aliases", "fa_type_id")
    def _check_templates(self):
        self.fa_type_id.strategy_ids._check_template()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_template(self):
        """Refuse to delete a part which a template of the type writes."""
        for part in self:
            strategies = part.fa_type_id.with_context(active_test=False).strategy_ids
            if any(strategy._uses_part(part) for strategy in strategies):
                raise ValidationError(
                    self.env._(
                        "The part %(label)s stands in the template of a strategy. "
                        "Change the template first.",
                        label=part.label,
                    )
                )

    # === BUSINESS METHODS === #

    def _all_names(self):
        """Return the name and its aliases.

        :rtype: tuple[str, ...]
        """
        self.ensure_one()
        return (self.name or "", *split_names(self.aliases))

    def _to_rule(self):
        """Return the part as the pure rules know it.

        :rtype: PartRule
        """
        self.ensure_one()
        return PartRule(
            name=self.name,
            label=self.label,
            source=self.source,
            check=self.check,
            pattern=self.pattern or None,
            required=self.required,
            constant=self.constant or None,
            sensitive=self.sensitive,
            aliases=split_names(self.aliases),
        )
