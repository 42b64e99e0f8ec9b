import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from odoo.addons.g2p_spar_fa_reference.core.id_template import template_ends
from odoo.addons.g2p_spar_mapper.core.outgoing.place import PlaceError

from ..core.consent import MOST_DAYS
from ..core.redirect import read_addresses
from ..core.request import Profile

_CODE = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")


class G2PSparSender(models.Model):
    """A partner that asks people for their consent: an application."""

    _inherit = "g2p.spar.sender"

    # === FIELDS === #

    may_ask_consent = fields.Boolean(
        string="Asks People for Consent",
        copy=False,
        help="It may send people to the portal, who then allow it to ask about them "
        "by its own name for them.",
    )
    consent_code = fields.Char(
        string="Code Behind the @",
        copy=False,
        help="The application asks about a person as token:its-own-name@this-code.",
    )
    consent_name = fields.Char(
        string="Name Shown to People", translate=True, copy=False, size=60
    )
    consent_logo = fields.Image(
        string="Logo Shown to People", max_width=256, max_height=256, copy=False
    )
    consent_days = fields.Integer(
        string="Longest Consent (Days)", default=365, help="At most five years."
    )
    consent_redirects = fields.Text(
        string="Ways Back",
        copy=False,
        help="Addresses to which people are sent back, one a line, compared letter by "
        "letter.",
    )
    consent_step_up = fields.Boolean(
        string="With a Second Login",
        help="People prove once more who they are before they agree.",
    )
    consent_count = fields.Integer("Consents", compute="_compute_consent_count")

    # === CONSTRAINTS AND INDEXES === #

    _consent_code_uniq = models.UniqueIndex(
        "(lower(consent_code)) WHERE consent_code IS NOT NULL",
        "Another application has this code already.",
    )
    _consent_days_range = models.Constraint(
        f"CHECK (consent_days BETWEEN 1 AND {MOST_DAYS})",
        f"A consent lasts from 1 to {MOST_DAYS} days.",
    )

    # === COMPUTE METHODS === #

    def _compute_consent_count(self):
        consents = self.env["g2p.spar.consent"]
        mine = [("sender_id", "in", self.ids), ("state", "=", "active")]
        counts = dict(consents._read_group(mine, ["sender_id"], ["__count"]))
        for sender in self:
            sender.consent_count = counts.get(sender._origin, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("consent_code")
    def _check_consent_code(self):
        id_types = self.env["g2p.spar.id.type"].with_context(active_test=False)
        taken = {
            (template_ends(template)[1] or "").casefold()
            for template in id_types.search([]).mapped("template")
        }
        for sender in self.filtered("consent_code"):
            if not _CODE.fullmatch(sender.consent_code):
                raise ValidationError(
                    self.env._(
                        "The code has 1 to 40 small letters, digits or . _ - and "
                        "begins and ends with a letter or digit."
                    )
                )
            if sender.consent_code in taken:
                raise ValidationError(
                    self.env._("A type of ID ends with this code already.")
                )

    @api.constrains("consent_redirects")
    def _check_consent_redirects(self):
        for sender in self:
            try:
                read_addresses(sender.consent_redirects)
            except PlaceError as error:
                raise ValidationError(str(error)) from error

    @api.constrains(
        "may_ask_consent",
        "consent_code",
        "consent_name",
        "consent_redirects",
        "purpose_ids",
        "is_sandbox",
    )
    def _check_consent_profile(self):
        """Let nobody ask who could not be told from others, or not be answered."""
        for sender in self.filtered("may_ask_consent"):
            if sender.is_sandbox:
                raise ValidationError(
                    self.env._("A partner in a sandbox cannot ask real people.")
                )
            needed = (
                sender.consent_code,
                (sender.consent_name or "").strip(),
                (sender.consent_redirects or "").strip(),
                sender.purpose_ids,
            )
            if not all(needed):
                raise ValidationError(
                    self.env._(
                        "To ask people for consent a partner needs a code, a name for "
                        "people, a way back and a purpose."
                    )
                )

    # === ACTIONS === #

    def action_view_consents(self):
        """Show what people allowed the partner."""
        return self._view("g2p_spar_consent.g2p_spar_consent_action")

    # === BUSINESS METHODS === #

    @api.private
    def get_consent_profile(self, client_id):
        """Return what an application may ask people for, from memory.

        :param str client_id: as the application calls itself
        :rtype: core.request.Profile | None
        """
        return self._consent_profile(client_id)

    @ormcache("client_id")
    def _consent_profile(self, client_id):
        # Who a caller is must be found out before it has any rights.
        sender_sudo = self.sudo().search(
            [("client_id", "=", client_id), ("may_ask_consent", "=", True)]
        )
        return sender_sudo._to_consent_profile() if sender_sudo else None

    def _to_consent_profile(self):
        """Return the profile as a plain value; to be called with all rights."""
        self.ensure_one()
        purposes = self.purpose_ids.filtered(lambda one: one.active)
        return Profile(
            self.id,
            self.client_id,
            self.consent_code,
            {one.code: one.id for one in purposes if one.consent_text},
            self.consent_days,
            frozenset(read_addresses(self.consent_redirects)),
            self.consent_step_up,
        )
