from enum import StrEnum
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.g2p_spar_fa_reference.core.reference import ParsedAddress
from odoo.addons.g2p_spar_mapper.core.state import is_live
from odoo.addons.g2p_spar_portal.core.digest import change_digest
from odoo.addons.g2p_spar_portal.core.person import from_epoch, keep_claims, write_id
from odoo.addons.g2p_spar_portal.models.audit import write_audit
from odoo.addons.g2p_spar_portal.models.change_words import CONSENT_VERSION

from ..const import AGENTS, HOME
from ..core.entry import TypedId, read_typed_id
from ..core.state import Event, Proof, State

#: IDs one agent may enter, codes one may try: in ten minutes, in a day.
_ENTRIES = (("agent_entry", 30, 600), ("agent_entries", 200, 24 * 3600))
_PAIRINGS = (("agent_pair", 5, 600),)
#: Captures on the first page.
_SHOWN = 10


class Verdict(StrEnum):
    """What became of a capture that was read back and sent."""

    ENDED = "ended"
    HANDED_OVER = "handed_over"
    BUSY = "busy"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_COMPLETE = "not_complete"


class Review(NamedTuple):
    """A capture as it is read back.

    :ivar present: the mapping whose account gets the money now; empty: none, or
        nobody who may be told of it is there
    :ivar digest: stands for exactly this change
    """

    present: models.BaseModel
    address: ParsedAddress
    digest: str


