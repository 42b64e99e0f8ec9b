import json
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.mask import mask_address, mask_id
from odoo.addons.g2p_spar_fa_reference.core.seal import seal, unseal
from odoo.addons.g2p_spar_mapper.core.commands import LinkItem, Origin
from odoo.addons.g2p_spar_mapper.core.fields import clean_name
from odoo.addons.g2p_spar_mapper.core.state import is_live
from odoo.addons.g2p_spar_portal.core.change import Choice, parts_of
from odoo.addons.g2p_spar_portal.core.reference_number import reference_number

from ..const import OFFICERS, STATES
from ..core.state import ENDS, Event, State, event_of, follow

#: How long a capture may be typed; so long a proof is good.
LIFE = timedelta(minutes=30)
_PURPOSE = "agent capture"
_TOKEN_BYTES = 18


class G2PSparAgentCapture(models.Model):
    """An address that an agent took down, with the proof that the person was there.

    What was typed is sealed, and forgotten once the registry has it. Nobody writes it
    over RPC: pages come here through ``g2p.spar.agent.desk``, officers decide by the
    buttons of the review. It serves the pages of accounts as their draft.
    """

    _name = "g2p.spar.agent.capture"
    _description = "Capture by a Field Agent"
    _order = "id desc"
    _rec_name = "reference"

    # === FIELDS === #

    reference = fields.Char("Receipt Number", required=True, readonly=True)
    token = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    user_id = fields.Many2one(
        "res.users", string="Agent", required=True, readonly=True, ondelete="restrict"
    )
    device_id = fields.Many2one(
        "g2p.spar.agent.device",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="draft")
    proof = fields.Selection(
        [("login", "Login of the person"), ("photo", "Photo")], readonly=True
    )
    acr = fields.Char("Kind of Login", readonly=True, help="As the provider calls it.")
    proved_at = fields.Datetime("Proved on", readonly=True)
    login_problem = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    id_type_id = fields.Many2one(
        "g2p.spar.id.type", "ID Type", readonly=True, ondelete="restrict"
    )
    id_masked = fields.Char("Person's ID (masked)", readonly=True)
    id_key = fields.Char(readonly=True, groups=fields.NO_ACCESS, index="btree_not_null")
    fa_type_id = fields.Many2one(
        "g2p.spar.fa.type", "Address Type", readonly=True, ondelete="restrict"
    )
    fa_masked = fields.Char("Address (masked)", readonly=True)
    sealed = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    id_value = fields.Char(
        "Person's ID", compute="_compute_typed", compute_sudo=True, groups=OFFICERS
    )
    person_name = fields.Char(
        "Name", compute="_compute_typed", compute_sudo=True, groups=OFFICERS
    )
    fa_value = fields.Char(
        "Address", compute="_compute_typed", compute_sudo=True, groups=OFFICERS
    )
    cause = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
    due_at = fields.Datetime("Change Is Due", readonly=True)
    ended_at = fields.Datetime("Ended on", readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True, groups=fields.NO_ACCESS)

    # === CONSTRAINTS AND INDEXES === #

    _token_uniq = models.UniqueIndex("(token)", "This token is taken.")
    _reference_uniq = models.UniqueIndex("(reference)", "This number is taken.")
    _mine_idx = models.Index("(user_id, id DESC)")
    _state_idx = models.Index("(state) WHERE state IN ('draft', 'proved', 'approval')")

    # === COMPUTE METHODS === #

    @api.depends("sealed")
    def _compute_typed(self):
        for capture in self:
            kept = capture._kept()
            capture.id_value = kept.get("id")
            capture.person_name = kept.get("name")
            capture.fa_value = kept.get("fa")

    # === WHAT IS TYPED === #

    @api.model
    def _begin(self, user, device, name):
        """Begin a capture.

        :param str name: of the person as typed, possibly empty
        """
        capture = self.create(
            {
                "reference": reference_number(),
                "token": secrets.token_urlsafe(_TOKEN_BYTES),
                "user_id": user.id,
                "device_id": device.id,
                "expires_at": fields.Datetime.now() + LIFE,
            }
        )
        capture._note({"name": name})
        return capture

    def _set_id(self, typed_id):
        """Keep whose capture it is.

        :param TypedId typed_id: the person's ID
        """
        self._note({"id": typed_id.text})
        self.write(
            {
                "id_type_id": typed_id.parsed.id_type_id,
                "id_key": typed_id.parsed.id_key,
                "id_masked": mask_id(typed_id.text),
            }
        )

    def _find(self, user, token):
        """Return an agent's own capture, if it ended or is not too old.

        Somebody else's is not told from one that never was.
        """
        return self.search(
            [
                ("token", "=", token),
                ("user_id", "=", user.id),
                "|",
                ("state", "not in", ("draft", "proved")),
                ("expires_at", ">", fields.Datetime.now()),
            ],
            limit=1,
        )

    def _kept(self):
        """Return what was typed so far; nothing once it ended."""
        return json.loads(unseal(self.sealed, _PURPOSE)) if self.sealed else {}

    def _note(self, values):
        """Keep something that was typed."""
        kept = json.dumps({**self._kept(), **values})
        self.sealed = seal(kept.encode(), _PURPOSE)

    def _choice(self):
        """Return what was chosen and typed of the address.

        :rtype: Choice
        """
        choice = self._kept().get("choice")
        return Choice.load(choice) if choice else Choice()

    def _keep(self, choice):
        """Keep what was chosen of the address."""
        self._note({"choice": choice.dump()})

    def _choose_type(self, fa_type):
        """Keep the type of address; with another one all else is chosen anew."""
        if self.fa_type_id.id != fa_type.id:
            self.fa_type_id = fa_type.id
            self._keep(Choice())

    # === WHAT BECOMES OF IT === #

    def _follow(self, event, **values):
        """Let something happen to the capture.

        :raise NotPossible: not in this state
        """
        proof = values.get("proof") or self.proof
        self.write({**values, "state": follow(self.state, event, proof)})

    def _take(self):
        """Let no other request of this capture go on beside this one.

        PostgreSQL refuses the other one, which is meant and no fault: Odoo runs it
        again, and it sees what this one did. So a double click is harmless.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE g2p_spar_agent_capture SET state = state WHERE id = %s",
                self.id,
            ),
            log_exceptions=False,
        )

    def _mapping(self):
        """Return what the registry has of the person, possibly nothing."""
        return self.env["g2p.spar.mapping"].search([("id_key", "=", self.id_key)])

    def _address(self):
        """Return the new address, none where it cannot be written any more.

        :rtype: ParsedAddress | None
        """
        form = self.env["g2p.spar.change.form"]
        way = form.resume(self)
        try:
            return way and form.address(way.fa_type, way.choice)
        except AddressError:
            return None

    def _send(self, mapper, evidence):
        """Let the registry write the address.

        :param mapper: the service, with the rights of whoever answers for it
        :param str evidence: what the history says of the proof
        :rtype: Outcome
        """
        kept = self._kept()
        mapping = self._mapping()
        has_account = mapping and is_live(mapping.effective_state)
        verb = mapper.update if has_account else mapper.link
        fa_type = self.fa_type_id
        rule = self.env["g2p.spar.change.form"].find_type(fa_type.code)
        item = LinkItem(
            self.reference,
            kept["id"],
            name=_clean_name(kept.get("name")),
            fa_parts=rule and parts_of(rule, self._choice()),
            fa_type=fa_type.code,
        )
        return verb([item], self._make_origin(evidence))[0]

    def _make_origin(self, evidence):
        return Origin(
            channel="agent",
            sender=f"{self.user_id.login} {self.device_id.device_id}",
            transaction_id=self.reference,
            reason="Taken down by a field agent",
            evidence=evidence,
        )

    def _conclude(self, outcome, **values):
        """Note what the registry made of it, and forget what was typed.

        :return: whether anything was decided
        """
        event = event_of(outcome.cause, outcome.succeeded)
        if event is None:
            return False
        self._follow(
            event,
            cause=int(outcome.cause),
            due_at=outcome.due_at or False,
            **self._end(),
            **values,
        )
        if event != Event.REFUSE:
            self.env["g2p.spar.notice"].wake()
        return True

    def _end(self):
        """Return what is kept of the address at the end: masked."""
        address = self._address()
        return {
            "fa_masked": mask_address(address.fa_value) if address else self.fa_masked,
            "sealed": False,
            "ended_at": fields.Datetime.now(),
        }

    def _give_up(self):
        """End what is not decided: the person will not be known any more.

        :return: the captures that are left; those only begun are gone
        """
        begun = self.filtered(lambda one: one.state in (State.DRAFT, State.PROVED))
        for capture in self.filtered(lambda one: one.state == State.APPROVAL):
            capture._take()
            capture._follow(Event.REFUSE, **capture._end())
        begun.unlink()
        return self - begun

    @api.autovacuum
    def _gc(self):
        """Delete captures nobody finished, and what was typed in them."""
        self.search(
            [
                ("state", "not in", [*map(str, ENDS), "approval"]),
                ("expires_at", "<=", fields.Datetime.now()),
            ]
        ).unlink()


def _clean_name(name):
    """Return a name as the registry takes it, none when it cannot."""
    try:
        return clean_name(name or None)
    except ValueError:
        return None
