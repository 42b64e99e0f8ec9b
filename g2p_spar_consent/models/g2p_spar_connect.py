from collections.abc import Sequence

from odoo import api, fields, models

from odoo.addons.g2p_spar_connect_api.core.envelope import Message
from odoo.addons.g2p_spar_connect_api.core.sender import SenderFacts
from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..consent_use import note_use
from ..core.resolving import find_tokens, swap, tell


class G2PSparConnect(models.AbstractModel):
    _inherit = "g2p.spar.connect"

    @api.private
    def ask(
        self,
        message: Message,
        facts: SenderFacts,
        with_parts: bool = False,
        items: Sequence | None = None,
    ) -> list[Outcome]:
        """Let an application ask by its own names for people.

        Here every resolve comes through, whether it is answered at once, later or
        as a file. It costs one statement more, whatever the number of items, and
        nothing where no item has such a name.
        """
        items = message.items.for_registry() if items is None else items
        profile = self.env["g2p.spar.sender"].get_consent_profile(facts.client_id)
        is_resolve = message.operation is Operation.RESOLVE
        tokens = find_tokens(items, profile.code) if profile and is_resolve else {}
        if not tokens:
            return super().ask(message, facts, with_parts, items)
        consents = {}
        # In a sandbox there is nobody to consent.
        if facts.sandbox is None:
            # sudo: an application may not read consents; only its own are found.
            consents_sudo = self.env["g2p.spar.consent"].sudo()
            consents = consents_sudo.find(profile.record_id, set(tokens.values()))
        now = fields.Datetime.now()
        swapped = swap(items, tokens, consents, message.purpose, now)
        outcomes = super().ask(message, facts, with_parts, swapped.items)
        if swapped.consents:
            note_use(self.env.cr.dbname, swapped.consents.values())
        return tell(outcomes, swapped.consents)