class G2PSparAgentDesk(models.AbstractModel):
    """What the pages of agents do.

    An agent has no right to the registry. Everything here is reached from a capture of
    the agent's own, and nothing is told of a person who has not logged in before it.
    """

    _name = "g2p.spar.agent.desk"
    _description = "Desk of Field Agents"

    # === THE AGENT === #

    @api.private
    def is_agent(self):
        """Tell whether the user works as a field agent."""
        return self.env.user.has_group(AGENTS)

    @api.private
    def device(self, token):
        """Return the device at which the agent sits, empty where it is not known.

        :param str token: the secret which the device keeps
        """
        # Agents have no right to devices; only their own is found, by its secret.
        device_sudo = self.env["g2p.spar.agent.device"].sudo()
        device_sudo = device_sudo._find(self.env.user, token)
        if device_sudo:
            device_sudo._see()
        return device_sudo

    @api.private
    def pair(self, code):
        """Pair the device with a code; return the secret it is to keep.

        :rtype: str | None
        """
        # Agents have no right to devices; the code names the one that is meant.
        devices_sudo = self.env["g2p.spar.agent.device"].sudo()
        token = devices_sudo._pair(self.env.user, code)
        self._audit("agent_pair", None, "paired" if token else "no_such_code")
        return token

    @api.private
    def is_too_often(self, is_pairing=False):
        """Count an ID that was entered, or a code; tell whether there were too many."""
        throttle = self.env["g2p.spar.throttle"]
        waits = [
            throttle.hit(kind, f"user {self.env.uid}", most, seconds)
            for kind, most, seconds in (_PAIRINGS if is_pairing else _ENTRIES)
        ]
        return any(waits)

    @api.private
    def latest(self):
        """Return the latest captures of this agent, as far as they got anywhere."""
        captures = self.env["g2p.spar.agent.capture"]
        mine = [
            ("user_id", "=", self.env.uid),
            ("state", "not in", ("draft", "proved")),
        ]
        return captures.search(mine, limit=_SHOWN)

    # === THE PERSON === #

    @api.private
    def id_types(self):
        """Return the kinds of ID to choose from, in their order.

        :rtype: g2p.spar.id.type
        """
        reference = self.env["g2p.spar.strategy"].get_reference()
        # What kinds of ID there are is on everybody's card.
        types_sudo = self.env["g2p.spar.id.type"].sudo()
        return types_sudo.browse(rule.id for rule in reference.id_types)

    @api.private
    def begin(self, device, type_id, text, name):
        """Begin a capture for a person.

        :param type_id: of the kind of ID, as the form sent it
        :param str text: the ID as typed; empty: the login will tell who it is
        :param str name: the person's name as typed, possibly empty
        :return: the capture, none where the text is no ID
        """
        typed_id = self._typed_id(type_id, text)
        if text.strip() and typed_id is None:
            return None
        # Agents write no captures themselves.
        captures_sudo = self.env["g2p.spar.agent.capture"].sudo()
        capture_sudo = captures_sudo._begin(self.env.user, device, name.strip())
        if typed_id:
            capture_sudo._set_id(typed_id)
        return capture_sudo

    def _typed_id(self, type_id, text) -> TypedId | None:
        chosen = self.id_types().filtered(lambda one: str(one.id) == str(type_id))
        if not chosen:
            return None
        reference = self.env["g2p.spar.strategy"].get_reference()
        return read_typed_id(reference, chosen.id, chosen.template, text)

    @api.private
    def open(self, token):
        """Return the agent's own capture of that token, possibly empty."""
        # Agents write no captures themselves; each is found as its agent's only.
        captures_sudo = self.env["g2p.spar.agent.capture"].sudo()
        return captures_sudo._find(self.env.user, token)

    # === PRESENCE === #

    @api.private
    def path_of(self, capture, step=""):
        """Return the address of a page of a capture."""
        return f"{HOME}/{capture.token}" + (f"/{step}" if step else "")

    @api.private
    def receipt_path(self, capture):
        """Return the address of the receipt of an own capture."""
        # The token is nobody's to read over RPC; the page is the agent's own.
        return self.path_of(capture.sudo(), "receipt")

    @api.private
    def take_login(self, attempt):
        """Take a login that just ended as the proof, if it is the person's.

        Who logged in gets no session, whatever becomes of the proof.

        :param Attempt attempt: one that succeeded, begun for a capture
        """
        token = attempt.taken.return_path.rpartition("/")[2]
        capture_sudo = self.open(token)
        if capture_sudo.state != State.DRAFT:
            return
        capture_sudo._take()
        shown = self._shown_id(attempt)
        if capture_sudo.id_key not in (False, shown.parsed.id_key):
            capture_sudo.login_problem = "other_person"
            self._audit("agent_proof", capture_sudo, "other_person")
            return
        self._prove(capture_sudo, attempt.verified, shown)

    def _prove(self, capture, verified, shown):
        name = keep_claims(verified.claims, verified.subject, "{sub}")["name"]
        if not capture.id_key:
            capture._set_id(shown)
        if name:
            capture._note({"name": name})
        capture._follow(
            Event.PROVE,
            proof=Proof.LOGIN,
            acr=" ".join(verified.acr),
            proved_at=from_epoch(verified.auth_time),
            login_problem=False,
        )
        self._audit("agent_proof", capture, "login")

    def _shown_id(self, attempt):
        """Return whose login it was, as the registry knows the person.

        :param Attempt attempt: one that succeeded: an ID can be made of its claims
        :rtype: TypedId
        """
        # What kind of ID a provider tells is no secret of the agent.
        provider_sudo = self.env["auth.oauth.provider"].sudo()
        id_type = provider_sudo.browse(attempt.taken.provider_id).spar_id_type_id
        verified = attempt.verified
        claims = keep_claims(verified.claims, verified.subject, id_type.template)
        reference = self.env["g2p.spar.strategy"].get_reference()
        text = write_id(id_type.template, claims["id"])
        return TypedId(text, reference.read_id(text))

    @api.private
    def take_photo(self, capture, raw):
        """Take a photo as the proof of presence.

        :param bytes raw: as the form sent it
        :raise UnfitPhoto: it cannot be taken
        """
        capture._take_photo(raw)
        self._audit("agent_proof", capture, "photo")

    # === THE ADDRESS === #

    @api.private
    def review(self, capture):
        """Return the capture as it is read back, none where it is not complete.

        :rtype: Review | None
        """
        address = capture._address()
        if address is None:
            return None
        mapping = capture._mapping()
        is_there = capture.proof == Proof.LOGIN and mapping
        present = is_there and is_live(mapping.effective_state)
        digest = change_digest(
            capture.id_key,
            mapping.version,
            mapping.fa_key or None,
            address.fa_key,
            CONSENT_VERSION,
        )
        return Review(mapping if present else mapping.browse(), address, digest)

    @api.private
    def send(self, capture, seen):
        """The agent read the account back and the person agreed.

        :param str seen: digest of what the page showed, as the form sent it
        :rtype: Verdict
        """
        capture._take()
        review = self.review(capture)
        if review is None:
            return Verdict.NOT_COMPLETE
        if seen != review.digest:
            return Verdict.CHANGED_MEANWHILE
        if capture.proof == Proof.PHOTO:
            return self._hand_over(capture, review)
        return self._let_write(capture)

    def _hand_over(self, capture, review):
        """Leave a capture to an officer, who looks at the photo."""
        ending = capture._end()
        version = capture._mapping().version
        capture._note({"fa": review.address.fa_value, "version": version})
        capture._follow(Event.HAND_OVER, fa_masked=ending["fa_masked"])
        self._audit("agent_capture", capture, "handed_over")
        return Verdict.HANDED_OVER

    def _let_write(self, capture):
        # An agent has no right to the registry; the person agreed before this device.
        mapper_sudo = self.env["g2p.spar.mapper"].sudo()
        at = fields.Datetime.to_string(capture.proved_at)
        evidence = f"consent:{CONSENT_VERSION} login acr={capture.acr} at={at}Z"
        outcome = capture._send(mapper_sudo, evidence)
        self._audit("agent_capture", capture, outcome.cause.name)
        return Verdict.ENDED if capture._conclude(outcome) else Verdict.BUSY

    def _audit(self, event, capture, code):
        facts = {"user": self.env.uid, "code": code}
        if capture:
            facts |= {
                "reference": capture.reference,
                "device": capture.device_id.device_id,
            }
        write_audit(event, None, **facts)
