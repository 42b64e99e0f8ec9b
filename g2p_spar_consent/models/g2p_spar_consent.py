from collections.abc import Iterable

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.mask import mask_id
from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash
from odoo.addons.g2p_spar_mapper.core.sandbox import bare

from ..const import DISCLOSURES, STATES
from ..core.consent import Consent, weaker

#: The purpose of a consent ``c``, as ``p``: one that was archived or taken from the
#: application is not found.
PURPOSE = SQL(
    """
    JOIN g2p_spar_purpose p ON p.id = c.purpose_id AND p.active
    JOIN g2p_spar_purpose_g2p_spar_sender_rel r
        ON r.g2p_spar_purpose_id = p.id AND r.g2p_spar_sender_id = c.sender_id
    """
)


class G2PSparConsent(models.Model):
    """What one person allowed one application, and until when.

    The application's name for the person is kept as a keyed hash only, so that a copy
    of the database leads nobody from the one to the other, and is deleted when the
    consent ends: what stays is a receipt, which links nobody to anybody. Written by
    this addon alone; what was agreed to is never changed afterwards.
    """

    _name = "g2p.spar.consent"
    _description = "Consent"
    _order = "id desc"
    _rec_name = "reference"
    _log_access = False

    # === FIELDS === #

    reference = fields.Char("Number", required=True, readonly=True)
    sender_id = fields.Many2one(
        "g2p.spar.sender",
        "Application",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    purpose_id = fields.Many2one(
        "g2p.spar.purpose", required=True, readonly=True, ondelete="restrict"
    )
    disclosure = fields.Selection(
        DISCLOSURES, "The Application Is Told", required=True, readonly=True
    )
    # The link itself: there as long as the consent is.
    token_key = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    request_name = fields.Char("Name of the Request", required=True, readonly=True)
    id_key = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    # compute_sudo: the masked form exists for those who may not read the whole.
    person_masked = fields.Char(
        "Person", compute="_compute_person_masked", compute_sudo=True
    )
    since = fields.Datetime(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)
    last_used_at = fields.Datetime(
        "Last Used On", readonly=True, help="Known a few minutes after the question."
    )
    state = fields.Selection(STATES, required=True, readonly=True)
    ended_at = fields.Datetime("Ended On", readonly=True)
    text_version = fields.Char("Version of the Words", required=True, readonly=True)
    text_hash = fields.Char("SHA-256 of the Words", required=True, readonly=True)
    text = fields.Text("What the Person Read", required=True, readonly=True)
    lang = fields.Char("Language", required=True, readonly=True)
    proof = fields.Char("Proof of Identity", required=True, readonly=True)

    # === CONSTRAINTS AND INDEXES === #

    _reference_uniq = models.UniqueIndex("(reference)")
    _live_uniq = models.UniqueIndex(
        "(sender_id, token_key) WHERE state = 'active'",
        "This application asks by this name about a person already.",
    )
    _link_of_live = models.Constraint(
        "CHECK ((state = 'active') = (token_key IS NOT NULL))",
        "A consent links an application and a person as long as it is valid.",
    )
    _person_idx = models.Index("(id_key)")
    _until_idx = models.Index("(until) WHERE state = 'active'")

    # === COMPUTE METHODS === #

    @api.depends("id_key")
    def _compute_person_masked(self):
        for consent in self:
            consent.person_masked = mask_id(bare(consent.id_key or ""))

    # === READING === #

    @api.private
    def find(self, sender_id: int, tokens: Iterable[str]) -> dict[str, Consent]:
        """Return the consents that an application's names lead to: one statement.

        A purpose that tells less by now counts at once. Whether one is valid and
        covers a question is judged by ``core.consent``.

        :param sender_id: database id of the application
        :return: by name of the person; what is not there leads nowhere
        """
        by_key = {token_key(sender_id, token): token for token in tokens}
        for model in ("consent", "purpose", "sender"):
            self.env[f"g2p.spar.{model}"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.token_key, c.id, c.id_key, p.code, c.disclosure,
                    p.disclosure, c.since, c.until
                FROM g2p_spar_consent c %s
                WHERE c.sender_id = %s AND c.state = 'active'
                    AND c.token_key = ANY(%s)
                """,
                PURPOSE,
                sender_id,
                list(by_key),
            )
        )
        return {by_key[key]: _to_consent(*row) for key, *row in rows}


def token_key(sender_id: int, token: str) -> str:
    """Return the keyed hash of an application's name for a person.

    The same name of two applications gives two keys.

    :raise SealError: the server has no key
    """
    return keyed_hash(f"{sender_id}\n{token}", "consent token")


def _to_consent(record_id, id_key, purpose, agreed, now, since, until) -> Consent:
    return Consent(record_id, id_key, purpose, weaker(agreed, now), since, until)
