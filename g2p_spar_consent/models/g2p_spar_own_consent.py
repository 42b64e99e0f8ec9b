import json

from odoo import api, fields, models

from odoo.addons.g2p_spar_portal.core.person import Person
from odoo.addons.g2p_spar_portal.core.reference_number import read_reference_number
from odoo.addons.g2p_spar_portal.models.audit import note

from ..core.consent import State
from ..core.words import TOLD_SHORT
from .consent_words import STANDS, say

#: Consents that are shown on the page, the newest first.
MOST = 200


class G2PSparOwnConsent(models.AbstractModel):
    """What a person allowed to whom, and the end of it.

    Every consent is reached from the ID in the person's session: nobody can see or
    end another's, whatever number a browser sends.
    """

    _name = "g2p.spar.own.consent"
    _description = "Own Consents of a Person"

    @api.private
    def listing(self, person: Person) -> dict:
        """Return what the page "Who may ask" shows.

        :return: ``live`` and ``over``, lists of what :meth:`receipt` returns
        """
        told = [self._tell(one) for one in self._own(person)]
        return {
            "live": [one for one in told if one["is_live"]],
            "over": [one for one in told if not one["is_live"]],
        }

    @api.private
    def withdraw(self, person: Person, text: str) -> bool:
        """End a consent of the person's now. Twice does nothing twice.

        :param text: its number, as the browser sent it
        :return: whether there is one with this number
        """
        consent_sudo = self._one(person, text)
        if consent_sudo.state == State.ACTIVE:
            # sudo: contacts and callbacks, which the person may not see.
            consent_sudo.sudo()._end(State.WITHDRAWN)
            note("consent_withdraw", person, reference=consent_sudo.reference)
        return bool(consent_sudo)

    @api.private
    def receipt(self, person: Person, text: str) -> dict | None:
        """Return what is known of one consent; none for another person's number."""
        consent_sudo = self._one(person, text)
        return self._tell(consent_sudo) if consent_sudo else None

    @api.private
    def write_text(self, receipt: dict) -> str:
        """Return a receipt as plain text, to be kept on the telephone."""
        lines = [
            self.env._("Receipt of a permission"),
            "",
            self.env._("Reference number: %s", receipt["reference"]),
            self.env._("Agreed: %s", receipt["since"]),
            self.env._("State: %s", receipt["stands"]),
            receipt["ended"] and self.env._("Ended: %s", receipt["ended"]),
            "",
            self.env._("What you read and agreed to:"),
            *receipt["text"].split("\n"),
            "",
            self.env._("Version of the words: %s", receipt["text_version"]),
            self.env._("SHA-256 of the words: %s", receipt["text_hash"]),
        ]
        return "\r\n".join(line for line in lines if line is not None) + "\r\n"

    @api.private
    def write_json(self, person: Person, text: str) -> str | None:
        """Return a receipt for programs; none for another person's number."""
        one_sudo = self._one(person, text)
        if not one_sudo:
            return None
        moments = ("since", "until", "ended_at", "last_used_at")
        told = {
            "reference": one_sudo.reference,
            "application": one_sudo.sender_id.consent_name,
            "application_id": one_sudo.sender_id.mnemonic,
            "purpose": one_sudo.purpose_id.code,
            "disclosure": one_sudo.disclosure,
            "state": _state(one_sudo),
            **{name: _iso(one_sudo[name]) for name in moments},
            "text": one_sudo.text,
            "text_version": one_sudo.text_version,
            "text_sha256": one_sudo.text_hash,
            "language": one_sudo.lang,
        }
        return json.dumps(told, ensure_ascii=False, indent=2)

    # === BUSINESS METHODS === #

    def _own(self, person: Person, domain=()):
        """Consents of a person, the newest first."""
        reference = self.env["g2p.spar.strategy"].get_reference()
        key = reference.read_id(person.id_value).id_key
        # sudo: people have no right to this table; only their own rows are found.
        consents_sudo = self.env["g2p.spar.consent"].sudo()
        return consents_sudo.search([("id_key", "=", key), *domain], limit=MOST)

    def _one(self, person: Person, text: str):
        number = read_reference_number(text)
        return self._own(person, [("reference", "=", number or "-")])

    def _tell(self, consent) -> dict:
        """Say one consent as its person would."""
        account = self.env["g2p.spar.own.account"]
        state = _state(consent)
        return {
            "reference": consent.reference,
            "is_live": state == State.ACTIVE,
            "application": consent.sender_id.consent_name,
            "purpose": consent.purpose_id.consent_text or consent.purpose_id.name,
            "told": say(self.env, TOLD_SHORT[consent.disclosure]),
            "since": account._moment(consent.since),
            "until": account._moment(consent.until),
            "used": consent.last_used_at and account._moment(consent.last_used_at),
            "ended": consent.ended_at and account._moment(consent.ended_at) or None,
            "stands": self.env._(STANDS[state]),
            "text": consent.text,
            "text_version": consent.text_version,
            "text_hash": consent.text_hash,
        }


def _state(consent) -> str:
    """The state now: the clock is not behind the job that writes it."""
    if consent.state == State.ACTIVE and consent.until <= fields.Datetime.now():
        return State.EXPIRED
    return consent.state


def _iso(moment) -> str | None:
    return f"{moment.isoformat()}Z" if moment else None
