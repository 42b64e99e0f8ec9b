from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.date_utils import parse_date

from ..core.days import moments

#: Operators that name several days, and whether it is these or all others.
_SETS = {"in": True, "not in": False}


class G2PSparCountMixin(models.AbstractModel):
    """Counts behind a chart, which open the records that they count.

    They count mappings, unless a model says otherwise.
    """

    _name = "g2p.spar.count.mixin"
    _description = "Counts Behind a Chart"

    #: The action that shows the records which are counted.
    _counted_action = "g2p_spar_mapper.g2p_spar_mapping_action"
    #: Fields of counts, and what they are called on the records.
    _counted_fields = {
        "provider_id": "provider_id",
        "channel": "channel",
        "state": "effective_state",
        "day": "linked_at",
    }

    @api.model
    def get_counted_action(self, domain):
        """Return the action that opens the records behind a figure of a chart.

        For mappings, a day stands for the day on which they were linked.

        :param list domain: of the counts that the figure adds up
        :raise UserError: the counts were chosen by what the records do not have
        """
        self.browse().check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(self._counted_action)
        found = list(Domain(domain).map_conditions(self._of_counted))
        return action | {"domain": found, "context": {}, "path": False}

    def _of_counted(self, condition):
        """Return a condition on counts as one on the records."""
        name, dot, rest = condition.field_expr.partition(".")
        if name not in self._counted_fields:
            raise UserError(self._not_by_this())
        field, operator = self._counted_fields[name] + dot + rest, condition.operator
        if name != "day" or dot:
            return Domain(field, operator, condition.value)
        if operator not in _SETS:
            return self._of_day(field, operator, condition.value)
        days = Domain.OR(self._of_day(field, "=", one) for one in condition.value)
        return days if _SETS[operator] else ~days

    def _of_day(self, field, operator, value):
        """Return a condition on a day of UTC as one on moments.

        A day in a condition on moments would be the user's own day.

        :raise UserError: it is no day, or not compared as days are
        """
        if operator == "!=":
            return ~self._of_day(field, "=", value)
        if not value:
            return Domain(field, operator, value)
        try:
            day = parse_date(value, self.env) if isinstance(value, str) else value
            found = moments(operator, fields.Date.to_date(day))
        except ValueError as error:
            raise UserError(self._not_by_this()) from error
        return Domain.AND(
            Domain(field, sign, fields.Datetime.to_string(moment))
            for sign, moment in found
        )

    def _not_by_this(self):
        """Return what a user is told whose counts were chosen by something else."""
        return self.env._(
            "Mappings are found by provider, channel, state and day only."
            " Take other conditions away."
        )
