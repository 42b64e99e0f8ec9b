from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core.checks import make_checker
from ..core.id_template import same_ends, template_ends
from ..core.reference import DEFAULT_ID_TYPE
from ..core.rules import IdTypeRule
from ..core.seal import SealError, keyed_hash

#: What decides under which key an identifier is found.
KEY_FIELDS = frozenset({"code", "template", "case_significant", "keyed_hash"})


class G2PSparIdType(models.Model):
    _name = "g2p.spar.id.type"
    _inherit = ["g2p.spar.reference.mixin"]
    _description = "Type of Identifier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short technical name, such as national_id.")
    template = fields.Char(
        required=True,
        default="{id}",
        help="How such an identifier is written, with the value in braces: "
        "token:{sub}@nationalId. What stands around the value is how the type is "
        "recognised.",
    )
    case_significant = fields.Boolean(
        help="Small and capital letters of the value differ, as in tokens. Type and "
        "provider are compared without regard to case in any event.",
    )
    keyed_hash = fields.Boolean(
        string="Stored as Keyed Hash",
        help="The identifier itself is not stored: only a hash that nobody can "
        "reverse without the secret key of the server, and a masked form for "
        "people. Needs the secret key to be set.",
    )
    pattern = fields.Char(
        help="Regular expression which must fit the whole value. Empty: any value."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(lower(code))", "Another identifier type has this code already."
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("code", "active")
    def _check_code(self):
        self._check_code_form()
        for id_type in self:
            if id_type.code == DEFAULT_ID_TYPE and not id_type.active:
                raise ValidationError(
                    self.env._(
                        "%(name)s takes every identifier that no other type "
                        "recognises, so it must stay active.",
                        name=id_type.name,
                    )
                )

    @api.constrains("template", "pattern", "active")
    def _check_template(self):
        for id_type in self:
            self._call_core(template_ends, id_type.template)
            if id_type.pattern:
                self._call_core(make_checker, "regex", id_type.pattern)
        self._check_recognised()

    def _check_recognised(self):
        """Refuse a second active type for the same identifiers."""
        for id_type in self.filtered("active"):
            others = self.search([("id", "!=", id_type.id)])
            same = others.filtered(
                lambda other, own=id_type: same_ends(other.template, own.template)
            )
            if same:
                raise ValidationError(
                    self.env._(
                        "Identifiers like %(template)s are those of %(name)s already.",
                        template=id_type.template,
                        name=same[0].name,
                    )
                )

    @api.constrains("keyed_hash")
    def _check_secret_key(self):
        if not any(self.mapped("keyed_hash")):
            return
        try:
            keyed_hash("", "id")
        except SealError as error:
            raise ValidationError(
                self.env._(
                    "A keyed hash needs the secret key of the server. %(reason)s",
                    reason=error,
                )
            ) from error

    # === CRUD METHODS === #

    def write(self, vals):
        """Write, but keep the keys of identifiers in use as they are."""
        changed = {
            name
            for name in KEY_FIELDS & vals.keys()
            if any(record[name] != vals[name] for record in self)
        }
        if changed and self._spar_usage_count():
            raise UserError(
                self.env._(
                    "Identifiers of this type are in use: its code, template, case "
                    "and hash decide how they are found and cannot change. Create "
                    "another type instead."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_default(self):
        """Keep the type which takes what no other type recognises."""
        if DEFAULT_ID_TYPE in self.mapped("code"):
            raise UserError(
                self.env._(
                    "This type takes every identifier that no other type recognises, "
                    "so it cannot be deleted."
                )
            )

    # === BUSINESS METHODS === #

    def _to_rule(self):
        """Return the type as the pure rules know it.

        :rtype: IdTypeRule
        """
        self.ensure_one()
        prefix_type, provider = template_ends(self.template)
        return IdTypeRule(
            id=self.id,
            code=self.code,
            prefix_type=prefix_type,
            provider=provider,
            case_significant=self.case_significant,
            keyed_hash=self.keyed_hash,
            pattern=self.pattern or None,
        )
