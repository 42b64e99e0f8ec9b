from collections.abc import Iterable

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash

from ..core.erasure import Erased
from . import erasure_statements
from .statements import executor


class G2PSparPersonalData(models.AbstractModel):
    """What is kept of one person, in all tables: to tell it, and to take it away.

    Each addon that keeps something of a person extends both methods.
    """

    _name = "g2p.spar.personal.data"
    _description = "Personal Data of One Person"

    # === BUSINESS METHODS === #

    def _collect(self, mapping) -> dict[str, list[dict]]:
        """Return everything that is kept of the person of a mapping.

        :param mapping: one ``g2p.spar.mapping``, as somebody who may read all of it
        :return: rows by the name of what they are, each a dict of plain values
        """
        mapping.ensure_one()
        of_mapping = [("mapping_id", "=", mapping.id)]
        return {
            "mapping": self._rows(mapping, _MAPPING),
            "history": self._found("g2p.spar.mapping.version", of_mapping),
            "changes": self._found("g2p.spar.pending.change", of_mapping),
            "failures": self._found("g2p.spar.failure.report", of_mapping),
            "checks": self._found("g2p.spar.verification", of_mapping),
            "reminders": self._found("g2p.spar.reminder", of_mapping),
        }

    def _kinds(self) -> dict[str, str]:
        """Return the models of what :meth:`_collect` tells, by the same names."""
        return {
            "mapping": "g2p.spar.mapping",
            "history": "g2p.spar.mapping.version",
            "changes": "g2p.spar.pending.change",
            "failures": "g2p.spar.failure.report",
            "checks": "g2p.spar.verification",
            "reminders": "g2p.spar.reminder",
        }

    def _found(self, model: str, domain: list) -> list[dict]:
        """Return the stored values of records, the oldest first."""
        found = self.env[model].search(domain, order="id")
        return self._rows(found, _stored_names(found))

    def _rows(self, records, names: Iterable[str]) -> list[dict]:
        """Return some fields of records as plain values."""
        return [
            {name: _plain(record[name]) for name in names if record[name]}
            for record in records
        ]

    def _erase(self, mapping_id: int) -> Erased:
        """Take everything personal of an unlinked mapping away.

        Called by the service alone, which has written the step into the history
        already: without it the database refuses (``erasure_guard``).
        """
        self.env.flush_all()
        erased = erasure_statements.erase(executor(self.env.cr), mapping_id, keyed_hash)
        self._erase_dialogs(erased)
        self.env.invalidate_all(flush=False)
        return erased

    def _erase_dialogs(self, erased: Erased) -> None:
        """Remove what was typed into dialogs, the number alone too.

        They would go with the next cleaning, which may be a day later.
        """
        said = list(erased.said)
        self.env.execute_query(
            SQL(
                """
                DELETE FROM g2p_spar_mapping_change WHERE id_input = ANY(%(said)s)
                OR name = ANY(%(said)s) OR phone = ANY(%(said)s)
                OR fa_text = ANY(%(said)s) OR id IN (
                    SELECT g2p_spar_mapping_change_id
                    FROM g2p_spar_mapping_g2p_spar_mapping_change_rel
                    WHERE g2p_spar_mapping_id = %(mapping)s
                ) RETURNING id
                """,
                said=said,
                mapping=erased.mapping_id,
            )
        )


_MAPPING = (
    "id_value",
    "id_type_id",
    "fa_value",
    "provider_id",
    "branch_id",
    "name",
    "phone",
    "additional_info",
    "state",
    "reason",
    "hold_until",
    "valid_until",
    "linked_at",
    "changed_at",
    "channel",
    "sender",
    "version",
)


def _stored_names(records) -> list[str]:
    """Names of the fields of a table, but for those that only computers need."""
    skipped = {"id", "mapping_id", "fa_key", "id_key"}
    return [
        name
        for name, field in records._fields.items()
        if field.store
        and field.column_type
        and name not in skipped
        and field.groups != fields.NO_ACCESS
    ]


def _plain(value):
    """A field's value as JSON and people can read it."""
    if isinstance(value, models.BaseModel):
        # Who may read all of a person may read what a bank or a user is called.
        return value.sudo().mapped("display_name")[0]
    return value
