from odoo import api, fields, models
from odoo.exceptions import ValidationError


class G2PSparIdType(models.Model):
    _inherit = "g2p.spar.id.type"

    remote_mapper_id = fields.Many2one(
        "g2p.spar.remote.mapper",
        string="Kept By",
        ondelete="restrict",
        index="btree_not_null",
        groups="g2p_spar_mapper.group_admin,g2p_spar_mapper.group_auditor",
        help="The mapper that keeps identifiers of this type. Link, update, unlink and "
        "resolve are sent on to it. Empty: they are kept here.",
    )

    @api.constrains("remote_mapper_id")
    def _check_remote_mapper(self):
        for id_type in self.filtered("remote_mapper_id"):
            # Whether there are any, whoever may see them.
            mappings_sudo = self.env["g2p.spar.mapping"].sudo()
            live = [("id_type_id", "=", id_type.id), ("state", "!=", "unlinked")]
            if mappings_sudo.search_count(live, limit=1):
                raise ValidationError(
                    self.env._(
                        "Identifiers of the type %s are linked here. Unlink them "
                        "first: nobody would find them any more.",
                        id_type.name,
                    )
                )
