import zlib

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.sealed import open_part, seal_part

_FAST = 1


class G2PSparFilePartMixin(models.AbstractModel):
    """Results of some rows of a file, sealed with the key of the file.

    No user reads such a table. A part is stored in the transaction that does what it
    tells of, so no row is told of twice and none is missing. Who inherits this adds
    ``file_id`` and a unique index over (file_id, first).
    """

    _name = "g2p.spar.file.part.mixin"
    _description = "Part of the Result of a File"

    first = fields.Integer(string="First Row", required=True, readonly=True)
    content = fields.Binary(
        attachment=False, required=True, readonly=True, groups=fields.NO_ACCESS
    )

    def init(self):
        """Let the database keep what is compressed already as it is."""
        if not self._abstract:
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s ALTER COLUMN content SET STORAGE EXTERNAL",
                    SQL.identifier(self._table),
                )
            )
        return super().init()

    # === BUSINESS METHODS === #

    @api.private
    def keep(self, file, key: bytes, first: int, raw: bytes):
        """Seal and keep a part.

        :param file: record of the file
        :param key: of the file
        :param first: number of its first row, from 1
        """
        content = seal_part(zlib.compress(raw, _FAST), key, _label(first))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (file_id, first, content) VALUES (%s, %s, %s)",
                SQL.identifier(self._table),
                file.id,
                first,
                content,
            )
        )

    @api.private
    def read_parts(self, file, key: bytes):
        """Return the parts of a file one by one, in order.

        :rtype: Iterator[tuple[int, bytes]]
        :raise SealError: one was changed
        """
        after = 0
        while rows := self._read_next(file, after):
            [(after, content)] = rows
            yield after, zlib.decompress(open_part(bytes(content), key, _label(after)))

    def _read_next(self, file, after: int):
        return self.env.execute_query(
            SQL(
                """
                SELECT first, content FROM %s
                WHERE file_id = %s AND first > %s ORDER BY first LIMIT 1
                """,
                SQL.identifier(self._table),
                file.id,
                after,
            )
        )


def _label(first: int) -> bytes:
    return b"part %d" % first
