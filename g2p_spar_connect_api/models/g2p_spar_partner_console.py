import json
import time
import uuid
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError
from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.asynchronous.callback import to_callback
from ..core.asynchronous.status import ACTION
from ..core.audit import AuditLine
from ..core.caller import Caller
from ..core.console import WAYS, Mode, Way, write_example
from ..core.errors import TooLarge
from ..core.json_body import write_body
from .g2p_spar_delivery_sending import Unsendable

#: Lines of the callback log, and days that the list of errors looks back.
LOG_LINES = 20
ERROR_DAYS = 7


class Sent(NamedTuple):
    """The answer to a message.

    :param headers: those that a program would look at
    """

    body: bytes
    headers: dict[str, str]


class G2PSparPartnerConsole(models.AbstractModel):
    """The partner console: messages tried out by a person of the partner.

    It works with partners that are confined to a sandbox and refuses all others.
    Nothing of it is secret: no client secret, no token, no private key is read.
    """

    _name = "g2p.spar.partner.console"
    _description = "Partner Console"

    # === TRYING OUT === #

    @api.private
    def send(self, sender_sudo, way: Way, raw: bytes, audit: AuditLine) -> Sent:
        """Answer a message as if the partner's program had sent it.

        The same code does it, as the same technical user, within the same limits;
        only the proof of who is calling is the log-in of this person.

        :param sender_sudo: the partner, from ``find_console_sender``
        :param raw: the message
        :param audit: what becomes known of the request is noted here
        :raise Refusal: the message as a whole is refused; nothing was changed
        :raise AccessError: the partner is not confined to a sandbox, or shut out
        """
        facts = self.env["g2p.spar.sender"].get_facts(sender_sudo.client_id)
        if facts is None or facts.sandbox is None or not facts.is_open(time.time()):
            raise AccessError(self.env._("The console works with a sandbox only."))
        audit.sender, audit.via = facts.sender_id, "console"
        self.env["g2p.spar.access"].count_request(facts)
        if len(raw) > facts.body_limit:
            raise TooLarge(f"The message is larger than {facts.body_limit} bytes.")
        caller = Caller(facts, facts.scopes, via="console")
        exchange = self.env["g2p.spar.connect"].with_user(facts.user_id)
        body = self._hand_over(exchange, caller, way, raw, audit)
        signature = self.env["g2p.spar.signer"].sign(facts, body)
        return Sent(body, {"Content-Type": "application/json", **signature})

    def _hand_over(self, exchange, caller, way, raw, audit) -> bytes:
        """Call the method of the exchange that the way's own address calls."""
        is_async = way.mode is Mode.ASYNC
        if way.name == ACTION:
            exchange.check_status(caller)
            tell = exchange.acknowledge_status if is_async else exchange.tell_status
            return tell(caller, raw, audit)
        operation = Operation(way.name)
        exchange.check(operation, caller)
        tell = exchange.acknowledge if is_async else exchange.answer
        return tell(operation, caller, raw, audit)

    # === WHAT THE PAGE SHOWS === #

    @api.private
    def describe(self, sender_sudo) -> dict:
        """Return what a partner may know of itself, as JSON.

        :param sender_sudo: the partner, from ``find_console_sender``
        """
        now = datetime.now(timezone.utc)
        return {
            "name": sender_sudo.name,
            "sender_id": sender_sudo.mnemonic,
            "callback_url": sender_sudo.callback_url or "",
            "limits": self._limits(sender_sudo),
            "keys": self._keys(sender_sudo),
            "examples": [
                {
                    "name": way.name,
                    "mode": way.mode.value,
                    "path": way.path,
                    "body": json.dumps(
                        write_example(
                            way, sender_sudo.mnemonic, uuid.uuid4().hex[:12], now
                        ),
                        indent=2,
                    ),
                }
                for way in WAYS
            ],
        }

    def _limits(self, sender_sudo) -> list[tuple[str, str]]:
        """Rights and limits in words: (what, how much)."""
        operations = {
            self.env._("Resolve"): sender_sudo.may_resolve,
            self.env._("Link"): sender_sudo.may_link,
            self.env._("Update"): sender_sudo.may_update,
            self.env._("Unlink"): sender_sudo.may_unlink,
            self.env._("Report payments"): sender_sudo.may_report,
            self.env._("Status"): sender_sudo.may_status,
        }
        held = [word for word, may in operations.items() if may]
        id_types = sender_sudo.id_type_ids.mapped("name")
        return [
            (self.env._("Operations"), ", ".join(held) or self.env._("None")),
            (
                self.env._("ID types"),
                self.env._("All")
                if sender_sudo.all_id_types
                else ", ".join(id_types) or self.env._("None"),
            ),
            (self.env._("Items per message"), str(sender_sudo.item_limit)),
            (self.env._("Megabytes per message"), str(sender_sudo.body_megabytes)),
            (self.env._("Requests per minute"), str(sender_sudo.request_limit)),
            (self.env._("Life of a token (seconds)"), str(sender_sudo.token_lifetime)),
        ]

    def _keys(self, sender_sudo) -> list[dict]:
        """Public keys that are registered for the partner; their names only."""
        return [
            {
                "kid": key.kid,
                "use": key.use,
                "algorithm": key.algorithm or key.kind or "",
                "until": _stamp(key.valid_until),
            }
            for key in sender_sudo.key_ids
            if key.state != "expired"
        ]

    @api.private
    def read_log(self, sender_sudo) -> dict:
        """Return the latest callbacks and what was refused of late, as JSON.

        :param sender_sudo: the partner, from ``find_console_sender``
        """
        # What a person of the partner gets to see is chosen here.
        deliveries_sudo = self.env["g2p.spar.delivery"].sudo()
        found_sudo = deliveries_sudo.search(
            [("sender_id", "=", sender_sudo.id)], limit=LOG_LINES
        )
        return {
            "callbacks": [self._line(one) for one in found_sudo],
            "errors": self._errors(sender_sudo),
        }

    def _line(self, delivery) -> dict:
        states = dict(delivery._fields["state"]._description_selection(self.env))
        last = delivery.attempt_ids[:1]
        return {
            "id": delivery.id,
            "at": _stamp(delivery.created_at),
            "operation": delivery.operation,
            "state": delivery.state,
            "state_text": states[delivery.state],
            "url": delivery.url or "",
            "correlation_id": delivery.correlation_id,
            "http_status": last.status or 0,
            "problem": delivery.problem or "",
        }

    def _errors(self, sender_sudo) -> list[dict]:
        """Refusals of the last days, by operation and code."""
        since = fields.Date.today() - timedelta(days=ERROR_DAYS)
        # As above: the partner's own figures.
        usage_sudo = self.env["g2p.spar.usage"].sudo()
        groups = usage_sudo._read_group(
            [
                ("sender_id", "=", sender_sudo.id),
                ("refusals", ">", 0),
                ("day", ">=", since),
            ],
            ["operation", "code"],
            ["refusals:sum", "last_at:max"],
            order="last_at:max desc",
        )
        return [
            {"operation": operation, "code": code, "count": count, "at": _stamp(last)}
            for operation, code, count, last in groups
        ]

    @api.private
    def read_callback(self, sender_sudo, delivery_id: int) -> dict | None:
        """Return what a callback says, as it is now; none when it is gone.

        :param delivery_id: database id, of a callback of this partner
        """
        # As above.
        deliveries_sudo = self.env["g2p.spar.delivery"].sudo()
        delivery_sudo = deliveries_sudo.search(
            [("id", "=", delivery_id), ("sender_id", "=", sender_sudo.id)]
        )
        if not delivery_sudo:
            return None
        facts = self.env["g2p.spar.sender"].get_facts(sender_sudo.client_id)
        try:
            body = delivery_sudo._read_body(facts)
        except (Unsendable, SealError):
            return None
        content = to_callback(body, delivery_sudo.operation, delivery_sudo.callback_id)
        return json.loads(write_body(content))


def _stamp(moment) -> str:
    """Write a naive UTC time for programs; empty for none."""
    return moment.isoformat(timespec="seconds") + "Z" if moment else ""
