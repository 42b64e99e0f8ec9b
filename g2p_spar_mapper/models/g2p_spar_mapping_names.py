import re

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

#: So many of the newest numbers are looked through first.
NEWEST = 40_000
_NAMED = ("ilike", "like")
#: The index of names knows groups of three letters.
_IN_INDEX = re.compile(r"\w{3}")


class G2PSparMapping(models.Model):
    """Finds people by a part of their name, wherever in the registry they stand."""

    _inherit = "g2p.spar.mapping"

    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Find a page of the newest who have such a name.

        Among many of the same name the database expects the newest soon, and walks
        back through the registry for them. So it comes far where all of them were
        linked long ago, as those of one district are. Here it walks a bounded way;
        who is not found on it is found by the index of names.
        """
        if not (limit and order and _is_newest_first(order) and _asks_for_name(domain)):
            return super()._search(domain, offset, limit, order, **kwargs)
        first = self._newest_number() - NEWEST
        among = Domain(domain) & Domain("id", ">", first)
        found = super()._search(among, offset, limit, order, **kwargs)
        if len(found.get_result_ids()) == limit or first <= 0:
            return self.browse(found.get_result_ids())._as_query()
        query = super()._search(domain, offset, limit, order, **kwargs)
        # The same order, in which the index of numbers cannot be walked.
        query.order = SQL("%s + 0 DESC", SQL.identifier(self._table, "id"))
        return query

    def _newest_number(self):
        table = SQL.identifier(self._table)
        return self.env.execute_query(SQL("SELECT max(id) FROM %s", table))[0][0] or 0


def _is_newest_first(order):
    return order.lower().split() == ["id", "desc"]


def _asks_for_name(domain):
    """Whether all who are found must have a part of a name that the index knows."""
    domain = Domain(domain)
    if {"|", "!"} & {one for one in domain if isinstance(one, str)}:
        return False
    return any(
        one.field_expr == "name"
        and one.operator in _NAMED
        and isinstance(one.value, str)
        and _IN_INDEX.search(one.value)
        for one in domain.iter_conditions()
    )
