from odoo import api, fields, models

from ..core.checks import check_part


class G2PSparProvider(models.Model):
    _name = "g2p.spar.provider"
    _inherit = ["g2p.spar.reference.mixin", "g2p.spar.searchable.mixin"]
    _description = "Financial Service Provider"
    _order = "name, id"
    _rec_names_search = ["name", "code", "mnemonic", "bic"]

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help="The code that stands in addresses and on the wire.",
    )
    mnemonic = fields.Char(
        help="The name by which other systems know the provider, when it is not "
        "the code.",
    )
    kind_id = fields.Many2one(
        "g2p.spar.provider.kind", required=True, ondelete="restrict", index=True
    )
    bic = fields.Char(string="BIC", help="Business identifier code, ISO 9362.")
    country_id = fields.Many2one("res.country")
    image_128 = fields.Image("Logo", max_width=128, max_height=128)
    note = fields.Text(string="Notes")
    active = fields.Boolean(
        default=True,
        help="An archived provider takes no new address; existing ones keep it.",
    )
    branch_ids = fields.One2many("g2p.spar.branch", "provider_id", string="Branches")
    branch_count = fields.Integer(
        compute="_compute_branch_count", string="Number of Branches"
    )

    _code_uniq = models.UniqueIndex(
        "(lower(code))", "Another provider has this code already."
    )

    # === COMPUTE METHODS === #

    @api.depends("branch_ids")
    def _compute_branch_count(self):
        counts = dict(
            self.env["g2p.spar.branch"]._read_group(
                [("provider_id", "in", self.ids)], ["provider_id"], ["__count"]
            )
        )
        for provider in self:
            provider.branch_count = counts.get(provider, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("code")
    def _check_code(self):
        self._check_code_form()

    @api.constrains("bic")
    def _check_bic(self):
        for provider in self.filtered("bic"):
            self._call_core(check_part, "bic", provider.bic, None, "BIC")

    # === ACTION METHODS === #

    def action_view_branches(self):
        """Open the branches of this provider."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "g2p_spar_fa_reference.g2p_spar_branch_action"
        )
        action["domain"] = [("provider_id", "=", self.id)]
        action["context"] = {"default_provider_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _spar_usage_count(self):
        """Count the branches of these providers."""
        branches = self.env["g2p.spar.branch"].with_context(active_test=False)
        return super()._spar_usage_count() + branches.search_count(
            [("provider_id", "in", self.ids)], limit=1
        )
