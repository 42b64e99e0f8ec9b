from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.rules import FaTypeRule


def split_names(text):
    """Return the names in a comma separated field, without blanks."""
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


class G2PSparFaType(models.Model):
    _name = "g2p.spar.fa.type"
    _inherit = ["g2p.spar.reference.mixin"]
    _description = "Type of Financial Address"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="The code on the wire, such as BANK_ACCOUNT.",
    )
    alias_codes = fields.Char(
        string="Other Codes",
        help="Codes which other systems use for this type, separated by commas.",
    )
    sequence = fields.Integer(default=10)
    kind_id = fields.Many2one(
        "g2p.spar.provider.kind",
        string="Kind of Provider",
        required=True,
        ondelete="restrict",
        index=True,
        help="Providers of this kind can hold such an address.",
    )
    require_known_provider = fields.Boolean(
        help="Refuse an address whose provider is not in the list of providers. "
        "Otherwise it is stored without a provider.",
    )
    active = fields.Boolean(default=True)
    part_ids = fields.One2many("g2p.spar.fa.part", "fa_type_id", string="Parts")
    strategy_ids = fields.One2many(
        "g2p.spar.strategy", "fa_type_id", string="Strategies"
    )

    _code_uniq = models.UniqueIndex(
        "(lower(code))", "Another address type has this code already."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("code", "alias_codes")
    def _check_code(self):
        self._check_code_form()
        for fa_type in self:
            others = self.with_context(active_test=False).search(
                [("id", "!=", fa_type.id)]
            )
            taken = {code for other in others for code in other._all_codes()}
            if taken & set(fa_type._all_codes()):
                raise ValidationError(
                    self.env._(
                        "Another address type answers to one of the codes of %(name)s.",
                        name=fa_type.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _all_codes(self):
        """Return the code and its aliases, casefolded.

        :rtype: list[str]
        """
        self.ensure_one()
        names = (self.code, *split_names(self.alias_codes))
        return [name.casefold() for name in names]

    def _spar_usage_count(self):
        """Count the strategies of these types."""
        strategies = self.env["g2p.spar.strategy"].with_context(active_test=False)
        return super()._spar_usage_count() + strategies.search_count(
            [("fa_type_id", "in", self.ids)], limit=1
        )

    def _to_rule(self):
        """Return the type as the pure rules know it.

        :rtype: FaTypeRule
        """
        self.ensure_one()
        return FaTypeRule(
            id=self.id,
            code=self.code,
            name=self.name,
            kind_code=self.kind_id.code,
            require_known_provider=self.require_known_provider,
            parts=tuple(part._to_rule() for part in self.part_ids),
            aliases=split_names(self.alias_codes),
        )
