from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..http import FORM_TYPE, JSON_TYPE
from .files import is_file, take_file
from .mapper import READ, WRITE, respond_signed

#: Many items come as a file.
_TAKE = {**WRITE, "g2p_media": (JSON_TYPE, FORM_TYPE)}


def _paths(name: str) -> list[str]:
    """Addresses of the specification and of SPAR 1.1."""
    return [f"/spar/v1/mapper/{name}", f"/spar/v1/async/{name}"]


_STATUS_AT_ONCE = [
    "/spar/v1/mapper/sync/txn/status",
    "/spar/v1/sync/txn/status",
    # So the specification has it, by mistake.
    "/spar/v1/registry/sync/txn/status",
]


class G2PSparMapperAsyncController(Controller):
    """Messages that are acknowledged and worked off later, and their status."""

    @route(_paths("link"), **_TAKE)
    def link(self):
        """Take a message that links IDs to addresses."""
        return self._acknowledge(Operation.LINK)

    @route(_paths("update"), **_TAKE)
    def update(self):
        """Take a message that changes the addresses of IDs."""
        return self._acknowledge(Operation.UPDATE)

    @route(_paths("unlink"), **_TAKE)
    def unlink(self):
        """Take a message that ends the links of IDs."""
        return self._acknowledge(Operation.UNLINK)

    @route(_paths("resolve"), **_TAKE)
    def resolve(self):
        """Take a message that asks where to pay."""
        return self._acknowledge(Operation.RESOLVE)

    @route(_paths("txn/status"), **WRITE)
    def status(self):
        """Take a question about the status of earlier messages."""
        dispatcher, exchange = request.dispatcher, request.env["g2p.spar.connect"]
        caller = dispatcher.caller
        exchange.check_status(caller)
        raw = dispatcher.read_body(caller.facts.body_limit)
        answer = exchange.acknowledge_status(caller, raw, dispatcher.audit)
        return respond_signed(caller, answer)

    @route(_STATUS_AT_ONCE, **READ)
    def status_at_once(self):
        """Tell the status of earlier messages."""
        dispatcher, exchange = request.dispatcher, request.env["g2p.spar.connect"]
        caller = dispatcher.caller
        exchange.check_status(caller)
        raw = dispatcher.read_body(caller.facts.body_limit)
        return respond_signed(
            caller, exchange.tell_status(caller, raw, dispatcher.audit)
        )

    def _acknowledge(self, operation: Operation):
        dispatcher, exchange = request.dispatcher, request.env["g2p.spar.connect"]
        caller = dispatcher.caller
        exchange.check(operation, caller)
        if is_file():
            return take_file(operation)
        raw = dispatcher.read_body(caller.facts.body_limit)
        answer = exchange.acknowledge(operation, caller, raw, dispatcher.audit)
        return respond_signed(caller, answer)
