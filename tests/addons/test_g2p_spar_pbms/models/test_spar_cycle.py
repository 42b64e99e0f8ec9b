import json

from odoo import api, fields, models

from odoo.addons.g2p_spar_mapper.core.commands import Origin, ResolveItem
from odoo.addons.g2p_spar_mapper.core.reason import MESSAGES, Cause

_CHANGED = "The address changed after the payment was prepared."


class TestSparCycle(models.Model):
    """One round of payments: who is to be paid, to where, and what was sent."""

    _name = "test.spar.cycle"
    _description = "Payment cycle of the example"

    name = fields.Char(required=True)
    payment_ids = fields.One2many("test.spar.payment", "cycle_id")

    def prepare_payments(self, entitlements):
        """Create the payments of a cycle, with a snapshot of where each goes.

        The registry is asked once, for all. Whoever cannot be paid gets a payment
        too: it is held, with the reason.

        :param entitlements: list of (ID of a person, amount)
        :return: the payments, in the order of the entitlements
        """
        self.ensure_one()
        outcomes = self._resolve([person for person, _amount in entitlements])
        return self.env["test.spar.payment"].create(
            [
                {"cycle_id": self.id, "beneficiary": person, "amount": amount}
                | self._prepare_snapshot_vals(outcome)
                for (person, amount), outcome in zip(
                    entitlements, outcomes, strict=True
                )
            ]
        )

    def send_payments(self):
        """Send what is ready, but hold what changed since it was prepared.

        One call asks for the versions of all. An address that changed, or must
        not be paid any more, is never paid.

        :return: the payments to send, marked as sent
        """
        ready = self.payment_ids.filtered(lambda payment: payment.state == "ready")
        versions = self.env["g2p.spar.mapper"].versions(ready.mapped("mapping_id"))
        same = ready.filtered(
            lambda payment: (
                versions.get(payment.mapping_id) == (payment.mapping_version, True)
            )
        )
        (ready - same).write({"state": "held", "hold_reason": _CHANGED})
        same.write({"state": "sent"})
        return same

    def _resolve(self, people):
        """Ask the registry, in one call, where people are paid.

        :param people: IDs
        :return: one Outcome a person, in the same order
        """
        items = [
            ResolveItem(reference_id=str(number), id=person, details=True)
            for number, person in enumerate(people, 1)
        ]
        origin = Origin(channel="api", sender="example-payments")
        return self.env["g2p.spar.mapper"].resolve(items, origin, with_parts=True)

    @api.model
    def _prepare_snapshot_vals(self, outcome):
        """What a payment keeps of an outcome."""
        if not outcome.payable:
            return {"state": "held", "hold_reason": _reason_of(outcome)}
        return {
            "state": "ready",
            "fa": outcome.fa,
            "fa_parts": outcome.fa_parts and json.loads(outcome.fa_parts),
            "provider_id": outcome.provider_id,
            "mapping_id": outcome.mapping_id,
            "mapping_version": outcome.version,
        }


def _reason_of(outcome):
    """Say why somebody cannot be paid; the state says it more exactly if known."""
    if outcome.cause is Cause.ID_INACTIVE and outcome.state:
        return f"{MESSAGES[outcome.cause]} ({outcome.state})"
    return MESSAGES[outcome.cause] or outcome.cause.name
