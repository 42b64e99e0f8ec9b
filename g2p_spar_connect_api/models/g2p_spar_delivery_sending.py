import hashlib
import random
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_intake.models.transaction import (
    begin_read_committed,
    end_transaction,
)
from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.core.outgoing.place import PlaceError

from ..core.asynchronous.callback import find_target, to_callback
from ..core.asynchronous.result import unpack_result
from ..core.errors import Refusal
from ..core.json_body import read_body, write_body
from ..core.outgoing.backoff import delay_after, is_given_up
from ..http import JSON_TYPE, boundary, to_refusal
from .g2p_spar_message_payload import unpack
from .wakeups import CALLBACK

#: Callbacks that are sent at the same time, and to one partner.
AT_ONCE = 8
AT_ONCE_TO_ONE = 4
#: How long a job goes on taking callbacks: while all are answered quickly, and
#: while it waits for a slow answer anyway.
SLOT_SECONDS = 2
LONGEST_SLOT_SECONDS = 10
#: Limits of one call.
_LIMITS = {
    "connect_seconds": 3,
    "read_seconds": 10,
    "total_seconds": 15,
    "needs_body": False,
}
#: A callback that was taken and never reported on is sent again after this time.
_LEASE = timedelta(seconds=40)
#: Code of an attempt that failed here, for example without a key to encrypt with.
_NOT_SENT = "not_sent"
#: Statuses by which a server says that it cannot take anything now.
_BUSY = (429, 502, 503, 504)


class Parcel(NamedTuple):
    """A callback as it is sent; all a thread needs to know.

    :param delivery: database id
    """

    delivery: int
    sender: int
    url: str
    raw: bytes
    headers: dict[str, str]


class Report(NamedTuple):
    """How an attempt ended.

    :param status: HTTP status, 0 where there was no answer
    :param code: for a program, none after an answer
    :param problem: for a person, none after a success
    """

    seconds: float
    status: int
    code: str | None
    problem: str | None

    @property
    def is_delivered(self) -> bool:
        """Whether the partner has it."""
        return 200 <= self.status < 300

    @property
    def is_unanswered(self) -> bool:
        """Whether other callbacks to the same server would fail as well."""
        return self.status in _BUSY or not self.status and self.code != _NOT_SENT


class Unsendable(Refusal):
    """A callback cannot be sent as things stand; a person must look at it."""


