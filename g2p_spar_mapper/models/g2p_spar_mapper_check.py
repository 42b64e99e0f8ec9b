from collections.abc import Sequence

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.commands import CheckItem, Origin, Outcome, StoredKey
from ..core.ladder import Rung
from ..core.name_check import RESULTS
from ..core.reading import read_batch
from ..core.reason import Cause
from ..core.rows import Entry
from ..core.state import State, Step
from .statements import Author, author_columns, executor, names_of, table_of


class G2PSparMapper(models.AbstractModel):
    """What is found out about addresses."""

    _inherit = "g2p.spar.mapper"

    @api.private
    def add_checks(self, items: Sequence[CheckItem], origin: Origin) -> list[Outcome]:
        """Note how checks of linked addresses ended.

        The mapping itself does not change, nor its version: what was checked is
        the address that is stored already.
        """
        self._check_right(Step.REPORT)
        author = Author(self.env.uid, fields.Datetime.now(), origin)
        outcomes, entries = read_batch(items, self._reader(origin).check)
        known = self._read_addresses(entries) if entries else {}
        kept = []
        for entry in entries:
            cause = _cause_of(entry, known.get(entry.id.id_key))
            outcomes[entry.index] = Outcome(cause)
            if cause == Cause.DONE:
                kept.append((*known[entry.id.id_key][:2], entry.item))
        if kept:
            self._insert_checks(kept, author)
        return outcomes

    @api.private
    def check_name(self, person: str | StoredKey, origin: Origin) -> Outcome:
        """Ask whether the holder of a linked address has the name of the mapping.

        Calls another server, so that it is to be used outside a transaction that
        holds locks. What was found is kept; the answer never tells a name.

        :param person: the ID, or its key
        :return: DONE with the verdict (``core.name_check.NameVerdict``) as detail,
            or why nothing was asked
        """
        self._check_right(Step.REPORT)
        item = CheckItem("1", person, Rung.NAME.value, "unclear")
        outcomes, entries = read_batch([item], self._reader(origin).check)
        if not entries:
            return outcomes[0]
        known = self._read_addresses(entries).get(entries[0].id.id_key)
        cause = _cause_of(entries[0], known)
        if cause != Cause.DONE:
            return Outcome(cause)
        _mapping_id, _fa_key, _state, fa_value, name, provider_id = known
        service = self.env["g2p.spar.name.check"]
        verdict, check_id = service.check(fa_value, name, provider_id)
        found = item._replace(
            result=RESULTS[verdict].value,
            evidence=f"{verdict.value} {check_id}".strip(),
            fa=fa_value,
        )
        [outcome] = self.add_checks([found], origin)
        return outcome._replace(detail=verdict.value)

    def _read_addresses(self, entries: Sequence[Entry]) -> dict[str, tuple]:
        """Read id, key, state, address, name and provider of mappings, by ID key.

        The lock waits for an erasure alone, which takes the key away: whoever is
        being erased is then not found, and no check is added behind it.
        """
        rows = executor(self.env.cr)(
            SQL(
                "SELECT id_key, id, fa_key, state, fa_value, name, provider_id"
                " FROM g2p_spar_mapping WHERE id_key = ANY(%s)"
                " ORDER BY id_key FOR KEY SHARE",
                [entry.id.id_key for entry in entries],
            )
        )
        return {row[0]: row[1:] for row in rows}

    def _insert_checks(
        self, kept: Sequence[tuple[int, str, CheckItem]], author: Author
    ) -> None:
        columns = {
            "mapping_id": [mapping_id for mapping_id, _key, _item in kept],
            "fa_key": [fa_key for _id, fa_key, _item in kept],
            "rung": [str(item.rung) for _id, _key, item in kept],
            "result": [str(item.result) for _id, _key, item in kept],
            "evidence": [item.evidence for _id, _key, item in kept],
        }
        columns |= author_columns(author, len(kept))
        columns["checked_at"] = columns.pop("changed_at")
        selected, source = table_of(columns)
        executor(self.env.cr)(
            SQL(
                "INSERT INTO g2p_spar_verification (%s) SELECT %s FROM %s RETURNING id",
                names_of(columns),
                selected,
                source,
            )
        )
        self.env["g2p.spar.verification"].invalidate_model(flush=False)
        self.env["g2p.spar.mapping"].invalidate_model(
            ["verification_ids", "verification_level"], flush=False
        )


def _cause_of(entry: Entry, known: tuple | None) -> Cause:
    """What a check of an address comes to."""
    if known is None or known[2] == State.UNLINKED:
        return Cause.ID_UNKNOWN
    if entry.fa is not None and entry.fa.fa_key != known[1]:
        return Cause.FA_DIFFERS
    return Cause.DONE
