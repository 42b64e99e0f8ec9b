import hashlib
import time
import uuid
from datetime import datetime, timezone

from odoo import api, models

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash
from odoo.addons.g2p_spar_intake.models.transaction import begin_read_committed
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.asynchronous.ack import (
    ACCEPTED,
    DUPLICATE,
    UNANNOUNCED,
    Ack,
    judge_receiver,
    judge_sender,
    refuse,
    write_ack,
)
from ..core.asynchronous.callback import ACTIONS, judge_sender_uri
from ..core.asynchronous.order import mark_ids
from ..core.asynchronous.result import Result, find_sources, pack_result
from ..core.asynchronous.status import (
    ACTION,
    StatusMessage,
    answer_status,
    read_status,
    reject_status,
)
from ..core.audit import AuditLine
from ..core.caller import Caller, check_scope
from ..core.entry import Entry
from ..core.envelope import Message
from ..core.json_body import read_body, write_body
from ..core.protocol import G2P_CONNECT, find_protocol
from ..core.reply import Receipt, Reply
from ..core.scope import SCOPE_OF, STATUS_SCOPE
from ..core.sender import SenderFacts
from .g2p_spar_connect import make_entry, note_message, note_reply
from .g2p_spar_message import to_naive
from .wakeups import WORK

#: Counted when the message was taken.
_NO_LIMIT = 2**31
#: Where a kept question says what its credential covered.
_COVERED = "covered_scopes"
_OWN_NAME_KEY = "g2p_spar_connect_api.receiver_id"


