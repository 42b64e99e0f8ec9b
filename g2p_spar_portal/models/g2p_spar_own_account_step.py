import json
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models

from odoo.addons.g2p_spar_mapper.core.commands import (
    CheckItem,
    Origin,
    RenewItem,
    StepItem,
    UnlinkItem,
    WaitingItem,
)
from odoo.addons.g2p_spar_mapper.core.ladder import Result, Rung
from odoo.addons.g2p_spar_mapper.core.reason import Cause

from ..core.contact import is_wallet_of
from ..core.reference_number import reference_number
from ..core.removal import removal_digest
from .audit import note

MANAGERS = "g2p_spar_mapper.group_manager"


class Done(NamedTuple):
    """What became of a step.

    :param reference: the number the person is told; none: nothing was done
    :param cause: the registry's answer
    """

    reference: str | None
    cause: Cause


class G2PSparOwnAccountStep(models.AbstractModel):
    """What a person may do with their own account, besides choosing another.

    Every step goes through the registry's service under the person's own ID.
    """

    _name = "g2p.spar.own.account.step"
    _description = "Step of a Person with the Own Account"

    @api.private
    def dispute(self, person, version: int) -> Done:
        """Stop payments: "this was not me".

        Pressing twice does nothing twice: the second time gives the number of the
        first.

        :param version: number of the entry in the person's history that is disputed
        """
        own = self.env["g2p.spar.own.account"]
        mapping = own.mapping(person)
        known = own.dispute_reference(mapping)
        if known or mapping.state == "suspended":
            return Done(known, Cause.UNCHANGED)
        if version != own.disputable_version(mapping):
            return Done(None, Cause.NOT_POSSIBLE)
        number = reference_number()
        item = StepItem(number, person.id_value)
        reason = f"Disputed by the beneficiary: entry {version} of the history"
        origin = self._origin(person, number, reason)
        [outcome] = self._service().suspend([item], origin)
        return self._conclude(person, "dispute", number, outcome, mapping)

    @api.private
    def remove(self, person, approval) -> Done:
        """Take the account away.

        :param Approval approval: the fresh proof that was taken for it
        """
        mapping = self.env["g2p.spar.own.account"].mapping(person)
        number = reference_number()
        item = UnlinkItem(number, person.id_value)
        evidence = json.dumps(approval.evidence, separators=(",", ":"), sort_keys=True)
        reason = "Removed by the beneficiary"
        origin = self._origin(person, number, reason, evidence)
        [outcome] = self._service().unlink([item], origin)
        return self._conclude(person, "remove", number, outcome, mapping)

    @api.private
    def withdraw(self, person, version: int) -> Done:
        """Keep the present account: give up the change that waits.

        To keep what is there needs no fresh proof: the safe side is one tap away.

        :param version: number of the entry in the history that asked for the change
        """
        own = self.env["g2p.spar.own.account"]
        mapping = own.mapping(person)
        change = self.env["g2p.spar.own.waiting"].find(mapping)
        may = own.situation(mapping).may_withdraw
        if not may or change.version != version:
            return Done(None, Cause.NOT_POSSIBLE)
        number = reference_number()
        item = WaitingItem(number, person.id_value, change.id)
        origin = self._origin(person, number, "Given up by the beneficiary")
        [outcome] = self._service().withdraw([item], origin)
        return self._conclude(person, "withdraw", number, outcome, mapping)

    @api.private
    def renew(self, person) -> Done:
        """Say "still my account": let it go on as it is, when its end is near."""
        own = self.env["g2p.spar.own.account"]
        mapping = own.mapping(person)
        if not own.situation(mapping).may_renew:
            return Done(None, Cause.NOT_POSSIBLE)
        number = reference_number()
        item = RenewItem(number, person.id_value)
        origin = self._origin(person, number, "Confirmed by the beneficiary")
        [outcome] = self._service().renew([item], origin)
        return self._conclude(person, "renew", number, outcome, mapping)

    @api.private
    def note_possession(self, person, contact) -> None:
        """Note that a wallet is the person's own: a code came where it is.

        Only a wallet whose number is the very phone or mailbox is proved by the code.

        :param contact: the ``g2p.spar.contact`` which was confirmed
        """
        mapping = self.env["g2p.spar.own.account"].mapping(person)
        fa_type = mapping.strategy_id.fa_type_id
        region = self.env["g2p.spar.portal.settings"].region()
        if not is_wallet_of(
            fa_type.kind_id.code,
            self._numbers(mapping, fa_type),
            contact.kind,
            contact.value,
            region,
        ):
            return
        item = CheckItem(
            reference_number(),
            person.id_value,
            Rung.POSSESSION.value,
            Result.PASSED.value,
            f"contact {contact.id}",
            mapping.fa_value,
        )
        origin = self._origin(person, item.reference_id, "Code confirmed on the portal")
        [outcome] = self._service().add_checks([item], origin)
        note("possession", person, code=outcome.cause.name)

    def _numbers(self, mapping, fa_type) -> list[str]:
        """What a person typed of the account that tells it from others."""
        parts = mapping.fa_parts or {}
        return [
            parts[rule.name]
            for rule in fa_type.part_ids
            if rule.source == "typed" and rule.sensitive and rule.name in parts
        ]

    @api.private
    def removal_digest(self, person) -> str | None:
        """Name the removal of the present account; none: it cannot be removed now."""
        own = self.env["g2p.spar.own.account"]
        mapping = own.mapping(person)
        if not own.situation(mapping).may_remove:
            return None
        return removal_digest(mapping.id, mapping.version)

    # === BUSINESS METHODS === #

    def _service(self):
        # sudo: people have no rights to the registry; each item is their own ID.
        return self.env["g2p.spar.mapper"].sudo()

    def _origin(self, person, number, reason, evidence=None) -> Origin:
        return Origin(
            channel="portal",
            sender=person.provider_name,
            transaction_id=number,
            reason=reason,
            evidence=evidence,
        )

    def _conclude(self, person, step, number, outcome, mapping) -> Done:
        """Note a step and tell whoever has to know."""
        code = outcome.cause.name
        note(step, person, reference=number, code=code)
        if not outcome.succeeded:
            return Done(None, outcome.cause)
        if step == "dispute":
            self._tell_staff(mapping, number)
        self.env["g2p.spar.notice"].wake()
        return Done(number, outcome.cause)

    def _tell_staff(self, mapping, number) -> None:
        """Ask the managers to look into a dispute, in each one's language.

        The mails leave with the queue: the person does not wait for a mail server.
        """
        # sudo: who the managers are is not told to the person.
        self_sudo = self.sudo()
        link = f"/odoo/g2p.spar.mapping/{mapping.id}"
        body = Markup("<p>%s</p><p><a href='%s'>%s</a></p>")
        managers = self_sudo.env.ref(MANAGERS).all_user_ids.filtered("active")
        for partner in managers.partner_id:
            subject, text, label = self_sudo._dispute_words(partner.lang, number)
            self_sudo.env["mail.thread"].message_notify(
                author_id=self_sudo.env.ref("base.partner_root").id,
                partner_ids=partner.ids,
                subject=subject,
                body=body % (text, link, label),
                force_send=False,
            )
        self_sudo.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _dispute_words(self, lang, number) -> tuple[str, str, str]:
        """Subject, text and label of the link of the message to a manager."""
        env = self.with_context(lang=lang).env
        return (
            env._("Dispute %s: payments are stopped", number),
            env._(
                "A person says that they did not choose their account. Payments to it"
                " are stopped. Talk to the person, then reinstate the account or link"
                " the right one."
            ),
            env._("Open the mapping"),
        )
