from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_mapper.core.reason import Notice, Operation

from ..core.caller import Caller
from ..http import respond

_COMMON = {
    "type": "g2p_connect",
    "auth": "g2p_connect",
    "csrf": False,
    "save_session": False,
}
READ = {**_COMMON, "readonly": True}
WRITE = {**_COMMON, "readonly": False}


def _paths(operation: Operation) -> list[str]:
    """Addresses of an operation: that of the specification and that of SPAR 1.1."""
    return [f"/spar/v1/mapper/sync/{operation}", f"/spar/v1/sync/{operation}"]


class G2PSparMapperController(Controller):
    """The four verbs and reports, answered at once."""

    @route(_paths(Operation.LINK), **WRITE)
    def link(self):
        """Link IDs to addresses."""
        return self._answer(Operation.LINK)

    @route(_paths(Operation.UPDATE), **WRITE)
    def update(self):
        """Change the addresses of IDs."""
        return self._answer(Operation.UPDATE)

    @route(_paths(Operation.UNLINK), **WRITE)
    def unlink(self):
        """End the links of IDs."""
        return self._answer(Operation.UNLINK)

    @route(_paths(Operation.RESOLVE), **READ)
    def resolve(self):
        """Say where to pay."""
        return self._answer(Operation.RESOLVE)

    @route(f"/spar/v1/mapper/sync/{Notice.REPORT}", **WRITE)
    def report(self):
        """Take over how payments ended."""
        return self._answer(Notice.REPORT)

    def _answer(self, operation: Operation | Notice):
        dispatcher, exchange = request.dispatcher, request.env["g2p.spar.connect"]
        caller = dispatcher.caller
        exchange.check(operation, caller)
        raw = dispatcher.read_body(caller.facts.body_limit)
        answer = exchange.answer(operation, caller, raw, dispatcher.audit)
        return respond_signed(caller, answer)


def respond_signed(caller: Caller, answer: bytes):
    """Return an answer, signed where the sender wants it."""
    signature = request.env["g2p.spar.signer"].sign(caller.facts, answer)
    return respond(answer, headers=signature)
