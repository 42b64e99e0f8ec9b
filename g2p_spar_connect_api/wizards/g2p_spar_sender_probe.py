import uuid
from datetime import datetime, timezone

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError
from odoo.addons.g2p_spar_mapper.core.outgoing.place import PlaceError

from ..core.asynchronous.callback import find_target
from ..core.asynchronous.status import ACTION
from ..core.errors import Refusal
from ..core.json_body import write_body
from ..core.probe import (
    Step,
    judge_failure,
    judge_status,
    kind_of_status,
    write_probe,
)
from ..http import JSON_TYPE

_LIMITS = {"connect_seconds": 3, "read_seconds": 5, "total_seconds": 10}


class G2PSparSenderProbe(models.TransientModel):
    """The report of a test of the connection to a partner."""

    _name = "g2p.spar.sender.probe"
    _description = "Test of the Connection to a Partner"

    sender_id = fields.Many2one("g2p.spar.sender", "Partner", readonly=True)
    url = fields.Char("Sent To", readonly=True)
    is_good = fields.Boolean(readonly=True)
    conclusion = fields.Text("What This Means", readonly=True)
    line_ids = fields.One2many(
        "g2p.spar.sender.probe.line", "probe_id", "Steps", readonly=True
    )

    @api.private
    def run(self, sender):
        """Post a probe to a partner and report how it went.

        :param sender: the partner, with a callback address
        :return: the report
        """
        facts = self.env["g2p.spar.sender"].get_facts(sender.client_id)
        try:
            url = find_target(ACTION, None, facts.callback.url)
            raw, headers = self._write(facts)
        except (PlaceError, Refusal) as error:
            return self._report(
                sender, "", judge_failure("address_invalid"), str(error)
            )
        session = self.env["g2p.spar.outgoing"].session(**_LIMITS)
        try:
            received = session.post(url, raw, headers)
        except OutgoingError as error:
            return self._report(sender, url, judge_failure(error.code), error.sentence)
        return self._report(
            sender,
            url,
            judge_status(received.status),
            self._say_status(received.status, round(received.seconds * 1000)),
        )

    def _write(self, facts):
        """Return body and headers of a probe, closed and signed like a callback."""
        now, name = datetime.now(timezone.utc), uuid.uuid4().hex[:12]
        body = write_probe(facts.sender_id, name, now)
        raw = write_body(self.env["g2p.spar.cipher"].close(facts, body))
        signature = self.env["g2p.spar.signer"].sign_always(raw, facts)
        return raw, {"Content-Type": JSON_TYPE, **signature}

    def _say_status(self, status: int, ms: int) -> str:
        """Say in plain words what an answer means and what to do."""
        words = {
            "good": self.env._("The partner's server took the callback."),
            "denied": self.env._(
                "The server wants a proof that it does not find. Callbacks carry no"
                " password: ask the partner to verify our signature, in the header"
                " Signature, with the keys at /spar/v1/oauth2/jwks.json."
            ),
            "missing": self.env._(
                "The server answers, but takes nothing at this address. Check the"
                " callback address with the partner."
            ),
            "refused": self.env._(
                "The server read the message and refused it. Ask the partner to look"
                " into its log for the message ID that begins with probe-."
            ),
            "fault": self.env._(
                "The server has a fault of its own. Ask the partner to look into its"
                " log, then test again."
            ),
        }
        return self.env._(
            "HTTP %(status)s after %(ms)s milliseconds. %(words)s",
            status=status,
            ms=ms,
            words=words[kind_of_status(status)],
        )

    def _report(self, sender, url, findings, conclusion):
        states = {True: "good", False: "bad", None: "open"}
        is_plain = url.startswith("http:")
        return self.create(
            {
                "sender_id": sender.id,
                "url": url,
                "is_good": all(one.is_good for one in findings),
                "conclusion": conclusion,
                "line_ids": [
                    Command.create({"step": one.step, "state": states[one.is_good]})
                    for one in findings
                    if not (is_plain and one.step is Step.TLS)
                ],
            }
        )

    def action_again(self):
        """Test once more."""
        self.ensure_one()
        return self.sender_id.action_test_connection()


class G2PSparSender(models.Model):
    _inherit = "g2p.spar.sender"

    def action_test_connection(self):
        """Post a probe to the callback address and show how it went."""
        self.ensure_one()
        self._check_administrator()
        if not self.callback_url:
            raise UserError(
                self.env._("Register a callback address first, then test it.")
            )
        probe = self.env["g2p.spar.sender.probe"].run(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test of the Connection"),
            "res_model": probe._name,
            "res_id": probe.id,
            "view_mode": "form",
            "target": "new",
        }
