from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.models.messages import SENTENCES
from odoo.addons.g2p_spar_portal.models.audit import write_audit

from ..const import OFFICERS
from ..core.state import Event, State


class G2PSparAgentCapture(models.Model):
    """An officer looks at the photo beside the data, and decides."""

    _inherit = "g2p.spar.agent.capture"

    decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, ondelete="restrict"
    )
    decision = fields.Char("Why It Was Refused", readonly=True)
    answer = fields.Char("Answer of the Registry", compute="_compute_answer")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends("state", "cause")
    @api.depends_context("lang")
    def _compute_answer(self):
        for capture in self:
            # The code alone says nothing of anybody; agents read it in words.
            cause = capture.sudo().cause
            is_told = capture.state in ("waits", "refused") and not capture.decision
            capture.answer = self.env._(SENTENCES[Cause(cause)]) if is_told else False

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for capture in self:
            capture.is_mine = capture.user_id == self.env.user

    # === ACTIONS === #

    def action_approve(self):
        """The person is the one on the photo: let the registry write the address.

        The registry takes it as this officer's own step, so where a policy wants two
        people, another officer has to agree.

        :raise UserError: it was decided, the person was changed since, or is worked on
        """
        capture_sudo = self._to_decide()
        capture_sudo._check_still_meant()
        mapper = self.env["g2p.spar.mapper"]
        outcome = capture_sudo._send(mapper, capture_sudo._evidence_of_photo())
        if not capture_sudo._conclude(outcome, decided_by_id=self.env.uid):
            raise UserError(self.env._(SENTENCES[outcome.cause]))
        self._note_decision(outcome.cause.name)

    def action_open_refusal(self):
        """Ask why, before a capture is refused."""
        self._to_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the capture"),
            "res_model": "g2p.spar.agent.refusal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_capture_id": self.id},
        }

    @api.private
    def refuse(self, reason):
        """Refuse a capture; the registry hears nothing of it.

        :param str reason: in words, for the agent
        :raise UserError: no reason, or it was decided
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the agent tells the person."))
        capture_sudo = self._to_decide()
        capture_sudo._follow(
            Event.REFUSE,
            decision=reason,
            decided_by_id=self.env.uid,
            **capture_sudo._end(),
        )
        self._note_decision("refused")

    # === BUSINESS METHODS === #

    def _to_decide(self):
        """Return the capture to be decided by this user now.

        :raise AccessError: it is not this user's to decide
        :raise UserError: it was decided, or is not complete
        """
        self.ensure_one()
        if not self.env.user.has_group(OFFICERS):
            raise AccessError(self.env._("Only officers look at captures."))
        self.check_access("read")
        if self.user_id == self.env.user:
            raise AccessError(self.env._("Somebody else has to look at your capture."))
        # The right was checked; captures are nobody's to write.
        capture_sudo = self.sudo()
        capture_sudo._take()
        capture_sudo.invalidate_recordset()
        if capture_sudo.state != State.APPROVAL:
            raise UserError(self.env._("Nothing is to be decided here any more."))
        return capture_sudo

    def _check_still_meant(self):
        """Refuse to write what the person did not agree to, as things are by now.

        :raise UserError: the registry changed the person after the capture, or the
            account would not be the one that was read back
        """
        kept, address = self._kept(), self._address()
        if address is None or address.fa_value != kept["fa"]:
            raise UserError(
                self.env._(
                    "The account can no longer be written as it was read back: the"
                    " reference data were changed. Refuse the capture, and have it"
                    " taken down anew."
                )
            )
        if kept.get("version") != self._mapping().version:
            raise UserError(
                self.env._(
                    "The registry changed this person after the capture: what was"
                    " taken down before does not overwrite it. Refuse the capture, and"
                    " have the person asked which is right."
                )
            )

    def _evidence_of_photo(self):
        return f"photo sha256:{self.photo_digest[:16]}"

    def _note_decision(self, code):
        write_audit(
            "agent_decision",
            None,
            user=self.env.uid,
            reference=self.reference,
            code=code,
        )
