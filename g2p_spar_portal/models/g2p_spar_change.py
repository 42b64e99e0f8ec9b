from enum import StrEnum
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedAddress
from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin
from odoo.addons.g2p_spar_mapper.core.fields import clean_name
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.core.state import Step

from ..core.change import group_digits, parts_of, typed_parts
from ..core.digest import change_digest
from ..core.present import Present
from ..core.reference_number import read_reference_number, reference_number
from .audit import note
from .change_words import CONSENT_VERSION
from .notice_words import apart
from .person_words import ENDINGS

#: Goes into the history, which staff read.
REASON = "Changed by the person on the portal"
_RECEIPTS = (Step.LINK, Step.UPDATE, Step.PROPOSE)


class Verdict(StrEnum):
    """What became of a request to make the change."""

    DONE = "done"
    REFUSED = "refused"
    BUSY = "busy"
    PROOF_NEEDED = "proof_needed"
    CHANGED_MEANWHILE = "changed_meanwhile"
    SAME_ACCOUNT = "same_account"
    NOT_COMPLETE = "not_complete"


class Review(NamedTuple):
    """A change as it is shown before it is made.

    :ivar present: the account the money goes to now
    :ivar address: the new one
    :ivar digest: stands for exactly this change
    """

    present: Present
    address: ParsedAddress
    digest: str

    @property
    def is_same(self) -> bool:
        """Whether the money goes to this very account already."""
        return self.present.is_live and self.present.fa_key == self.address.fa_key


