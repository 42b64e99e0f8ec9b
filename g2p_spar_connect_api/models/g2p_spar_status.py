import time
from collections.abc import Sequence
from datetime import timezone

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.asynchronous.known import Logged, is_told, summarize
from ..core.asynchronous.references import (
    find_places,
    has_mark,
    mark_references,
    unpack_references,
)
from ..core.asynchronous.result import (
    Result,
    find_mappings,
    unpack_result,
    withhold_changed,
)
from ..core.asynchronous.status import Attribute, Known, Question
from ..core.scope import SCOPE_OF
from ..core.sender import SenderFacts

#: Messages that one question may mean.
MESSAGE_LIMIT = 1000
#: The newest messages of a sender among which references are looked for, and how
#: many of them are read at once.
REFERENCE_WINDOW = 5_000
_STEP = 1000
#: How many times the items of the largest message are read to tell some of them;
#: beyond, only their reasons are told.
_READ_FOR_REFERENCES = 10


class G2PSparStatus(models.AbstractModel):
    """What became of earlier messages of a sender; of nobody else's."""

    _name = "g2p.spar.status"
    _description = "Status of Messages"

    # === BUSINESS METHODS === #

    @api.private
    def find(
        self, questions: Sequence[Question], facts: SenderFacts, scopes: frozenset[str]
    ) -> list[Known | None]:
        """Find the messages that questions mean.

        :param scopes: what the credential of the question covers; without the scope
            of an operation only reasons of its messages are told, no address
        :return: one for each question, none where nothing is known
        """
        return [self._find(question, facts, scopes) for question in questions]

    @api.private
    def refresh(self, results: Sequence[Result]) -> list[Result]:
        """Take addresses out of kept results that may not be paid any more."""
        mapping_ids = find_mappings(results)
        versions = {}
        if mapping_ids:
            versions = self.env["g2p.spar.mapper"].versions(mapping_ids)
        now = time.time()
        return [withhold_changed(result, versions, now) for result in results]

    def _find(
        self, question: Question, facts: SenderFacts, scopes: frozenset[str]
    ) -> Known | None:
        is_by_items = question.attribute is Attribute.REFERENCES
        if is_by_items:
            chosen = self._find_by_references(question, facts)
        else:
            chosen = dict.fromkeys(self._find_by_name(question, facts))
        logged = {
            record_id: message._replace(places=chosen[record_id])
            for record_id, message in self._read(list(chosen)).items()
        }
        readable = facts.item_limit * (_READ_FOR_REFERENCES if is_by_items else 1)
        covered = SCOPE_OF[question.operation] in scopes
        if covered and is_told(logged.values(), readable):
            logged = self._add_results(logged)
        wanted = question.values if is_by_items else None
        return summarize(list(logged.values()), wanted, facts.item_limit)

    def _find_by_name(self, question: Question, facts: SenderFacts) -> list[int]:
        """Return messages by their transaction or correlation id."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM g2p_spar_message
                WHERE sender_id = %s AND operation = %s AND %s = %s
                ORDER BY id DESC LIMIT %s
                """,
                facts.record_id,
                question.operation.value,
                SQL.identifier(question.attribute.value),
                question.values[0],
                MESSAGE_LIMIT,
            )
        )
        return [record_id for [record_id] in rows]

    def _find_by_references(
        self, question: Question, facts: SenderFacts
    ) -> dict[int, list[int]]:
        """Return the newest message that has each reference, with its places in it.

        An index of all references would cost every message more than the few
        questions are worth; comparing the marks of the newest messages is quick.
        """
        left, found, below = set(question.values), {}, None
        for _step in range(REFERENCE_WINDOW // _STEP):
            rows = self._read_marks(question, facts, below)
            for record_id, marks in rows:
                if left and has_mark(bytes(marks), mark_references(left)):
                    found |= self._find_places(record_id, left)
            if len(rows) < _STEP or not left:
                break
            below = rows[-1][0]
        return found

    def _find_places(self, record_id: int, left: set[str]) -> dict[int, list[int]]:
        """Return the places of references in a message, and cross them off.

        :return: empty where only the marks were alike
        """
        [[packed]] = self.env.execute_query(
            SQL("SELECT reference_list FROM g2p_spar_message WHERE id = %s", record_id)
        )
        references = unpack_references(bytes(packed))
        places = find_places(references, left)
        left.difference_update([references[place] for place in places])
        return {record_id: places} if places else {}

    def _read_marks(self, question: Question, facts: SenderFacts, below: int | None):
        return self.env.execute_query(
            SQL(
                """
                SELECT id, reference_marks FROM g2p_spar_message
                WHERE sender_id = %s AND operation = %s AND id < %s
                    AND reference_marks IS NOT NULL
                ORDER BY id DESC LIMIT %s
                """,
                facts.record_id,
                question.operation.value,
                below or 2**31 - 1,
                _STEP,
            )
        )

    def _read(self, record_ids: list[int]) -> dict[int, Logged]:
        """Read messages, in the order of their ids; that is how they came."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, mode, operation, transaction_id, correlation_id, state,
                    answered_at, total, succeeded, legacy, outcomes, reference_list
                FROM g2p_spar_message WHERE id = ANY(%s) ORDER BY id
                """,
                record_ids,
            )
        )
        logged = {record_id: _to_logged(*row) for record_id, _mode, *row in rows}
        for record_id, mode, *_row in rows:
            if mode == "file":
                logged[record_id] = self._add_progress(logged[record_id])
        return logged

    def _add_progress(self, message: Logged) -> Logged:
        """Add how far a file has come."""
        progress = self.env["g2p.spar.file"].get_progress(message.correlation_id)
        if progress is None:
            return message
        return message._replace(
            total=progress.total,
            succeeded=progress.succeeded,
            state="received" if progress.is_pending else "done",
            progress=progress,
        )

    def _add_results(self, logged: dict[int, Logged]) -> dict[int, Logged]:
        """Add the kept answers to messages, where there are any."""
        payloads = self.env["g2p.spar.message.payload"]
        kept = {}
        for record_id in logged:
            # One at a time: sealed contents of many messages take much memory.
            for raw in payloads.read_contents([record_id], "result").values():
                kept[record_id] = unpack_result(raw)
        results = dict(zip(kept, self.refresh(list(kept.values())), strict=True))
        return {
            record_id: message._replace(result=results.get(record_id))
            for record_id, message in logged.items()
        }


def _to_logged(
    operation, transaction_id, correlation_id, state, at, total, succeeded, *rest
) -> Logged:
    legacy, outcomes, packed = rest
    return Logged(
        Operation(operation),
        transaction_id,
        correlation_id,
        state,
        at.replace(tzinfo=timezone.utc),
        total,
        succeeded or 0,
        bool(legacy),
        outcomes,
        unpack_references(bytes(packed)) if packed else [],
        None,
    )
