from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import create_index, index_exists

from ..core.search_key import beginning, patterns, search_key


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

        A record whose code is just what was typed comes first, then those whose name
        begins with it, then the others by name. Callers who may see the records at
        all are asked nothing more: this is a search like any other, under the rules
        of the user.

        :param str query: what a person typed; empty: all
        :param list domain: what the records must be besides, such as of one bank
        :param int limit: greatest number of records
        :return: at most ``limit`` records
        """
        if not query.strip():
            return self.search(domain, limit=limit, order="name, id")
        if not patterns(query):
            # Nothing but signs: that is the name of nothing.
            return self.browse()
        found = self.find_by_code(query.strip(), domain)
        found |= self._find_by_beginning(query, domain, limit)
        if len(found) < limit:
            found |= self._find_by_any_words(query, domain, limit)
        return found[:limit]

    @api.private
    def find_by_code(self, code, domain):
        """Return the record of a code, in capitals or not.

        :param str code: the whole code
        :param list domain: of which only one record has the code
        :return: one record or none
        """
        coded = self._search(domain, limit=1)
        column = self._field_to_sql(coded.table, "code", coded)
        coded.add_where(SQL("lower(%s) = %s", column, code.lower()))
        return self._fetch_found(coded)

    def _find_by_beginning(self, query, domain, limit):
        """Return records whose names begin with what was typed, in their order.

        An index has the keys in the order of their bytes, whatever the language of
        the database is: the first rows are read off it, and no others.
        """
        named = self._search(domain, limit=limit)
        column = self._field_to_sql(named.table, "search_key", named)
        key = SQL('%s COLLATE "C"', column)
        named.add_where(SQL("%s LIKE %s", key, beginning(query)))
        named.order = key
        return self._fetch_found(named)

    def _find_by_any_words(self, query, domain, limit):
        """Return records of which all words tell, by name."""
        named = self._search(domain, limit=limit, order="name, id")
        for pattern in patterns(query):
            column = self._field_to_sql(named.table, "search_key", named)
            named.add_where(SQL("%s LIKE %s", column, pattern))
        return self._fetch_found(named)

    def _fetch_found(self, query):
        """Return the records of a query, read with what is shown of them.

        As ``search_fetch`` does: finding and reading are one statement.
        """
        shown = self._determine_fields_to_fetch(self._search_fields)
        return self._fetch_query(query, shown)