class G2PSparChange(models.AbstractModel):
    """A person's change of account: shown, agreed to, proved, and made once.

    Every write goes through the registry's service, for the person's own ID, which
    comes from the session. The draft is taken before the write, so that a double
    click, the back button or a second tab with the same draft find it taken and are
    shown the same result.
    """

    _name = "g2p.spar.change"
    _description = "Change of account by the person"

    # === SHOWING === #

    @api.private
    def present(self, person):
        """Return what is stored of a person now.

        :rtype: Present
        """
        mapping_sudo = self.env["g2p.spar.own.account"].mapping(person)
        if not mapping_sudo:
            return Present()
        present = Present(
            mapping_sudo.id,
            mapping_sudo.version,
            mapping_sudo.fa_key,
            mapping_sudo.effective_state,
            mapping_sudo.change_waits,
        )
        return present if present.is_live else present._replace(fa_key=None)

    @api.private
    def review(self, person, way):
        """Return the change as it would be made now.

        :param Way way: with all steps done
        :return: none when the new address cannot be written any more
        :rtype: Review | None
        """
        try:
            address = self._form().address(way.fa_type, way.choice)
        except AddressError:
            return None
        present = self.present(person)
        digest = change_digest(
            self._id_key(person),
            present.version,
            present.fa_key,
            address.fa_key,
            CONSENT_VERSION,
        )
        return Review(present, address, digest)

    @api.private
    def tell_new(self, way):
        """Return the new account in words, with its whole number.

        :rtype: dict
        """
        labels = self._form()._labels(way.fa_type)
        typed = way.choice.typed or {}
        return {
            "kind": labels and self._type_name(way.fa_type),
            "provider": way.choice.provider and way.choice.provider.name,
            "branch": way.choice.branch and way.choice.branch.name,
            "lines": [
                {
                    "label": labels.get(part.name, part.label),
                    "groups": self._groups(part, typed[part.name]),
                }
                for part in typed_parts(way.fa_type)
                if typed.get(part.name)
            ],
        }

    def _groups(self, part, value):
        """Cut what is a number into groups to read aloud; leave words whole."""
        return group_digits(value) if part.sensitive and "@" not in value else [value]

    def _type_name(self, fa_type):
        # The name of a type of address is on everybody's page.
        return self.env["g2p.spar.fa.type"].sudo().browse(fa_type.id).name

    def _form(self):
        return self.env["g2p.spar.change.form"]

    def _id_key(self, person):
        reference = self.env["g2p.spar.strategy"].get_reference()
        return reference.read_id(person.id_value).id_key

    # === MAKING === #

    @api.private
    def agree(self, person, way, seen):
        """The person pressed the button of the review page.

        :param Person person: who
        :param Way way: with all steps done
        :param str seen: digest of what the page showed, as the form sent it
        :return: :attr:`Verdict.PROOF_NEEDED` when a fresh login must come first
        :rtype: Verdict
        """
        review = self.review(person, way)
        if review is None:
            return Verdict.NOT_COMPLETE
        if review.is_same:
            return Verdict.SAME_ACCOUNT
        if seen != review.digest:
            return Verdict.CHANGED_MEANWHILE
        if review.present.is_first:
            return self._make(person, way, review, self._login_proof(person))
        return Verdict.PROOF_NEEDED

    @api.private
    def ask_for_proof(self, person, way, return_path):
        """Ask for a fresh login for this very change; say where to send the browser.

        :param str return_path: local path of the page that calls :meth:`finish`
        :rtype: str
        """
        digest = self.review(person, way).digest
        path = self.env["g2p.spar.step.up"].begin(person, digest, return_path)
        way.draft_sudo._agree(digest, CONSENT_VERSION)
        return path

    @api.private
    def finish(self, person, way):
        """The person came back from the login that the change needs.

        :rtype: Verdict
        """
        review = self.review(person, way)
        if review is None:
            return Verdict.NOT_COMPLETE
        if not way.draft_sudo.digest or way.draft_sudo.digest != review.digest:
            return Verdict.CHANGED_MEANWHILE
        approval = self.env["g2p.spar.step.up"].take(person, review.digest)
        if approval is None:
            return Verdict.PROOF_NEEDED
        proof = f"step-up {_proof(approval.acr, approval.authenticated_at)}"
        return self._make(person, way, review, proof)

    def _login_proof(self, person):
        return f"login {_proof(person.acr, person.authenticated_at)}"

    def _make(self, person, way, review, proof):
        """Take the draft and let the registry write."""
        reference = reference_number()
        if not way.draft_sudo._take(reference):
            return Verdict.DONE
        outcome = self._write(person, way, review, reference, proof)
        note("change", person, cause=outcome.cause.name, reference=reference)
        if outcome.cause == Cause.BUSY:
            way.draft_sudo._reopen()
            return Verdict.BUSY
        if not outcome.succeeded:
            way.draft_sudo._refuse(outcome.cause)
            return Verdict.REFUSED
        way.draft_sudo._clear()
        self.env["g2p.spar.notice"].wake()
        return Verdict.DONE

    def _write(self, person, way, review, reference, proof):
        # A person has no rights in the registry; the item is the person's own ID.
        mapper_sudo = self.env["g2p.spar.mapper"].sudo()
        verb = mapper_sudo.update if review.present.is_live else mapper_sudo.link
        item = LinkItem(
            reference,
            person.id_value,
            name=_clean_name(person.name),
            fa_parts=parts_of(way.fa_type, way.choice),
            fa_type=way.fa_type.code,
        )
        origin = Origin(
            channel="portal",
            sender=person.provider_name,
            transaction_id=reference,
            reason=REASON,
            evidence=f"consent:{CONSENT_VERSION} {proof}",
        )
        return verb([item], origin)[0]

    # === AFTERWARDS === #

    @api.private
    def receipt(self, person, text):
        """Return what is known of one change, by its reference number.

        Somebody else's number is answered as one that does not exist.

        :param str text: the number, from the address of the page
        :rtype: dict | None
        """
        reference = read_reference_number(text)
        if reference is None:
            return None
        own = self.env["g2p.spar.own.account"]
        # The history of the person's own mapping only.
        versions_sudo = self.env["g2p.spar.mapping.version"].sudo()
        version_sudo = versions_sudo.search(
            [
                ("mapping_id", "=", own.mapping(person).id),
                ("transaction_id", "=", reference),
                ("step", "in", _RECEIPTS),
            ],
            limit=1,
        )
        if not version_sudo:
            return None
        return {
            "reference": reference,
            "when": own._moment(version_sudo.changed_at),
            **self._tell_result(version_sudo),
        }

    def _tell_result(self, version):
        """Say what one step has done: a change that waits has done nothing yet.

        :return: ``account``; ``asked``, sentences about a change that had to wait, none
            for another; ``waits`` and ``is_present``
        """
        own = self.env["g2p.spar.own.account"]
        waiting = self.env["g2p.spar.own.waiting"]
        mapping = version.mapping_id
        change = waiting.of_versions(mapping, version).get(version.version)
        if change is None:
            return {
                "account": own.tell_address(version.after),
                "asked": None,
                "waits": False,
                "is_present": own.is_present(mapping, version),
            }
        waits = change.state == "waiting"
        return {
            "account": own.tell_address(waiting.snapshot(version, change)),
            "asked": waiting.say_wait(change, own.situation(mapping).is_paid)
            if waits
            else [self.env._(ENDINGS[change.state])],
            "waits": waits,
            "is_present": False,
        }

    @api.private
    def write_receipt(self, receipt):
        """Return a receipt as plain text, to be kept on the telephone.

        :param dict receipt: see :meth:`receipt`
        :rtype: str
        """
        account, asked = receipt["account"], receipt["asked"]
        title = self.env._("Your benefit is paid to this account")
        if asked:
            title = self.env._("You asked for this account")
        lines = [
            title,
            *(asked or ()),
            "",
            *(account[name] for name in ("kind", "provider", "branch")),
            *(f"{label}: {apart(self.env, text)}" for label, text in account["lines"]),
            "",
            self.env._("Reference number: %s", receipt["reference"]),
            self.env._("Asked for: %s", receipt["when"])
            if asked
            else self.env._("Changed: %s", receipt["when"]),
        ]
        return "\r\n".join(line for line in lines if line is not None) + "\r\n"


def _proof(acr, authenticated_at):
    moment = fields.Datetime.to_string(authenticated_at)
    return f"acr={' '.join(acr)} at={moment}Z"


def _clean_name(name):
    """Return a name as the registry takes it, none when it cannot.

    What stands in a claim must not keep anybody from changing the account.
    """
    try:
        return clean_name(name)
    except ValueError:
        return None
