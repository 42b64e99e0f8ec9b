from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.g2p_spar_mapper.core.sandbox import is_name

#: How a twin begins: with a secret of its own. Keys and names with an issuer tell
#: who is calling, so the twin cannot have those of the partner. It is not called back
#: where the partner is: a program there would take what is tried out for real.
_OF_ITS_OWN = {
    "own_tokens": True,
    "issuer_id": False,
    "issuer_client": False,
    "signature_policy": "ignored",
    "signature_alone": False,
    "bare_token": False,
    "jwks_url": False,
    "encryption": "accepted",
    "encrypts_answers": False,
    "callback_url": False,
}


class G2PSparSender(models.Model):
    """Partners that try things out: confined to a sandbox, or with a twin that is.

    Whether a partner is confined is decided when it is made and never changes. The
    same message is done once only, so one that was tried out must not be taken for
    one that was meant.
    """

    _inherit = "g2p.spar.sender"

    # === FIELDS === #

    is_sandbox = fields.Boolean(
        "Sandbox",
        copy=False,
        help="It sees and changes only what is in its sandbox, never the registry"
        " proper. Cannot be changed later.",
    )
    sandbox_name = fields.Char(
        "Shared Sandbox",
        copy=False,
        help="Partners with the same word here share one sandbox, for tests of"
        " several programs together. Empty: a sandbox of its own.",
    )
    twin_of_id = fields.Many2one(
        "g2p.spar.sender",
        "Tries Things Out For",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
    )
    twin_ids = fields.One2many("g2p.spar.sender", "twin_of_id", "Sandbox Twin")
    contact_user_ids = fields.Many2many(
        "res.users",
        "g2p_spar_sender_contact_rel",
        "sender_id",
        "user_id",
        string="Console Users",
        domain="[('share', '=', True)]",
        help="People of the partner, users of the portal, who may try messages out"
        " at /spar/v1/console. They see the sandbox only.",
    )

    # === CONSTRAINTS AND INDEXES === #

    _twin_uniq = models.UniqueIndex(
        "(twin_of_id) WHERE twin_of_id IS NOT NULL",
        "This partner has a sandbox twin already.",
    )
    _twin_is_sandbox = models.Constraint(
        "CHECK (twin_of_id IS NULL OR is_sandbox IS TRUE)",
        "A twin that tries things out must be confined to a sandbox.",
    )

    @api.constrains("sandbox_name")
    def _check_sandbox_name(self):
        """A shared name begins with a letter: numbers name those of one partner."""
        for sender in self.filtered("sandbox_name"):
            name = sender.sandbox_name
            if not is_name(name) or name[0].isdigit():
                raise ValidationError(
                    self.env._(
                        "The name of a shared sandbox has at most 40 small letters,"
                        " digits, dots, dashes and underscores, and begins with a"
                        " letter."
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        """Write, but leave a partner on the side on which it was made."""
        if "is_sandbox" in vals:
            wanted = bool(vals["is_sandbox"])
            if any(sender.is_sandbox != wanted for sender in self):
                raise UserError(
                    self.env._(
                        "A partner cannot move between its sandbox and the registry:"
                        " what it tried out could be taken for what it means. Make"
                        " another partner, or a sandbox twin."
                    )
                )
        return super().write(vals)

    # === ACTIONS === #

    def action_make_twin(self):
        """Make a partner with the same rights that is confined to a sandbox.

        :return: action that shows it
        """
        self.ensure_one()
        self._check_administrator()
        if self.is_sandbox or self.twin_ids:
            raise UserError(self.env._("This partner has its sandbox already."))
        twin = self.copy(
            {
                "name": self.env._("%s (sandbox)", self.name),
                "mnemonic": f"{self.mnemonic[:91]}.sandbox",
                "is_sandbox": True,
                "twin_of_id": self.id,
                **_OF_ITS_OWN,
            }
        )
        return twin._open()

    def action_open_twin(self):
        """Show the sandbox twin."""
        self.ensure_one()
        return self.twin_ids[:1]._open()

    def action_empty_sandbox(self):
        """Take all addresses of the sandbox away, for all partners that share it."""
        self.ensure_one()
        self._check_administrator()
        name = self._sandbox()
        if name is None:
            raise UserError(self.env._("Only a sandbox can be emptied."))
        count = self.env["g2p.spar.mapper"].empty_sandbox(
            name, self.env._("The sandbox was emptied")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The sandbox is empty: %s links ended.", count),
            },
        }

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _sandbox(self):
        """Name of the sandbox this partner is confined to, none for the registry."""
        self.ensure_one()
        if not self.is_sandbox:
            return None
        return self.sandbox_name or str(self.id)

    def _facts_values(self):
        """Say to which sandbox the sender is confined."""
        return super()._facts_values() | {"sandbox": self._sandbox()}

    @api.private
    def find_console_sender(self, user):
        """Find the sandboxed partner that a user may try messages out as.

        :param user: who is logged in
        :return: one partner, to be read with all rights; none when nobody gave the
            user the console, the partner is shut out, or it has no sandbox yet
        """
        # Users of the portal may read no partner; what they get is chosen here.
        sender_sudo = self.sudo().search(
            [("contact_user_ids", "in", user.ids)], order="is_sandbox desc, id"
        )
        for one_sudo in sender_sudo:
            found_sudo = one_sudo if one_sudo.is_sandbox else one_sudo.twin_ids[:1]
            if found_sudo.active:
                return found_sudo
        return self.browse()
