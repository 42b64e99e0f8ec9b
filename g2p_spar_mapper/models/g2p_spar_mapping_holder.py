from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from ..const import WHOLE_NUMBERS as OFFICERS
from ..core.commands import Origin, StoredKey
from ..core.name_check import NameVerdict
from .messages import sentence_of

_lt = LazyTranslate(__name__)

#: How an answer looks, and what staff are told.
_ANSWERS = {
    NameVerdict.MATCH: ("success", _lt("The account belongs to this person.")),
    NameVerdict.CLOSE: (
        "warning",
        _lt(
            "The holder has a name like this one, but not the same. Compare it with"
            " the person's papers."
        ),
    ),
    NameVerdict.NONE: (
        "danger",
        _lt(
            "The account belongs to somebody else. It is still paid: ask the person,"
            " and put it on hold or suspend it until that is clear."
        ),
    ),
    NameVerdict.NOT_POSSIBLE: (
        "warning",
        _lt("Nobody could say whose account this is. Try again later."),
    ),
}


class G2PSparMapping(models.Model):
    """Whose account an address is, as somebody says who knows the holders."""

    _inherit = "g2p.spar.mapping"

    # compute_sudo: whom one could ask is a setting of administrators.
    can_check_name = fields.Boolean(
        compute="_compute_can_check_name",
        compute_sudo=True,
        help="A service knows the holders of such accounts.",
    )

    def _compute_can_check_name(self):
        services = self.env["g2p.spar.name.service"]
        for provider, mappings in self.grouped("provider_id").items():
            is_known = bool(services._for_provider(provider.id))
            for mapping in mappings:
                mapping.can_check_name = (
                    is_known and bool(mapping.name) and not mapping.is_sandbox
                )

    def action_check_name(self):
        """Ask whether the account is this person's, keep and tell the answer.

        :raise AccessError: somebody else than an officer asks
        :raise UserError: nothing could be asked, as nothing is linked any more
        """
        if not self.env.user.has_group(OFFICERS):
            raise AccessError(self.env._("Only officers ask whose account it is."))
        self.ensure_one()
        outcome = self.env["g2p.spar.mapper"].check_name(
            StoredKey(self.id_key), Origin(channel="staff")
        )
        if not outcome.succeeded:
            raise UserError(sentence_of(self.env, outcome))
        kind, sentence = _ANSWERS[NameVerdict(outcome.detail)]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": self.env._(sentence),
                "sticky": kind != "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
