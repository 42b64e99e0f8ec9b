from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from odoo.addons.g2p_spar_mapper.const import WHOLE_NUMBERS
from odoo.addons.g2p_spar_mapper.core.commands import (
    Origin,
    Outcome,
    StepItem,
    StoredKey,
)
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.models.guarded_many2one import GuardedMany2one
from odoo.addons.g2p_spar_mapper.models.messages import sentence_of

_OFFICER = "g2p_spar_mapper.group_officer"
_MANAGER = "g2p_spar_mapper.group_manager"
#: What whoever asks says; all else is noted by the system.
_SAID = {"kind", "mapping_id", "reason"}


class G2PSparDataRequest(models.Model):
    """What a person asked for about their data, who carried it out, and why.

    An officer writes down that somebody wants to know what is kept, or wants it
    erased. A list of it is fetched once, by who asked for it. An erasure is done by a
    manager who is somebody else. Nobody changes or deletes a request, so that each
    look at a whole life and each erasure is known for ever.
    """

    _name = "g2p.spar.data.request"
    _description = "Request About Personal Data"
    _order = "id desc"
    _rec_name = "requested_at"
    _log_access = False

    # === FIELDS === #

    kind = fields.Selection(
        [
            ("export", "Tell what is kept"),
            ("erasure", "Erase what is kept"),
        ],
        "What Was Asked",
        required=True,
        default="export",
    )
    mapping_id = GuardedMany2one("g2p.spar.mapping", "Linked ID", required=True)
    reason = fields.Char(
        "Why",
        required=True,
        help="Where the person asked, and which law it is by. Write no name and no"
        " number here: it is kept.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waits"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    requested_at = fields.Datetime("Asked On", required=True, readonly=True)
    user_id = GuardedMany2one("res.users", "Asked By", required=True, readonly=True)
    decided_at = fields.Datetime("Done On", readonly=True)
    decided_by_id = GuardedMany2one("res.users", "Done By", readonly=True)
    is_mine = fields.Boolean("Asked by Me", compute="_compute_is_mine")

    # === COMPUTE METHODS === #

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for request in self:
            request.is_mine = request.user_id == self.env.user

    @api.depends("requested_at")
    @api.depends_context("lang", "uid")
    def _compute_display_name(self):
        for request in self:
            request.display_name = format_datetime(self.env, request.requested_at)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note who asks for what.

        :raise AccessError: the user may not see whole numbers
        :raise UserError: no reason, or the same was asked for already
        """
        self._check_group(_OFFICER)
        # All of it: for what is left out, defaults of the context would count.
        noted = {
            "state": "waiting",
            "user_id": self.env.uid,
            "requested_at": fields.Datetime.now(),
            "decided_at": False,
            "decided_by_id": False,
        }
        kept = [
            {name: vals[name] for name in vals.keys() & _SAID} | noted
            for vals in vals_list
        ]
        requests = super().create(kept)
        for request in requests:
            request._check_sensible()
        return requests

    def write(self, vals):
        """Refused, for everybody: requests are decided with their buttons.

        :raise AccessError: unless the system notes what was decided
        """
        if not self.env.su:
            raise AccessError(self._closed_door())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self._closed_door())

    def _closed_door(self):
        return self.env._("Requests about personal data are kept as they are.")

    def _check_sensible(self):
        """Refuse a request that says nothing, or that waits already."""
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why, and by which law."))
        if self.mapping_id.is_sandbox:
            raise UserError(self.env._("In a sandbox there are no persons."))
        waiting = [
            ("mapping_id", "=", self.mapping_id.id),
            ("kind", "=", "erasure"),
            ("state", "=", "waiting"),
            ("id", "!=", self.id),
        ]
        if self.kind == "erasure" and self.search_count(waiting, limit=1):
            raise UserError(
                self.env._("The erasure of this person was asked for already.")
            )

    # === ACTION METHODS === #

    def action_erase(self):
        """Erase the person: the second pair of eyes.

        :raise AccessError: the user is no manager, or asked for it
        :raise UserError: the person's data are needed still
        """
        self._check_decider()
        origin = Origin("staff", reason=self.reason, evidence=f"request {self.id}")
        # Only the key leads the service to an ID that was kept as a hash.
        key = StoredKey(self.sudo().mapping_id.id_key)
        item = StepItem(str(self.id), key)
        [outcome] = self.env["g2p.spar.mapper"].erase([item], origin)
        if outcome.cause != Cause.DONE:
            raise UserError(self._say_refusal(outcome.cause))
        self._note("done")

    def action_refuse(self):
        """Do not erase the person, as a law wants the data kept."""
        self._check_decider()
        self._note("refused")

    def action_download(self):
        """Fetch what is kept of the person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/spar/person/{self.id}.json",
            "target": "download",
        }

    def action_print(self):
        """Open what is kept of the person as a page to print."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/spar/person/{self.id}.html",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _check_group(self, group):
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._("You have no right to whole personal data of others.")
            )

    def _check_decider(self):
        """Refuse everybody but a manager who did not ask."""
        self.ensure_one()
        self._check_group(_MANAGER)
        self.check_access("read")
        if self.kind != "erasure" or self.state != "waiting":
            raise UserError(self.env._("Nothing waits to be decided here."))
        if self.user_id == self.env.user:
            raise AccessError(
                self.env._("You asked for it yourself: somebody else has to decide.")
            )

    def _say_refusal(self, cause):
        if cause in (Cause.PROTECTED, Cause.CHANGE_WAITS):
            return self.env._(
                "The data are needed still: the link is on hold or disputed, or a"
                " change waits. Decide about that first."
            )
        return sentence_of(self.env, Outcome(cause))

    def _note(self, state):
        """Note what became of it."""
        # Nobody may write requests: this is the system's.
        self.sudo().write(
            {
                "state": state,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )

    @api.private
    def name_kept(self, kept: dict[str, list[dict]]) -> list[tuple]:
        """Name what :meth:`collect` returned as screens do, in the user's language.

        :return: title, labels by field and rows of everything that is not empty
        """
        # Only names of tables and fields are read, whatever rights they have.
        data_sudo = self.env["g2p.spar.personal.data"].sudo()
        models_sudo = data_sudo.env["ir.model"]
        named = []
        for name, model in data_sudo._kinds().items():
            if rows := kept.get(name):
                fields_sudo = data_sudo.env[model].fields_get(attributes=["string"])
                labels = {one: said["string"] for one, said in fields_sudo.items()}
                named.append((models_sudo._get(model).name, labels, rows))
        return named

    @api.private
    def collect(self) -> dict[str, list[dict]]:
        """Return what is kept of the person, once, to who asked for it.

        :return: rows by the name of what they are
        :raise AccessError: another one asked, or the right is gone
        :raise UserError: it was fetched already
        """
        self.ensure_one()
        self._check_group(WHOLE_NUMBERS)
        self.check_access("read")
        if self.user_id != self.env.user or self.kind != "export":
            raise AccessError(self.env._("Somebody else asked for this."))
        if self.state != "waiting":
            raise UserError(
                self.env._("This was fetched already. Ask again, with a reason.")
            )
        self._note("done")
        # The right to whole numbers was checked; other tables have rights of theirs.
        data_sudo = self.env["g2p.spar.personal.data"].sudo()
        return data_sudo._collect(self.mapping_id.with_env(data_sudo.env))
