import json
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.seal import seal, unseal

from ..core.change import Choice

LIFE = timedelta(minutes=30)
#: Changes one person can have begun at once, in several tabs; the oldest ones go.
MOST_OPEN = 5
_PURPOSE = "portal change draft"
_TOKEN_BYTES = 18


class G2PSparChangeDraft(models.Model):
    """A change of account that a person has begun, in one tab of the browser.

    It keeps between the pages what was chosen and typed, sealed, so that no number
    travels in hidden fields and nothing a browser sends can change it. It belongs to
    one identity, ends after half an hour, and becomes a change once at most: what
    became of it is noted here, and every later request is shown the same.

    Nobody has rights to it: pages come here through ``g2p.spar.change``.
    """

    _name = "g2p.spar.change.draft"
    _description = "Change of account being typed"
    _log_access = False
    _rec_name = "reference"

    # === FIELDS === #

    token = fields.Char(required=True, readonly=True)
    identity_id = fields.Many2one(
        "g2p.spar.identity",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    fa_type_id = fields.Many2one(
        "g2p.spar.fa.type", required=True, readonly=True, ondelete="cascade"
    )
    sealed = fields.Text(required=True, readonly=True)
    digest = fields.Char(readonly=True)
    consent_version = fields.Char(readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="open",
    )
    reference = fields.Char(readonly=True)
    cause = fields.Integer(readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True)

    # === CONSTRAINTS AND INDEXES === #

    _token_uniq = models.UniqueIndex("(token)", "This token is taken.")
    _expires_at_idx = models.Index("(expires_at)")

    # === BUSINESS METHODS === #

    @api.model
    def _begin(self, identity_id, fa_type_id):
        """Begin a change.

        :param int identity_id: whose
        :param int fa_type_id: the type of address that was chosen
        """
        mine = self.search([("identity_id", "=", identity_id)], order="id desc")
        mine.filtered(lambda draft: draft.state == "open")[MOST_OPEN - 1 :].unlink()
        return self.create(
            {
                "token": secrets.token_urlsafe(_TOKEN_BYTES),
                "identity_id": identity_id,
                "fa_type_id": fa_type_id,
                "sealed": self._seal(Choice()),
                "expires_at": fields.Datetime.now() + LIFE,
            }
        )

    @api.model
    def _find(self, identity_id, token):
        """Return the draft of that token, if it is this identity's and not too old.

        Somebody else's is not told from one that never was.
        """
        return self.search_fetch(
            [
                ("token", "=", token),
                ("identity_id", "=", identity_id),
                ("expires_at", ">", fields.Datetime.now()),
            ],
            limit=1,
        )

    @api.model
    def _seal(self, choice):
        return seal(json.dumps(choice.dump()).encode(), _PURPOSE)

    def _choice(self):
        """Return what was chosen and typed so far.

        :rtype: Choice
        """
        self.ensure_one()
        return Choice.load(json.loads(unseal(self.sealed, _PURPOSE)))

    def _keep(self, choice):
        """Keep what was chosen; what was agreed to before is void."""
        self.ensure_one()
        self.write(
            {
                "sealed": self._seal(choice),
                "digest": False,
                "consent_version": False,
            }
        )

    def _agree(self, digest, consent_version):
        """Note which change, in which words, the person has agreed to."""
        self.ensure_one()
        self.write({"digest": digest, "consent_version": consent_version})

    def _take(self, reference):
        """Take the draft for its one change.

        Of two requests at once the second waits here for the first, and then finds
        it taken, or is run again by Odoo and finds it then.

        :param str reference: reference number of the change
        :return: whether it is this request's to make the change
        """
        self.ensure_one()
        self.flush_recordset()
        # Of two at once PostgreSQL refuses the second: that is meant, and no fault.
        self.env.cr.execute(
            SQL(
                "UPDATE g2p_spar_change_draft SET state = 'done', reference = %s"
                " WHERE id = %s AND state = 'open' RETURNING id",
                reference,
                self.id,
            ),
            log_exceptions=False,
        )
        taken = self.env.cr.fetchall()
        self.invalidate_recordset()
        return bool(taken)

    def _refuse(self, cause):
        """Note that the registry has refused the change, and forget the number.

        :param Cause cause: why
        """
        self.ensure_one()
        self.write(
            {
                "state": "refused",
                "cause": int(cause),
                "reference": False,
                "sealed": self._seal(Choice()),
            }
        )

    def _reopen(self):
        """Give the draft back: nothing was changed, and it may be tried again."""
        self.ensure_one()
        self.write({"state": "open", "reference": False})

    def _clear(self):
        """Forget what was typed, once it stands in the registry."""
        self.ensure_one()
        self.write({"sealed": self._seal(Choice())})

    @api.model
    def _purge(self):
        """Delete the drafts whose time is over, and what was typed in them."""
        self.search([("expires_at", "<=", fields.Datetime.now())]).unlink()
