from odoo import api, fields, models


class G2PSparBranch(models.Model):
    _name = "g2p.spar.branch"
    _inherit = ["g2p.spar.reference.mixin", "g2p.spar.searchable.mixin"]
    _description = "Branch of a Provider"
    # There may be 100,000 of them: they are looked up, not kept in memory.
    _in_reference = False
    _order = "name, id"
    _rec_names_search = ["name", "code", "mnemonic"]
    _search_fields = ("name", "code", "mnemonic", "place")

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help="The code that stands in addresses, for example an IFSC or sort code.",
    )
    mnemonic = fields.Char(
        help="The name by which other systems know the branch, when it is not the "
        "code.",
    )
    provider_id = fields.Many2one(
        "g2p.spar.provider", required=True, ondelete="restrict", index=True
    )
    place = fields.Char(help="Town or address, as a person would look for it.")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(provider_id, lower(code))", "This provider has a branch of this code already."
    )

    # A link names a branch by its code, whoever the provider is.
    _code_idx = models.Index("(lower(code)) WHERE active")

    # Many branches fit one letter: the first of them by name are read in order.
    _provider_search_idx = models.Index(
        '(provider_id, search_key COLLATE "C") WHERE active IS TRUE'
    )
    _provider_name_idx = models.Index("(provider_id, name, id) WHERE active IS TRUE")

    # === COMPUTE METHODS === #

    @api.depends("name", "code")
    def _compute_display_name(self):
        for branch in self:
            branch.display_name = f"{branch.name} ({branch.code})"

    # === CONSTRAINT METHODS === #

    @api.constrains("code")
    def _check_code(self):
        self._check_code_form()
