from odoo import api, fields, models


class G2PSparProviderKind(models.Model):
    _name = "g2p.spar.provider.kind"
    _inherit = ["g2p.spar.reference.mixin"]
    _description = "Kind of Provider"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Short technical name, such as bank or mobile_wallet.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    provider_ids = fields.One2many("g2p.spar.provider", "kind_id", string="Providers")
    provider_count = fields.Integer(
        compute="_compute_provider_count", string="Number of Providers"
    )

    _code_uniq = models.UniqueIndex(
        "(lower(code))", "Another kind of provider has this code already."
    )

    # === COMPUTE METHODS === #

    @api.depends("provider_ids")
    def _compute_provider_count(self):
        counts = dict(
            self.env["g2p.spar.provider"]._read_group(
                [("kind_id", "in", self.ids)], ["kind_id"], ["__count"]
            )
        )
        for kind in self:
            kind.provider_count = counts.get(kind, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("code")
    def _check_code(self):
        self._check_code_form()

    # === BUSINESS METHODS === #

    def _spar_usage_count(self):
        """Count providers and address types of these kinds."""
        domain = [("kind_id", "in", self.ids)]
        archived = self.with_context(active_test=False).env
        return (
            super()._spar_usage_count()
            + archived["g2p.spar.provider"].search_count(domain, limit=1)
            + archived["g2p.spar.fa.type"].search_count(domain, limit=1)
        )