class G2PSparDelivery(models.Model):
    """Sending: several callbacks at once, outside of any transaction.

    A callback is taken for some seconds in a transaction of its own and sent by a
    thread that knows no database; then its end is noted. While a partner's server
    does not answer, one callback tries it and the others wait.
    """

    _inherit = "g2p.spar.delivery"

    # === JOBS === #

    @api.private
    def send_due(self):
        """Send what is due, for a moment; the body of a job."""
        begin, flying = time.monotonic(), {}
        session = self.env["g2p.spar.outgoing"].session(**_LIMITS)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while True:
                spent = time.monotonic() - begin
                if spent < (LONGEST_SLOT_SECONDS if flying else SLOT_SECONDS):
                    for parcel in self._take(flying):
                        flying[pool.submit(_send, session, parcel)] = parcel
                if not flying:
                    break
                for future in wait(flying, 1, FIRST_COMPLETED).done:
                    self._note(flying.pop(future), future.result())
        next_at = self._next_at()
        if next_at:
            self.env["g2p.spar.wake"].ensure(CALLBACK, next_at)
        end_transaction(self.env.cr)

    # === BUSINESS METHODS === #

    def _next_at(self) -> datetime | None:
        """Return when the next callback is due, naive UTC."""
        [[next_at]] = self.env.execute_query(
            SQL("SELECT min(due_at) FROM (%s) AS due", _due())
        )
        return next_at

    def _take(self, flying: dict[Future, Parcel]) -> list[Parcel]:
        """Take callbacks that are due and make them ready.

        :param flying: those that are being sent
        """
        senders = [parcel.sender for parcel in flying.values()]
        full = [s for s in set(senders) if senders.count(s) >= AT_ONCE_TO_ONE]
        now, cr = fields.Datetime.now(), self.env.cr
        begin_read_committed(cr)
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE g2p_spar_delivery SET next_at = %s WHERE id IN (
                    SELECT id FROM g2p_spar_delivery
                    WHERE state = 'due' AND id IN (
                        SELECT id FROM (
                            SELECT id, row_number() OVER (
                                PARTITION BY sender_id, held ORDER BY due_at, id
                            ) AS place, held
                            FROM (%s) AS due
                            WHERE due_at <= %s AND sender_id <> ALL(%s)
                        ) AS line
                        WHERE place <= CASE WHEN held THEN 1 ELSE %s END
                        ORDER BY place LIMIT %s
                    )
                    FOR UPDATE SKIP LOCKED
                ) RETURNING id
                """,
                now + _LEASE,
                _due(),
                now,
                full,
                AT_ONCE_TO_ONE,
                AT_ONCE - len(flying),
            )
        )
        end_transaction(cr)
        parcels = [parcel for [id_] in rows if (parcel := self._make_ready(id_))]
        end_transaction(cr)
        return parcels

    def _make_ready(self, delivery_id: int) -> Parcel | None:
        """Write a callback as it is sent now, or say why it cannot be sent."""
        # Jobs are run by the system; sending needs the sealed content.
        delivery_sudo = self.sudo().browse(delivery_id)
        try:
            with boundary():
                return delivery_sudo._to_parcel()
        except Unsendable as problem:
            delivery_sudo.write(
                {"state": "parked", "problem": problem.sentence, "next_at": False}
            )
        except (Refusal, AccessError) as fault:
            report = Report(0, 0, _NOT_SENT, to_refusal(fault).sentence)
            delivery_sudo._add_attempt(report)
            self._note_failure(delivery_sudo, report)
        return None

    def _to_parcel(self) -> Parcel:
        """Encrypt and sign a callback.

        :raise Unsendable: it may not be sent, or its content is gone
        """
        facts = self.env["g2p.spar.sender"].get_facts(self.sender_id.client_id)
        if not facts.is_open(time.time()):
            raise Unsendable("The partner is shut out.")
        body = to_callback(self._read_body(facts), self.operation, self.callback_id)
        raw = write_body(self.env["g2p.spar.cipher"].close(facts, body))
        url = self._find_url(facts)
        signature = self.env["g2p.spar.signer"].sign_always(raw, facts)
        self.write({"url": url, "digest": hashlib.sha256(raw).hexdigest()})
        headers = {"Content-Type": JSON_TYPE, **signature}
        return Parcel(self.id, self.sender_id.id, url, raw, headers)

    def _find_url(self, facts) -> str:
        try:
            url = find_target(self.operation, self.wanted_url, facts.callback.url)
        except PlaceError as error:
            raise Unsendable(str(error)) from error
        if not url:
            raise Unsendable(
                "No callback address is registered for the partner, or the one in "
                "the message is not below it."
            )
        return url

    def _read_body(self, facts) -> dict:
        """Return the answer, without addresses that may not be paid any more."""
        if self.content:
            return read_body(unpack(self.content)).content
        record_id = self.message_record_id.id
        payloads = self.env["g2p.spar.message.payload"]
        kept = payloads.read_contents([record_id], "result").get(record_id)
        if kept is None:
            raise Unsendable("The result was purged: its time is over.")
        # The registry is asked with the rights of the partner's technical user.
        status = self.env["g2p.spar.status"].with_user(facts.user_id)
        [result] = status.refresh([unpack_result(kept)])
        return result.body

    def _note(self, parcel: Parcel, report: Report):
        """Note how an attempt ended."""
        # Jobs are run by the system; staff only read this log.
        delivery_sudo = self.sudo().browse(parcel.delivery)
        if delivery_sudo.exists():
            delivery_sudo._add_attempt(report)
            if report.is_delivered:
                delivery_sudo._note_success()
            else:
                self._note_failure(delivery_sudo, report)
        end_transaction(self.env.cr)

    def _add_attempt(self, report: Report):
        self.env["g2p.spar.delivery.attempt"].create(
            {
                "delivery_id": self.id,
                "tried_at": fields.Datetime.now(),
                "seconds": report.seconds,
                "status": report.status,
                "code": report.code,
                "problem": report.problem,
            }
        )

    def _note_success(self):
        """Note that the partner has it, and let go what waited for its server."""
        now = fields.Datetime.now()
        self.write(
            {
                "state": "delivered",
                "delivered_at": now,
                "next_at": False,
                "problem": False,
                "is_unanswered": False,
                "content": False,
            }
        )
        waiting = [
            ("sender_id", "=", self.sender_id.id),
            ("state", "=", "due"),
            ("is_unanswered", "=", True),
        ]
        self.search(waiting).write({"is_unanswered": False, "next_at": now})

    def _note_failure(self, delivery_sudo, report: Report):
        """Try again later, or park it after a day."""
        now = fields.Datetime.now()
        attempts = delivery_sudo.attempts + 1
        given_up = is_given_up(now - delivery_sudo.tried_from)
        luck = random.random()  # noqa: S311 - it only spreads the attempts
        delivery_sudo.write(
            {
                "state": "parked" if given_up else "due",
                "attempts": attempts,
                "next_at": False if given_up else now + delay_after(attempts, luck),
                "is_unanswered": report.is_unanswered and not given_up,
                "problem": report.problem,
            }
        )


def _due() -> SQL:
    """Select callbacks that are on their way with the moment they are due.

    While a partner's server does not answer, all its callbacks are due when the
    one that found out is; then one of them goes first.
    """
    return SQL(
        """
        SELECT id, sender_id, held_until IS NOT NULL AS held,
            greatest(next_at, held_until) AS due_at
        FROM g2p_spar_delivery LEFT JOIN (
            SELECT sender_id, max(next_at) AS held_until FROM g2p_spar_delivery
            WHERE state = 'due' AND is_unanswered GROUP BY sender_id
        ) AS held USING (sender_id)
        WHERE state = 'due'
        """
    )


def _send(session, parcel: Parcel) -> Report:
    """Post a callback; runs in a thread of its own."""
    begin = time.monotonic()
    try:
        received = session.post(parcel.url, parcel.raw, parcel.headers)
    except OutgoingError as error:
        return Report(time.monotonic() - begin, 0, error.code, error.sentence)
    problem = None
    if not 200 <= received.status < 300:
        problem = f"The partner's server answered with HTTP status {received.status}."
    return Report(received.seconds, received.status, None, problem)
