import time
from collections.abc import Sequence
from datetime import timezone

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.asynchronous.known import Logged, is_told, summarize
from ..core.asynchronous.references import (
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
from ..core.sender import SenderFacts

#: Messages that one question may mean.
MESSAGE_LIMIT = 1000
#: The newest messages of a sender among which references are looked for, and how
#: many of them are read at once.
REFERENCE_WINDOW = 5_000
_STEP = 1000


class G2PSparStatus(models.AbstractModel):
    """What became of earlier messages of a sender; of nobody else's."""

    _name = "g2p.spar.status"
    _description = "Status of Messages"

    # === BUSINESS METHODS === #

    @api.private
    def find(
        self, questions: Sequence[Question], facts: SenderFacts
    ) -> list[Known | None]:
        """Find the messages that questions mean.

        :return: one for each question, none where nothing is known
        """
        return [self._find(question, facts) for question in questions]

    @api.private
    def refresh(self, results: Sequence[Result]) -> list[Result]:
        """Take addresses out of kept results that may not be paid any more."""
        mapping_ids = find_mappings(results)
        versions = {}
        if mapping_ids:
            versions = self.env["g2p.spar.mapper"].versions(mapping_ids)
        now = time.time()
        return [withhold_changed(result, versions, now) for result in results]

    def _find(self, question: Question, facts: SenderFacts) -> Known | None:
        wanted = None
        if question.attribute is Attribute.REFERENCES:
            wanted = question.values
            record_ids = self._find_by_references(question, facts)
        else:
            record_ids = self._find_by_name(question, facts)
        record_ids.sort()
        messages = self._read(record_ids)
        if wanted or is_told(messages, facts.item_limit):
            messages = self._add_results(messages, record_ids)
        return summarize(messages, wanted, facts.item_limit)

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

    def _find_by_references(self, question: Question, facts: SenderFacts) -> list[int]:
        """Return messages that may have one of the references, the newest first.

        An index of all references would cost every message more than the few
        questions are worth; comparing the marks of the newest messages is quick.
        """
        wanted, found, below = mark_references(question.values), [], None
        for _step in range(REFERENCE_WINDOW // _STEP):
            rows = self._read_marks(question, facts, below)
            found += [id_ for id_, marks in rows if has_mark(bytes(marks), wanted)]
            if len(rows) < _STEP or len(found) >= MESSAGE_LIMIT:
                break
            below = rows[-1][0]
        return found[:MESSAGE_LIMIT]

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

    def _read(self, record_ids: list[int]) -> list[Logged]:
        """Read messages, in the order of their ids; that is how they came."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mode, operation, transaction_id, correlation_id, state,
                    answered_at, total, succeeded, legacy, outcomes, reference_list
                FROM g2p_spar_message WHERE id = ANY(%s) ORDER BY id
                """,
                record_ids,
            )
        )
        return [
            self._add_progress(_to_logged(*row)) if mode == "file" else _to_logged(*row)
            for mode, *row in rows
        ]

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

    def _add_results(
        self, messages: list[Logged], record_ids: list[int]
    ) -> list[Logged]:
        """Add the kept answers to messages, where there are any."""
        payloads = self.env["g2p.spar.message.payload"]
        kept = payloads.read_contents(record_ids, "result")
        fresh = self.refresh([unpack_result(raw) for raw in kept.values()])
        results = dict(zip(kept, fresh, strict=True))
        return [
            message._replace(result=results.get(record_id))
            for message, record_id in zip(messages, record_ids, strict=True)
        ]


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
