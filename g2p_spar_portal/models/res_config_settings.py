from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..core.settings import (
    CONTACT_DAYS,
    DEFAULT_NOTIFIED,
    IDLE_MINUTES,
    NOTICE_DAYS,
    write_channels,
)
from .g2p_spar_portal_settings import PREFIX

_CHANNELS = ("staff", "agent", "api", "import", "registry")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    spar_programme_name = fields.Char(
        "Name of the programme",
        config_parameter=PREFIX + "programme_name",
        help="By which people know it. Empty: the name of the company.",
    )
    spar_help_phone = fields.Char(
        "Phone for help", config_parameter=PREFIX + "help_phone"
    )
    spar_help_email = fields.Char(
        "E-mail for help", config_parameter=PREFIX + "help_email"
    )
    spar_help_hours = fields.Char(
        "Opening hours",
        config_parameter=PREFIX + "help_hours",
        help="Such as: Monday to Friday, 8 to 16. It is shown as it is typed.",
    )
    spar_short_url = fields.Char(
        "Short address of the portal",
        config_parameter=PREFIX + "short_url",
        help="For SMS. It must lead to the portal. Empty: the whole address.",
    )
    spar_notify_staff = fields.Boolean("By staff", default=True)
    spar_notify_agent = fields.Boolean("By field agents", default=True)
    spar_notify_api = fields.Boolean("By partner systems", default=True)
    spar_notify_import = fields.Boolean("By an import")
    spar_notify_registry = fields.Boolean(
        "By itself",
        default=True,
        help="Links that end soon, have ended, or were not renewed in time.",
    )
    spar_contact_days = fields.Integer(
        "Days a former contact is still told",
        config_parameter=PREFIX + "contact_days",
        default=CONTACT_DAYS,
    )
    spar_notice_days = fields.Integer(
        "Days until texts of notices are forgotten",
        config_parameter=PREFIX + "notice_days",
        default=NOTICE_DAYS,
    )
    spar_idle_minutes = fields.Integer(
        "Minutes until a person who does nothing is logged out",
        config_parameter=PREFIX + "idle_minutes",
        default=IDLE_MINUTES,
    )

    def get_values(self):
        """Read the channels, which are one setting for all."""
        channels = self.env["g2p.spar.portal.settings"].notified_channels()
        values = {f"spar_notify_{name}": name in channels for name in _CHANNELS}
        return super().get_values() | values

    def set_values(self):
        """Store the settings; what could not be used is refused.

        :raise ValidationError: an address that is none, or a number below 1
        """
        self._check_spar()
        chosen = {name for name in _CHANNELS if self[f"spar_notify_{name}"]}
        result = super().set_values()
        # What stands as by default is not stored, so that it follows the default.
        is_default = chosen | {"portal"} == DEFAULT_NOTIFIED
        text = False if is_default else write_channels(chosen)
        # sudo: as the other settings of this screen, which only its users reach.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        parameters_sudo.set_param(PREFIX + "notified_channels", text)
        return result

    def _check_spar(self):
        numbers = (self.spar_contact_days, self.spar_notice_days)
        if min(numbers) < 1 or not 2 <= self.spar_idle_minutes <= 60:
            raise ValidationError(
                self.env._(
                    "Days must be 1 or more, and minutes until the log-out between 2"
                    " and 60."
                )
            )
        if self.spar_help_email and not email_normalize(self.spar_help_email):
            raise ValidationError(self.env._("The e-mail for help is not an address."))
        url = self.spar_short_url or "https://"
        if not url.startswith(("https://", "http://")) or any(map(str.isspace, url)):
            raise ValidationError(
                self.env._("The short address must begin with https:// or http://.")
            )
