from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Fields of counts, and what they are called on the mappings that were counted.
_FIELDS = {
    "provider_id": "provider_id",
    "channel": "channel",
    "state": "effective_state",
    "day": "linked_at",
}


class G2PSparCountMixin(models.AbstractModel):
    """Counts behind a chart, which open the mappings that they count."""

    _name = "g2p.spar.count.mixin"
    _description = "Counts of Mappings"

    @api.model
    def get_mappings_action(self, domain):
        """Return the action that opens the mappings behind a figure of a chart.

        A day stands for the day on which they were linked.

        :param list domain: of the counts that the figure adds up
        :raise UserError: the counts were chosen by what mappings do not have
        """
        self.browse().check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "g2p_spar_mapper.g2p_spar_mapping_action"
        )
        found = list(Domain(domain).map_conditions(self._of_mappings))
        return action | {"domain": found, "context": {}, "path": False}

    def _of_mappings(self, condition):
        """Return a condition on counts as one on mappings."""
        name, dot, rest = condition.field_expr.partition(".")
        if name not in _FIELDS:
            raise UserError(
                self.env._(
                    "Mappings are found by provider, channel, state and day only."
                    " Take other conditions away."
                )
            )
        return Domain(_FIELDS[name] + dot + rest, condition.operator, condition.value)
