from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.person import Approval
from ..core.return_path import local_path

#: How long a request for a proof is kept, at the longest a login may take.
KEPT = timedelta(hours=2)


class G2PSparStepUp(models.Model):
    """A fresh proof of a person's identity, good for one change and once.

    First it is asked for, then a login at the provider answers it, then the change
    takes it.
    """

    _name = "g2p.spar.step.up"
    _description = "Proof for a Change"
    _log_access = False

    identity_id = fields.Many2one(
        "g2p.spar.identity", required=True, readonly=True, ondelete="cascade"
    )
    digest = fields.Char(
        required=True, readonly=True, help="Of the change this proof is good for."
    )
    return_path = fields.Char(required=True, readonly=True)
    asked_at = fields.Datetime(
        required=True, readonly=True, index=True, default=fields.Datetime.now
    )
    acr = fields.Char(readonly=True, help="Separated by spaces.")
    authenticated_at = fields.Datetime(readonly=True)

    _digest_uniq = models.UniqueIndex("(identity_id, digest)")

    @api.private
    def begin(self, person, digest, return_path):
        """Ask for a proof; say where to send the browser.

        :param Person person: who is to prove their identity
        :param str digest: of the change
        :param str return_path: local path of the page that calls :meth:`take`
        :rtype: str
        :return: local path
        """
        self.flush_model()
        cr = self.env.cr
        # Of two clicks at once PostgreSQL refuses the second: that is meant.
        cr.execute(
            SQL(
                """
                INSERT INTO g2p_spar_step_up
                    (identity_id, digest, return_path, asked_at)
                VALUES (%(identity)s, %(digest)s, %(path)s, %(now)s)
                ON CONFLICT (identity_id, digest) DO UPDATE SET
                    return_path = excluded.return_path, asked_at = excluded.asked_at,
                    acr = NULL, authenticated_at = NULL
                RETURNING id
                """,
                identity=person.identity_id,
                digest=digest,
                path=local_path(return_path),
                now=fields.Datetime.now(),
            ),
            log_exceptions=False,
        )
        return f"/spar/oidc/step-up/{cr.fetchone()[0]}"

    @api.private
    def take(self, person, digest):
        """Take the proof for a change, if there is a fresh one; it is used up.

        :param Person person: whose change it is
        :param str digest: of the change
        :rtype: Approval | None
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM g2p_spar_step_up
                WHERE identity_id = %s AND digest = %s AND authenticated_at IS NOT NULL
                RETURNING acr, authenticated_at
                """,
                person.identity_id,
                digest,
            )
        )
        approvals = [self._approval(*row) for row in rows]
        return next((one for one in approvals if self._is_fresh(person, one)), None)

    def _approve(self, acr, authenticated_at):
        """Answer what was asked for, with a login that just ended.

        :param acr: names of the proofs
        :param authenticated_at: UTC, naive
        """
        self.exists().write(
            {"acr": " ".join(acr), "authenticated_at": authenticated_at}
        )

    def _approval(self, acr, authenticated_at):
        names = tuple((acr or "").split())
        evidence = {
            "acr": list(names),
            "authenticated_at": f"{authenticated_at.isoformat()}Z",
        }
        return Approval(names, authenticated_at, evidence)

    def _is_fresh(self, person, approval):
        # What the administrator demands is no secret of the person.
        provider_sudo = self.env["auth.oauth.provider"].sudo()
        provider_sudo = provider_sudo.browse(person.provider_id)
        age = fields.Datetime.now() - approval.authenticated_at
        return age <= timedelta(seconds=provider_sudo.spar_step_up_seconds)

    @api.autovacuum
    def _gc(self):
        """Delete what nobody came back for."""
        self.search([("asked_at", "<", fields.Datetime.now() - KEPT)]).unlink()
