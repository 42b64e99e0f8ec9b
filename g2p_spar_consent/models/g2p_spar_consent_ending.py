import uuid
from datetime import datetime, timezone

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_portal.models.audit import write_audit

from ..core.consent import State
from ..core.event import OPERATION, Ended, event_body

#: Consents that are ended and told of together.
PAGE = 500
_MANAGER = "g2p_spar_mapper.group_manager"


class G2PSparConsent(models.Model):
    """How a consent ends: by the person, by its time, by a new one, by the office.

    From that moment on it leads nowhere: the link is deleted. The application is told
    at its registered address, the person by a notice.
    """

    _inherit = "g2p.spar.consent"

    # === ACTIONS === #

    def action_withdraw(self):
        """End consents for people who ask the office to.

        :raise AccessError: the user is no manager
        """
        if not self.env.user.has_group(_MANAGER):
            raise AccessError(self.env._("Only managers of the registry end consents."))
        self.check_access("read")
        # Nobody may write consents; this only ends them.
        live_sudo = self.sudo().filtered(lambda one: one.state == State.ACTIVE)
        live_sudo._end(State.WITHDRAWN)
        for reference in live_sudo.mapped("reference"):
            # The consent itself does not say who ended it.
            write_audit(
                "consent_withdraw", None, user=self.env.uid, reference=reference
            )

    # === JOBS === #

    def _cron_expire(self):
        """End what is over, page by page; a page that was told is committed."""
        while self._expire_page():
            self.env["ir.cron"]._commit_progress(1)

    def _expire_page(self) -> int:
        """End some consents whose time is over. :return: how many"""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE g2p_spar_consent
                SET state = 'expired', ended_at = until, token_key = NULL
                WHERE id IN (
                    SELECT id FROM g2p_spar_consent
                    WHERE state = 'active' AND until <= %s
                    ORDER BY until LIMIT %s FOR UPDATE SKIP LOCKED
                ) RETURNING id
                """,
                fields.Datetime.now(),
                PAGE,
            )
        )
        self.invalidate_model(["state", "ended_at", "token_key"], flush=False)
        self.browse([row[0] for row in rows])._tell_end()
        return len(rows)

    # === BUSINESS METHODS === #

    def _end(self, state: State) -> None:
        """End the valid ones among these consents now; ended ones stay as they are."""
        live = self.filtered(lambda one: one.state == State.ACTIVE)
        ended = {"state": state.value, "ended_at": fields.Datetime.now()}
        live.write({**ended, "token_key": False})
        live._tell_end()

    def _tell_end(self) -> None:
        """Tell applications and people that these consents are over."""
        for sender, consents in self.grouped("sender_id").items():
            consents._tell_application(sender)
        for state, consents in self.grouped("state").items():
            # Who agrees anew is told of that, not of the end of the former.
            if state != State.REPLACED:
                self.env["g2p.spar.notice"]._tell_consents(consents)

    def _tell_application(self, sender) -> None:
        """Post the end of consents to the address registered for an application."""
        facts = self.env["g2p.spar.sender"].get_facts(sender.client_id)
        if not facts.callback.url:
            return
        ended = [
            Ended(one.reference, one.request_name, one.state, _aware(one.ended_at))
            for one in self
        ]
        correlation_id = str(uuid.uuid4())
        now = datetime.now(timezone.utc)
        body = event_body(ended, facts.sender_id, correlation_id, now)
        self.env["g2p.spar.delivery"].post(facts, OPERATION, body, correlation_id)


def _aware(moment: datetime) -> datetime:
    """Return a naive UTC moment with its zone."""
    return moment.replace(tzinfo=timezone.utc)
