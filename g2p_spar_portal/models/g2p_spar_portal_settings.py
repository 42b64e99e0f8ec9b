from odoo import api, models
from odoo.tools import email_normalize

from ..core import settings
from ..core.contact import clean_phone
from ..core.paths import HOME
from ..core.settings import Help

PREFIX = "g2p_spar_portal."


class G2PSparPortalSettings(models.AbstractModel):
    """What an administrator has set for the portal, as values that can be used.

    The settings are system parameters, so that a copy of the database, a test or a
    script sets them without a screen. What cannot be read counts as not set.
    """

    _name = "g2p.spar.portal.settings"
    _description = "Settings of the beneficiary portal"

    @api.private
    def text(self, name: str) -> str:
        """A setting as it was typed, "" when there is none."""
        # sudo: settings that are printed on pages and in messages to everybody.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return (parameters_sudo.get_param(PREFIX + name) or "").strip()

    @api.private
    def help(self) -> Help:
        """Where a person gets help; an e-mail address that is none is left out."""
        email = email_normalize(self.text("help_email")) or ""
        return Help(self.text("help_phone"), email, self.text("help_hours"))

    @api.private
    def programme(self) -> str:
        """The name people know us by: the programme's, else the company's."""
        return self.text("programme_name") or self._company().name

    @api.private
    def url(self) -> str:
        """The address of the portal for messages: the short one where one is set."""
        base = self.text("short_url")
        if base:
            return base
        # sudo: the server's own address, which is in every message.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return (parameters_sudo.get_param("web.base.url") or "").rstrip("/") + HOME

    @api.private
    def region(self) -> str | None:
        """ISO code of the country whose way of writing phones is understood."""
        return self._company().country_id.code or None

    @api.private
    def time_zone(self) -> str:
        """Name of the zone in which dates of messages are told."""
        partner_sudo = self._company().partner_id
        partner_sudo.fetch(["tz"])
        return partner_sudo.tz or "UTC"

    def _company(self):
        """Return the company; every page asks for its name.

        Users, companies and partners are long records: of each only what is used
        here is read.
        """
        self.env.user.fetch(["company_id"])
        # sudo: the public user may not read companies; name, country and zone are told.
        company_sudo = self.env.company.sudo()
        company_sudo.fetch(["name", "country_id", "partner_id"])
        return company_sudo

    @api.private
    def idle_minutes(self) -> int:
        """Minutes after which a person who does nothing is logged out: 2 to 60."""
        minutes = settings.read_number(
            self.text("idle_minutes"), settings.IDLE_MINUTES, least=2
        )
        return min(minutes, settings.MOST_IDLE_MINUTES)

    @api.private
    def contact_days(self) -> int:
        """Days during which a contact that was replaced or removed is still told."""
        return settings.read_number(self.text("contact_days"), settings.CONTACT_DAYS)

    @api.private
    def notice_days(self) -> int:
        """Days after which the text of a notice and its recipient are forgotten."""
        return settings.read_number(self.text("notice_days"), settings.NOTICE_DAYS)

    @api.private
    def notified_channels(self) -> frozenset[str]:
        """Channels whose changes the persons are told of."""
        return settings.read_channels(self.text("notified_channels"))

    @api.private
    def clean_phone(self, text: str | None) -> str | None:
        """A phone in E.164, by the country of the company; none when it is none."""
        return clean_phone(text, self.region())
