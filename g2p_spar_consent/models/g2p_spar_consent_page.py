import json
from enum import StrEnum

from odoo import api, fields, models

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash
from odoo.addons.g2p_spar_portal.core.person import Person
from odoo.addons.g2p_spar_portal.core.reference_number import reference_number
from odoo.addons.g2p_spar_portal.models.audit import note

from ..const import ASK
from ..core.consent import State, until_of
from ..core.redirect import answer_url
from ..core.words import VERSION, lines_of, text_hash
from .consent_words import day_of, say


class Verdict(StrEnum):
    """What became of the person's answer."""

    DONE = "done"
    PROOF_NEEDED = "proof_needed"
    CHANGED_MEANWHILE = "changed_meanwhile"


class G2PSparConsentPage(models.AbstractModel):
    """The page on which a person is asked, and what follows from the answer.

    Who agrees comes from the session, for what from the request that was verified:
    the browser sends yes or no, and the hash of what it showed.
    """

    _name = "g2p.spar.consent.page"
    _description = "Page of a Consent"

    # === SHOWING === #

    @api.private
    def show(self, asked) -> dict:
        """Return what the page says.

        :param asked: ``g2p.spar.consent.request``, found for the person
        :return: ``application`` (name, logo), ``lines`` (pairs), ``seen``
        """
        lines = self._lines(asked)
        sender = asked.sender_id
        has_logo = bool(sender.with_context(bin_size=True).consent_logo)
        return {
            "application": sender.consent_name,
            "logo": f"/spar/application-logo/{sender.id}" if has_logo else None,
            "lines": lines,
            "seen": self._hash(lines),
            "with_login": sender.consent_step_up,
            "path": f"{ASK}/{asked.token}",
        }

    def _lines(self, asked) -> list[tuple[str, str]]:
        """Return the words of the consent in the person's language."""
        asked = asked.with_context(lang=self.env.lang)
        until = until_of(fields.Datetime.now(), asked.days)
        values = {
            "application": asked.sender_id.consent_name,
            "until": day_of(self.env, until),
        }
        purpose = asked.purpose_id
        return [
            (say(self.env, line.label), say(self.env, line.text) % values)
            for line in lines_of(purpose.disclosure, purpose.consent_text)
        ]

    def _hash(self, lines) -> str:
        return text_hash([part for line in lines for part in line])

    # === ANSWERING === #

    @api.private
    def agree(self, person: Person, asked, seen: str) -> Verdict:
        """The person said yes.

        :param seen: hash of what the page showed, as the form sent it
        """
        if asked.state != "open":
            return Verdict.DONE
        lines = self._lines(asked)
        if seen != self._hash(lines):
            return Verdict.CHANGED_MEANWHILE
        if asked.sender_id.consent_step_up:
            return Verdict.PROOF_NEEDED
        return self._make(person, asked, lines, person)

    @api.private
    def ask_for_proof(self, person: Person, asked) -> str:
        """Ask for a second login for this very consent; say where to go for it."""
        digest = self._digest(asked, self._lines(asked))
        path = f"{ASK}/{asked.token}/finish"
        return self.env["g2p.spar.step.up"].begin(person, digest, path)

    @api.private
    def finish(self, person: Person, asked) -> Verdict:
        """The person came back from the second login."""
        if asked.state != "open":
            return Verdict.DONE
        lines = self._lines(asked)
        digest = self._digest(asked, lines)
        approval = self.env["g2p.spar.step.up"].take(person, digest)
        if approval is None:
            return Verdict.PROOF_NEEDED
        return self._make(person, asked, lines, approval)

    @api.private
    def refuse(self, person: Person, asked) -> None:
        """The person said no: nothing is allowed."""
        self._go_alone(person)
        if asked.state == "open":
            asked._decide(person, "refused")
            note("consent_refuse", person, application=asked.sender_id.mnemonic)

    @api.private
    def way_back(self, asked) -> str:
        """Return where the browser goes, with what became of the request."""
        consent = asked.consent_id
        return answer_url(
            asked.redirect,
            result=asked.state,
            state=asked.state_value or None,
            consent=consent.reference or None,
            until=f"{consent.until.isoformat()}Z" if consent else None,
        )

    def _go_alone(self, person: Person) -> None:
        # The person has no right to this table; only their own row is held.
        identities_sudo = self.env["g2p.spar.identity"].sudo()
        identities_sudo.browse(person.identity_id)._go_alone()

    def _digest(self, asked, lines) -> str:
        """Name one consent, so that a proof is good for it and nothing else."""
        facts = [asked.id, asked.token, self._hash(lines)]
        return keyed_hash(json.dumps(facts), "consent proof")

    def _make(self, person: Person, asked, lines, proof) -> Verdict:
        """Store the consent, in the place of a former one for the same name.

        :param proof: what tells how and when the person proved the identity
        """
        self._go_alone(person)
        reference = self.env["g2p.spar.strategy"].get_reference()
        id_key = reference.read_id(person.id_value).id_key
        former_sudo = self._former(asked)
        if former_sudo and former_sudo.id_key != id_key:
            asked._decide(person, "taken")
            return Verdict.DONE
        former_sudo._end(State.REPLACED)
        former_sudo.flush_recordset()
        values = {**self._values(asked, lines, proof), "id_key": id_key}
        consent_sudo = former_sudo.create(values)
        asked._decide(person, "agreed", consent_sudo)
        # sudo: contacts of the person, who is told what was done in their name.
        self.env["g2p.spar.notice"].sudo()._tell_consents(consent_sudo)
        application = asked.sender_id.mnemonic
        note("consent", person, reference=values["reference"], application=application)
        return Verdict.DONE

    def _former(self, asked):
        """Return the consent that the application's name leads to now, if any."""
        # sudo: people have no right to this table; the consent becomes their own.
        consents_sudo = self.env["g2p.spar.consent"].sudo()
        return consents_sudo.search(
            [
                ("sender_id", "=", asked.sender_id.id),
                ("token_key", "=", asked.token_key),
                ("state", "=", State.ACTIVE.value),
            ]
        )

    def _values(self, asked, lines, proof) -> dict:
        """Return what is kept of a consent, but for whose it is."""
        now = fields.Datetime.now()
        at = fields.Datetime.to_string(proof.authenticated_at)
        return {
            "reference": reference_number(),
            "sender_id": asked.sender_id.id,
            "purpose_id": asked.purpose_id.id,
            "disclosure": asked.purpose_id.disclosure,
            "token_key": asked.token_key,
            "request_name": asked.name,
            "since": now,
            "until": until_of(now, asked.days),
            "state": State.ACTIVE.value,
            "text_version": VERSION,
            "text_hash": self._hash(lines),
            "text": "\n".join(f"{label}: {text}" for label, text in lines),
            "lang": self.env.lang or "en_US",
            "proof": f"acr={' '.join(proof.acr)} at={at}Z",
        }