class G2PSparConnect(models.AbstractModel):
    """Messages that are acknowledged now and worked off later, and their status.

    A message is read at its door only as far as its acknowledgement and its place
    in the queue need; see ``g2p.spar.message`` for the queue.
    """

    _inherit = "g2p.spar.connect"

    # === AT THE DOOR === #

    @api.private
    def check_status(self, caller: Caller):
        """Refuse those that may not ask for statuses.

        :raise Forbidden: credential or sender lack the scope
        """
        check_scope(STATUS_SCOPE, caller)

    @api.private
    def acknowledge(
        self, operation: Operation, caller: Caller, raw: bytes, audit: AuditLine
    ) -> bytes:
        """Store a message and acknowledge it.

        A message whose clients wait for the result is answered at once, like those
        of OpenG2P 2.x.

        :param caller: who was authenticated
        :param raw: body as it came
        :param audit: what becomes known of the request is noted here
        :return: JSON
        :raise Refusal: the request as a whole is refused; nothing was changed
        """
        facts, now = caller.facts, datetime.now(timezone.utc)
        content = self.env["g2p.spar.cipher"].open(facts, read_body(raw).content)
        protocol = find_protocol(content)
        if protocol.at_once:
            return self.answer(operation, caller, raw, audit)
        audit.protocol = protocol.name
        message = protocol.read(operation, content, now, facts.item_limit)
        note_message(audit, message)
        facts.check_purpose(message.purpose)
        ack = self._judge(message, facts)
        receipt = Receipt(now, str(uuid.uuid4()))
        if ack.status != "ERR":
            entry = make_entry(message, facts, raw, receipt)
            entry = entry._replace(marks=self._mark(message))
            ack, receipt = self._take(entry, ack, message, content, audit)
        audit.code = ack.code
        return write_body(write_ack(ack, receipt))

    @api.private
    def acknowledge_status(self, caller: Caller, raw: bytes, audit: AuditLine) -> bytes:
        """Store a question about statuses and acknowledge it.

        See :meth:`acknowledge`.
        """
        facts, now = caller.facts, datetime.now(timezone.utc)
        content = self.env["g2p.spar.cipher"].open(facts, read_body(raw).content)
        message = read_status(content, now)
        audit.protocol = G2P_CONNECT.name
        note_message(audit, message)
        facts.check_purpose(message.purpose)
        # Kept with the question, because no credential is at hand when it is answered.
        content = content | {_COVERED: sorted(caller.scopes & facts.scopes)}
        ack, receipt = self._judge(message, facts), Receipt(now, str(uuid.uuid4()))
        if ack.status != "ERR":
            entry = Entry(
                facts.record_id,
                message.message_id,
                ACTION,
                message.transaction_id,
                hashlib.sha256(raw).hexdigest(),
                receipt,
                message.count,
            )
            ack, receipt = self._take(entry, ack, message, content, audit)
        audit.code = ack.code
        return write_body(write_ack(ack, receipt))

    def _judge(self, message: Message | StatusMessage, facts: SenderFacts) -> Ack:
        """Say whether a message can be taken, and whether a callback follows."""
        registered = facts.callback.url
        # The registry's own name is nobody's secret.
        parameter_sudo = self.env["ir.config_parameter"].sudo()
        own_name = parameter_sudo.get_param(_OWN_NAME_KEY)
        return (
            (refuse(message.rejection) if message.rejection else None)
            or judge_sender(message.sender_id, facts.sender_id, self._is_registered)
            or judge_receiver(message.receiver_id, own_name)
            or judge_sender_uri(message.sender_uri, registered)
            or (ACCEPTED if registered else UNANNOUNCED)
        )

    def _is_registered(self, name: str) -> bool:
        return self.env["g2p.spar.sender"].is_registered(name)

    def _mark(self, message: Message) -> bytes:
        """Return the marks of the persons whose order must be kept."""
        reference = self.env["g2p.spar.strategy"].get_reference()
        keys = []
        for item in message.items.asked:
            try:
                keys.append(reference.read_id(item.id or "").id_key)
            except AddressError:
                # Refused when it is worked off; it touches nobody.
                continue
        return mark_ids(keys, keyed_hash("order", "message-order").encode())

    def _take(
        self,
        entry: Entry,
        ack: Ack,
        message: Message | StatusMessage,
        content: dict,
        audit: AuditLine,
    ) -> tuple[Ack, Receipt]:
        """Store a message, unless it was stored before.

        :param content: the message in plain
        """
        begin_read_committed(self.env.cr)
        entry = entry._replace(
            mode="async",
            callback_url=message.sender_uri or None,
            is_announced=ack is ACCEPTED,
        )
        record_id, earlier = self.env["g2p.spar.message"].claim(entry)
        if earlier is None:
            payloads = self.env["g2p.spar.message.payload"]
            payloads.keep(record_id, "request", write_body(content))
            self.env["g2p.spar.wake"].after_commit(WORK)
            return ack, entry.receipt
        audit.replay = earlier.is_same
        if not earlier.is_same:
            return DUPLICATE, entry.receipt
        return ACCEPTED if earlier.is_announced else UNANNOUNCED, earlier.receipt

    # === STATUS === #

    @api.private
    def tell_status(self, caller: Caller, raw: bytes, audit: AuditLine) -> bytes:
        """Answer a question about the status of earlier messages.

        :return: JSON
        :raise Refusal: the request as a whole is refused
        """
        facts, now = caller.facts, datetime.now(timezone.utc)
        cipher = self.env["g2p.spar.cipher"]
        message = read_status(cipher.open(facts, read_body(raw).content), now)
        audit.protocol = G2P_CONNECT.name
        note_message(audit, message)
        facts.check_purpose(message.purpose)
        receipt = Receipt(now, str(uuid.uuid4()))
        scopes = caller.scopes & facts.scopes
        reply, _sources = self._answer_status(message, facts, scopes, receipt)
        note_reply(audit, reply)
        return write_body(cipher.close(facts, reply.body))

    def _answer_status(
        self,
        message: StatusMessage,
        facts: SenderFacts,
        scopes: frozenset[str],
        receipt: Receipt,
    ) -> tuple[Reply, list]:
        """Return an answer and the sources of the addresses it tells."""
        if message.rejection:
            return reject_status(message, receipt), []
        known = self.env["g2p.spar.status"].find(message.questions, facts, scopes)
        sources = [
            source
            for question, facts in zip(message.questions, known, strict=True)
            if facts and question.operation is Operation.RESOLVE
            for source in facts.sources
        ]
        return answer_status(message, known, receipt), sources

    # === BEHIND THE DOOR === #

    @api.private
    def work_off(self, work) -> AuditLine | None:
        """Do what an acknowledged message asks for, and store what came of it.

        Runs inside the transaction that holds the message. What its sender may do
        is judged as of now: a right that was taken away since is gone.

        :param work: as read from ``g2p.spar.message``
        :return: what to note once the transaction is committed, none when nothing
            was done
        """
        facts = self.env["g2p.spar.sender"].get_facts(work.client_id)
        scope = SCOPE_OF.get(work.operation, STATUS_SCOPE)
        if not facts.is_open(time.time()) or scope not in facts.scopes:
            self.env["g2p.spar.message"].put_aside(
                work.record_id, "The partner is shut out or may not do this any more."
            )
            return None
        payloads = self.env["g2p.spar.message.payload"]
        raw = payloads.read_contents([work.record_id], "request")[work.record_id]
        content, now = read_body(raw).content, datetime.now(timezone.utc)
        audit = AuditLine(now, ACTIONS[work.operation], None, facts.sender_id)
        audit.protocol = G2P_CONNECT.name
        # Asked with the rights of the partner's technical user.
        exchange = self.with_user(facts.user_id)
        outcomes, reply, sources = exchange._carry_out(work, facts, content, audit)
        note_reply(audit, reply)
        self._store(work, facts, outcomes, reply, sources, now)
        return audit

    def _carry_out(self, work, facts: SenderFacts, content: dict, audit: AuditLine):
        """Return what became of a message: outcomes, answer, sources of addresses.

        Times in it are judged as of the moment when it was acknowledged.
        """
        at, receipt = work.receipt.at, work.receipt._replace(at=audit.at)
        if work.operation == ACTION:
            message = read_status(content, at)
            note_message(audit, message)
            scopes = facts.scopes.intersection(content[_COVERED])
            return [], *self._answer_status(message, facts, scopes, receipt)
        operation = Operation(work.operation)
        message = G2P_CONNECT.read(operation, content, at, _NO_LIMIT)
        note_message(audit, message)
        outcomes = self.ask(message, facts)
        reply = G2P_CONNECT.accept(
            message, outcomes, self._manner(work.legacy), receipt
        )
        is_resolve = operation is Operation.RESOLVE
        sources = find_sources(outcomes, time.time()) if is_resolve else []
        return outcomes, reply, sources

    def _store(self, work, facts: SenderFacts, outcomes, reply, sources, now):
        """Store the result of a message and, where one was promised, its callback."""
        packed = pack_result(Result(reply.body, sources))
        digest = hashlib.sha256(packed).hexdigest()
        messages, payloads = (
            self.env["g2p.spar.message"],
            self.env["g2p.spar.message.payload"],
        )
        messages.finish(work.record_id, outcomes, reply.tally.succeeded, digest, now)
        payloads.keep_result(work.record_id, packed, to_naive(now))
        if work.is_announced:
            self.env["g2p.spar.delivery"].post(
                facts,
                work.operation,
                None,
                work.receipt.correlation_id,
                work.callback_url,
                work.record_id,
            )
