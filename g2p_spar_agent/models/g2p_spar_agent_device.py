from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..const import AGENTS
from ..core.pairing import digest, make_code, make_device_id, make_token

#: How long a pairing code is good.
CODE_LIFE = timedelta(days=1)
#: What people say of a device; all else is noted by the system.
_SAID = {"name", "user_id", "active"}
_NOT_PAIRED = dict.fromkeys(
    ("token_digest", "code_digest", "code_until", "paired_at"), False
)


class G2PSparAgentDevice(models.Model):
    """A tablet on which one agent works, until somebody archives it.

    The tablet keeps a secret; here is only its digest. Lists of an agent without a
    network name the device too.
    """

    _name = "g2p.spar.agent.device"
    _description = "Device of a Field Agent"
    _order = "name, id"

    # === FIELDS === #

    name = fields.Char(required=True)
    device_id = fields.Char(
        "Device ID",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: make_device_id(),
        help="Stands in the column “device” of lists that the device made.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Agent",
        required=True,
        ondelete="restrict",
        domain=lambda self: [("all_group_ids", "in", self.env.ref(AGENTS).ids)],
    )
    active = fields.Boolean(
        default=True, help="Not active: nothing can be done with it any more."
    )
    code_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    code_until = fields.Datetime("Code Good until", readonly=True, copy=False)
    token_digest = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    paired_at = fields.Datetime("Paired on", readonly=True, copy=False)
    seen_at = fields.Datetime("Last Seen", readonly=True, copy=False)

    # === CONSTRAINTS AND INDEXES === #

    _device_id_uniq = models.UniqueIndex("(device_id)", "This device ID is taken.")
    _token_uniq = models.UniqueIndex("(token_digest) WHERE token_digest IS NOT NULL")
    _code_uniq = models.UniqueIndex("(code_digest) WHERE code_digest IS NOT NULL")

    @api.constrains("user_id")
    def _check_user_id(self):
        """Refuse users who are no agents."""
        for device in self:
            # Who may look after devices need not read users.
            if not device.user_id.sudo().has_group(AGENTS):
                raise ValidationError(
                    self.env._("%s is no field agent.", device.user_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Register devices.

        :raise AccessError: something is said that only the system notes
        """
        self._check_said(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Write; in other hands, or put away, a device must be paired anew.

        :raise AccessError: something is said that only the system notes
        """
        self._check_said(vals)
        result = super().write(vals)
        if "user_id" in vals or vals.get("active") is False:
            # The digests are nobody's to write, and the right was checked.
            self.sudo().write(_NOT_PAIRED)
        return result

    def _check_said(self, *said):
        # A field that is none gets Odoo's own answer.
        names = self._fields.keys() & set().union(*said)
        if not self.env.su and names - _SAID:
            raise AccessError(
                self.env._("A device has a name and an agent; the rest is not typed.")
            )

    # === ACTIONS === #

    def action_pair(self):
        """Make a code with which the agent pairs the device, and show it once."""
        self.ensure_one()
        self.check_access("write")
        if not self.active:
            raise UserError(self.env._("This device was put away."))
        code = make_code()
        # The digests are nobody's to write, and the right was checked.
        self.sudo().write(
            {
                "code_digest": digest("code", code),
                "code_until": fields.Datetime.now() + CODE_LIFE,
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "title": code,
                "message": self.env._(
                    "Type this code on the device of %s within a day. It is shown"
                    " only now.",
                    self.user_id.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #

    def _pair(self, user, code):
        """Pair the device for which a code was made, and use the code up.

        :param user: the agent who types it
        :param str code: as typed
        :return: the secret which the device is to keep, none: no such code
        :rtype: str | None
        """
        device = self.search(
            [
                ("code_digest", "=", digest("code", code)),
                ("code_until", ">", fields.Datetime.now()),
                ("user_id", "=", user.id),
            ]
        )
        if not device:
            return None
        token = make_token()
        device.write(
            {
                "token_digest": digest("token", token),
                "code_digest": False,
                "code_until": False,
                "paired_at": fields.Datetime.now(),
            }
        )
        return token

    def _find(self, user, token):
        """Return the device that keeps a secret, if it is this agent's and active."""
        if not token:
            return self.browse()
        return self.search(
            [("token_digest", "=", digest("token", token)), ("user_id", "=", user.id)]
        )

    def _see(self):
        """Note that the device was used, once an hour."""
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        if not self.seen_at or self.seen_at < hour_ago:
            self.seen_at = fields.Datetime.now()
