import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import NamedTuple

from odoo import api, models

from odoo.addons.g2p_spar_fa_reference.core.seal import seal
from odoo.addons.g2p_spar_intake.core.errors import UnfitFile
from odoo.addons.g2p_spar_intake.core.repeats import pack_numbers
from odoo.addons.g2p_spar_intake.models import file_store
from odoo.addons.g2p_spar_intake.models.file_store import Stored
from odoo.addons.g2p_spar_intake.models.transaction import begin_read_committed
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.asynchronous.ack import ACCEPTED, DUPLICATE, UNANNOUNCED, Ack, write_ack
from ..core.audit import AuditLine
from ..core.caller import Caller
from ..core.entry import Entry
from ..core.envelope import Message, read_frame
from ..core.errors import Refusal, TooLarge
from ..core.file.check import Checked, check_file
from ..core.file.form import read_form, read_format
from ..core.file.header import check_action, default_name, make_content
from ..core.file.result import repr_digest
from ..core.json_body import write_body
from ..core.reply import Receipt
from .g2p_spar_connect import note_message
from .g2p_spar_file import KEY_PURPOSE
from .g2p_spar_message import to_naive
from .wakeups import FILE


class Upload(NamedTuple):
    """A file that has arrived, and the form that brought it.

    :param fields: of the form, by name
    """

    stored: Stored
    fields: dict[str, str]


class G2PSparFileIntake(models.AbstractModel):
    """Files at the door: written to disk while they arrive, checked, acknowledged.

    A file that is refused leaves nothing behind. One that is taken in is whole, in
    its format and in UTF-8, and each of its rows can be read.
    """

    _name = "g2p.spar.file.intake"
    _description = "Intake of Files"

    @api.private
    def receive(self, boundary: str, blocks: Iterable[bytes], limit: int) -> Upload:
        """Write a file to disk while it arrives.

        :param boundary: of the form, from the header Content-Type
        :param blocks: the body
        :param limit: bytes of the file at most
        :raise Refusal: the body is no form with one file, or too large
        """
        # No transaction stays open while a slow partner sends.
        self.env.cr.rollback()
        with file_store.new_file(self.env.cr.dbname) as (writer, name):

            def take(data: bytes) -> None:
                writer.take(data)
                if writer.size > limit:
                    raise TooLarge(
                        f"The file is larger than {limit // 2**20} megabytes: send "
                        "it in several files."
                    )

            form = read_form(boundary, blocks, take)
            stored = writer.close(name)
        return Upload(stored, form)

    @api.private
    def accept(
        self,
        operation: Operation,
        caller: Caller,
        upload: Upload,
        signature: str | None,
        audit: AuditLine,
    ) -> bytes:
        """Check a file, take it in and acknowledge it.

        :param caller: who was authenticated
        :param signature: header Signature of the request, over the digest of the
            file, written as the value of the header Repr-Digest (RFC 9530)
        :param audit: what becomes known of the request is noted here
        :return: JSON
        :raise Refusal: the file cannot be taken in; nothing of it was done
        """
        stored, is_taken = upload.stored, False
        try:
            digest = repr_digest(stored.sha256).encode()
            verifier = self.env["g2p.spar.signature"]
            caller = verifier.check_digest(caller, signature, digest)
            ack, receipt, is_taken = self._accept(operation, caller, upload, audit)
        except (Refusal, UnfitFile):
            self._forget(stored)
            raise
        if not is_taken:
            self._forget(stored)
        audit.code = ack.code
        return write_body(write_ack(ack, receipt))

    def _accept(
        self, operation: Operation, caller: Caller, upload: Upload, audit: AuditLine
    ) -> tuple[Ack, Receipt, bool]:
        """Return what is said of a file, and whether it was taken in."""
        facts, now = caller.facts, datetime.now(timezone.utc)
        checked = self._check(operation, upload, facts.file.row_limit)
        content = checked.frame or self._make_content(operation, upload, now)
        # A partner that must encrypt its messages sends no files in plain.
        content = self.env["g2p.spar.cipher"].open(facts, content)
        message = read_frame(
            operation, content, checked.total, now, facts.file.row_limit
        )
        note_message(audit, message)
        facts.check_purpose(message.purpose)
        ack = self.env["g2p.spar.connect"]._judge(message, facts)
        receipt = Receipt(now, str(uuid.uuid4()))
        if ack.status == "ERR":
            return ack, receipt, False
        entry = Entry(
            facts.record_id,
            message.message_id,
            operation.value,
            message.transaction_id,
            upload.stored.digest,
            receipt,
            checked.total,
            facts.legacy,
            mode="file",
            callback_url=message.sender_uri or None,
            is_announced=ack is ACCEPTED,
        )
        return self._take(entry, ack, message, checked, upload.stored, audit)

    def _check(self, operation: Operation, upload: Upload, row_limit: int) -> Checked:
        """Read the file from end to end."""
        check_action(operation, upload.fields)
        return check_file(
            operation,
            read_format(upload.fields),
            file_store.read_file(
                self.env.cr.dbname,
                upload.stored.name,
                upload.stored.key,
                upload.stored.size,
            ),
            row_limit,
        )

    def _make_content(self, operation: Operation, upload: Upload, now) -> dict:
        name = default_name(operation, upload.stored.digest, str(uuid.uuid4()))
        return make_content(operation, upload.fields, name, now)

    def _take(
        self,
        entry: Entry,
        ack: Ack,
        message: Message,
        checked: Checked,
        stored: Stored,
        audit: AuditLine,
    ) -> tuple[Ack, Receipt, bool]:
        """Store a file, unless it was stored before."""
        begin_read_committed(self.env.cr)
        record_id, earlier = self.env["g2p.spar.message"].claim(entry)
        if earlier is None:
            values = _describe(message, checked, stored)
            # No partner may write the table; this is the one place that does.
            self.env["g2p.spar.file"].sudo().create(
                {
                    "sender_id": entry.sender,
                    "message_record_id": record_id,
                    "operation": entry.operation,
                    "correlation_id": entry.receipt.correlation_id,
                    "received_at": to_naive(entry.receipt.at),
                    **values,
                }
            )
            self.env["g2p.spar.wake"].after_commit(FILE)
            return ack, entry.receipt, True
        # The content of a CSV file does not say what is to be done with it.
        audit.replay = earlier.is_same and self._is_for(entry.operation, record_id)
        if not audit.replay:
            return DUPLICATE, entry.receipt, False
        ack = ACCEPTED if earlier.is_announced else UNANNOUNCED
        return ack, earlier.receipt, False

    def _is_for(self, operation: str, record_id: int) -> bool:
        """Whether a message asked for that operation."""
        # Partners may not read the log; what they are told is chosen here.
        earlier_sudo = self.env["g2p.spar.message"].sudo().browse(record_id)
        return earlier_sudo.operation == operation

    def _forget(self, stored: Stored):
        file_store.remove(self.env.cr.dbname, stored.name)


def _describe(message: Message, checked: Checked, stored: Stored) -> dict:
    """Return what is kept of a file so that it can be worked off."""
    claims = {
        "message_id": message.message_id,
        "transaction_id": message.transaction_id,
        "sender_id": message.sender_id,
        "receiver_id": message.receiver_id,
        "purpose": message.purpose,
    }
    return {
        "format": checked.layout.format,
        "total": checked.total,
        "size": stored.size,
        "offset": checked.layout.start,
        "name_on_disk": stored.name,
        "sealed_key": seal(stored.key, KEY_PURPOSE),
        "layout": json.dumps(checked.layout.write()),
        "claims": json.dumps(claims),
        "repeated": pack_numbers(checked.repeated),
    }
