import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timezone

from odoo import api, models

from odoo.addons.g2p_spar_fa_reference.core.reference import Reference
from odoo.addons.g2p_spar_intake.models.transaction import begin_read_committed
from odoo.addons.g2p_spar_mapper.core.commands import Origin, Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Notice, Operation

from ..core.asynchronous.references import pack_references
from ..core.audit import AuditLine
from ..core.caller import Caller, check_scope
from ..core.entry import Entry
from ..core.envelope import Message, Rejection
from ..core.json_body import read_body, write_body
from ..core.output import CHOSEN, present
from ..core.protocol import Protocol, find_protocol
from ..core.reply import Manner, Receipt, Reply
from ..core.scope import SCOPE_OF
from ..core.sender import SenderFacts


class G2PSparConnect(models.AbstractModel):
    """The exchange: bytes of a G2P Connect message in, bytes of its answer out.

    It puts the steps in order and holds no rule: those of the protocol are in
    ``core``, those of the registry in the service ``g2p.spar.mapper``.
    """

    _name = "g2p.spar.connect"
    _description = "G2P Connect Exchange"

    @api.private
    def check(self, operation: Operation | Notice, caller: Caller):
        """Refuse what the sender may not do, before its message is read.

        :raise Forbidden: credential or sender lack the scope
        """
        check_scope(SCOPE_OF[operation], caller)

    @api.private
    def answer(
        self,
        operation: Operation | Notice,
        caller: Caller,
        raw: bytes,
        audit: AuditLine,
    ) -> bytes:
        """Answer one message.

        :param caller: who was authenticated
        :param raw: body as it came
        :param audit: what becomes known of the request is noted here
        :return: JSON
        :raise Refusal: the request as a whole is refused; nothing was changed
        """
        facts, now = caller.facts, datetime.now(timezone.utc)
        cipher = self.env["g2p.spar.cipher"]
        content = cipher.open(facts, read_body(raw).content)
        protocol = find_protocol(content)
        audit.protocol = protocol.name
        audit.message_id = protocol.find_name(content)
        message = protocol.read(operation, content, now, facts.item_limit)
        note_message(audit, message)
        facts.check_purpose(message.purpose)
        receipt = Receipt(now, str(uuid.uuid4()))
        if message.rejection:
            reply = protocol.reject(message, receipt)
        elif operation is Operation.RESOLVE:
            reply = self._resolve(protocol, message, facts, receipt)
        else:
            reply = self._change(protocol, message, facts, raw, receipt, audit)
        note_reply(audit, reply)
        return write_body(cipher.close(facts, reply.body))

    @api.private
    def ask(
        self,
        message: Message,
        facts: SenderFacts,
        with_parts: bool = False,
        items: Sequence | None = None,
    ) -> list[Outcome]:
        """Hand the items of a message to the registry, as the user of this call.

        :param items: as `_forward` returned them; none: as they came
        :param with_parts: whether the outcomes of a resolve shall have the parts
            of addresses even if the sender's form of addresses needs none
        :return: one outcome for each item, in order; of a resolve as the sender is
            told them, see ``core.output``
        """
        verb = getattr(self.env["g2p.spar.mapper"], message.operation.value)
        items = message.items.for_registry() if items is None else items
        origin = make_origin(message, facts)
        if message.operation is not Operation.RESOLVE:
            return verb(items, origin)
        with_parts = with_parts or facts.output.form == CHOSEN
        outcomes = verb(items, origin, with_parts=with_parts)
        return present(outcomes, facts.output, self._reference())

    def _forward(self, message: Message, facts: SenderFacts) -> list:
        """Have those items done whose IDs live in another registry.

        Other registries know no reports.

        Another server may be slow, so this comes before anything is written here.
        What was answered before is not sent on again.

        :return: the items, with an outcome in the place of each that was done
        """
        items, origin = message.items.for_registry(), make_origin(message, facts)
        is_own = message.operation in tuple(Notice)
        if is_own or not self.env["g2p.spar.remote.mapper"].get_routes():
            return items
        if self.env["g2p.spar.message"].knows(facts.record_id, message.message_id):
            return items
        return self.env["g2p.spar.mapper"].forward(message.operation, items, origin)

    def _resolve(
        self, protocol: Protocol, message: Message, facts: SenderFacts, receipt: Receipt
    ) -> Reply:
        """Answer a resolve. It writes nothing, not even that it was asked."""
        outcomes = self.ask(message, facts, protocol.needs_parts)
        manner = self._manner(facts.legacy)
        return protocol.accept(message, outcomes, manner, receipt)

    def _change(
        self,
        protocol: Protocol,
        message: Message,
        facts: SenderFacts,
        raw: bytes,
        receipt: Receipt,
        audit: AuditLine,
    ) -> Reply:
        """Answer a message that changes something; a repeated one as it was."""
        items = self._forward(message, facts)
        begin_read_committed(self.env.cr)
        log = self.env["g2p.spar.message"]
        claim = log.claim(make_entry(message, facts, raw, receipt))
        if claim.earlier is not None:
            audit.replay = claim.earlier.is_same
            return self._repeat(protocol, message, facts, claim.earlier, receipt)
        outcomes = self.ask(message, facts, items=items)
        manner = self._manner(facts.legacy)
        reply = protocol.accept(message, outcomes, manner, receipt)
        log.settle(claim.record_id, outcomes, reply.tally.succeeded)
        return reply

    def _repeat(self, protocol, message, facts, earlier, receipt) -> Reply:
        """Answer a message whose name was used before."""
        if earlier.is_same:
            manner = self._manner(earlier.legacy)
            outcomes = earlier.read_outcomes()
            return protocol.accept(message, outcomes, manner, earlier.receipt)
        rejection = Rejection(
            "rjct.message_id.duplicate",
            "header.message_id was used before for another message. Nothing was "
            "changed: send this one under a new message_id.",
        )
        return protocol.reject(message._replace(rejection=rejection), receipt)

    def _manner(self, legacy: bool) -> Manner:
        return Manner.of(legacy, self._reference())

    def _reference(self) -> Reference:
        return self.env["g2p.spar.strategy"].get_reference()


def make_origin(message: Message, facts: SenderFacts) -> Origin:
    """Say where the items of a message come from, and what they may touch."""
    return Origin(
        channel="api",
        sender=facts.sender_id,
        transaction_id=message.transaction_id,
        id_type_ids=facts.id_type_ids,
        may_reverse=facts.may_reverse,
        may_prefix=facts.may_prefix,
        sandbox=facts.sandbox,
        message_id=message.message_id,
        message_ts=message.message_ts or None,
        hops=message.hops,
    )


def make_entry(
    message: Message, facts: SenderFacts, raw: bytes, receipt: Receipt
) -> Entry:
    """Return the line of the message log for a message.

    :param raw: body as it came
    """
    references = (item.reference_id for item in message.items.asked)
    return Entry(
        facts.record_id,
        message.message_id,
        message.operation.value,
        message.transaction_id,
        hashlib.sha256(raw).hexdigest(),
        receipt,
        message.count,
        facts.legacy,
        references=pack_references(references),
    )


def note_message(audit: AuditLine, message: Message) -> None:
    """Note what became known with the message."""
    audit.message_id = message.message_id
    audit.transaction_id = message.transaction_id
    audit.purpose = message.purpose
    audit.items = message.count


def note_reply(audit: AuditLine, reply: Reply) -> None:
    """Note how the message ended."""
    audit.code = reply.code
    audit.succeeded = reply.tally.succeeded
    audit.rejected = reply.tally.total - reply.tally.succeeded
