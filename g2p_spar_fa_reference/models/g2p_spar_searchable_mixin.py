from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import create_index, index_exists

from ..core.search_key import patterns, search_key


class G2PSparSearchableMixin(models.AbstractModel):
    """What is found by a few words of its name, code or place, among many.

    A country has a hundred thousand branches. The folded words are stored, so that
    one index of trigrams answers each letter that is typed; where PostgreSQL has no
    ``pg_trgm``, the same search only takes longer.
    """

    _name = "g2p.spar.searchable.mixin"
    _description = "Found by a few words"
    #: Fields whose words find a record.
    _search_fields = ("name", "code", "mnemonic")

    search_key = fields.Char(
        compute="_compute_search_key",
        store=True,
        help="Words by which the record is found, without accents and capitals.",
    )

    def init(self):
        """Create the index of trigrams, where the database can have one."""
        name = f"{self._table}__search_key_trgm"
        if self._abstract or not self.env.registry.has_trigram:
            return
        if not index_exists(self.env.cr, name):
            create_index(
                self.env.cr, name, self._table, ["search_key gin_trgm_ops"], "gin"
            )

    @api.depends(lambda self: self._search_fields)
    def _compute_search_key(self):
        for record in self:
            texts = (record[name] or None for name in self._search_fields)
            record.search_key = search_key(*texts)

    @api.private
    def find_by_words(self, query, domain, limit):
        """Return active records of which all words of ``query`` tell.

        A record whose code is just what was typed comes first, the others by name.
        Callers who may see the records at all are asked nothing more: this is a
        search like any other, under the rules of the user.

        :param str query: what a person typed; empty: all
        :param list domain: what the records must be besides, such as of one bank
        :param int limit: greatest number of records
        :return: at most ``limit`` records
        """
        code = query.strip().lower()
        if code and not patterns(query):
            # Nothing but signs: that is the name of nothing.
            return self.browse()
        named = self._search(domain, limit=limit, order="name, id")
        for pattern in patterns(query):
            column = self._field_to_sql(named.table, "search_key", named)
            named.add_where(SQL("%s LIKE %s", column, pattern))
        exact = self.browse()
        if code:
            coded = self._search(domain, limit=1)
            column = self._field_to_sql(coded.table, "code", coded)
            coded.add_where(SQL("lower(%s) = %s", column, code))
            exact = self.browse(coded)
        return (exact | self.browse(named))[:limit]
