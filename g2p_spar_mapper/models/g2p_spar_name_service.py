import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError, seal, unseal

from ..core.name_check import (
    ANSWER_LIMIT,
    NameVerdict,
    read_answer,
    write_question,
)
from ..core.outgoing.errors import OutgoingError
from ..core.outgoing.place import PlaceError, read_place

SEALED_FOR = "name_service.token"
#: A person may be waiting for the answer.
SECONDS = 8


class G2PSparNameService(models.Model):
    """A service that says whether an account belongs to a name.

    The contract is docs/name-check.md.
    """

    _name = "g2p.spar.name.service"
    _description = "Service for Names of Account Holders"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    url = fields.Char("Address of the Service", required=True)
    # Without the last one it would be told of all accounts.
    provider_ids = fields.Many2many(
        "g2p.spar.provider",
        string="Knows Accounts At",
        ondelete="restrict",
        context={"active_test": False},
        help="None: all providers.",
    )
    token = fields.Char(
        "Access Token",
        compute="_compute_token",
        inverse="_inverse_token",
        store=False,
        help="Sent as a bearer token. It is kept sealed and never shown again.",
    )
    token_sealed = fields.Char(copy=False, groups=fields.NO_ACCESS)
    has_token = fields.Boolean(compute="_compute_has_token", compute_sudo=True)

    # === COMPUTE METHODS === #

    def _compute_token(self):
        self.token = False

    def _inverse_token(self):
        for service in self.filtered("token"):
            try:
                sealed = seal(service.token.encode(), SEALED_FOR)
            except SealError as error:
                raise UserError(str(error)) from error
            # Nobody may read or write the sealed text; this is the one way in.
            service.sudo().token_sealed = sealed
        self.invalidate_recordset(["token"])

    @api.depends("token_sealed")
    def _compute_has_token(self):
        for service in self:
            service.has_token = bool(service.token_sealed)

    # === CONSTRAINT METHODS === #

    @api.constrains("url")
    def _check_url(self):
        for service in self:
            try:
                read_place(service.url)
            except PlaceError as error:
                raise ValidationError(
                    self.env._("Write the whole address, such as https://…/check.")
                ) from error

    # === BUSINESS METHODS === #

    def _for_provider(self, provider_id):
        """Return the service that knows the accounts at a provider, if any."""
        knows_it = Domain("provider_ids", "in", [provider_id or 0])
        return self.search(Domain("provider_ids", "=", False) | knows_it, limit=1)

    def _ask(self, fa, name):
        """Ask the service; a service that cannot be reached decides nothing.

        :return: verdict and the service's number of the check
        """
        self.ensure_one()
        # The number is new for each question, so that nothing can be joined by it.
        reference = secrets.token_hex(8)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token_sealed:
            token = unseal(self.token_sealed, SEALED_FOR).decode()
            headers["Authorization"] = f"Bearer {token}"
        session = self.env["g2p.spar.outgoing"].session(
            total_seconds=SECONDS, body_limit=ANSWER_LIMIT
        )
        try:
            received = session.post(
                self.url, write_question(reference, fa, name), headers
            )
        except OutgoingError:
            return NameVerdict.NOT_POSSIBLE, ""
        return read_answer(received.status, received.body, reference)
