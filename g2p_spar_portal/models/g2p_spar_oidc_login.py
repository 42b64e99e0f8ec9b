import json
import time
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.seal import seal, unseal

from ..core.login_rules import digest_browser
from ..core.oidc.callback import digest_state
from ..core.oidc.errors import OidcError
from ..core.oidc.login import LOGIN, STEP_UP, Pending
from ..core.return_path import local_path
from .transaction import own_transaction

_SEALED_FOR = "oidc_login"
_COLUMNS = (
    "provider_id",
    "purpose",
    "state_digest",
    "sealed",
    "redirect_uri",
    "return_path",
    "lang",
    "step_up_id",
    "started_at",
    "ends_at",
)


class Taken(NamedTuple):
    """A login that was taken for good.

    :ivar step_up_id: the proof that was asked for, none at a plain login
    :ivar lang: code of the language the person reads
    """

    provider_id: int
    pending: Pending
    return_path: str
    lang: str | None
    step_up_id: int | None


class G2PSparOidcLogin(models.Model):
    """A login that began: the person is at the provider, and is to come back.

    A row is made when a person presses the button, belongs to that browser, and is
    deleted as it is taken: a second callback finds nothing.
    """

    _name = "g2p.spar.oidc.login"
    _description = "Login Under Way"
    _log_access = False

    state_digest = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    browser_digest = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    provider_id = fields.Many2one(
        "auth.oauth.provider", required=True, readonly=True, ondelete="cascade"
    )
    purpose = fields.Selection(
        [(LOGIN, "Login"), (STEP_UP, "Change")], required=True, readonly=True
    )
    sealed = fields.Text(
        required=True,
        readonly=True,
        groups=fields.NO_ACCESS,
        help="Nonce, code verifier and what else only the server may know.",
    )
    redirect_uri = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    return_path = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    lang = fields.Char(readonly=True)
    step_up_id = fields.Many2one(
        "g2p.spar.step.up", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    started_at = fields.Float(digits=0, required=True, readonly=True)
    ends_at = fields.Float(digits=0, required=True, readonly=True, index=True)

    _state_uniq = models.UniqueIndex("(state_digest)")

    @api.private
    def start(
        self, provider, browser, lang, return_path=None, step_up=None, purpose=None
    ):
        """Begin a login; say where the browser is to go.

        May wait for the provider. What the caller has not committed is lost.

        :param provider: one that is open
        :param str browser: the secret which the browser keeps
        :param str lang: code of the language the person reads
        :param str return_path: where the person wants to go afterwards
        :param step_up: the ``g2p.spar.step.up`` which this login is to answer
        :param str purpose: one that another addon added; none: a plain login, or the
            answer to ``step_up``
        :rtype: str
        :raise OidcError: it could not be begun
        """
        # Nobody is logged in yet, or a person without rights on records.
        provider_sudo = provider.sudo()
        redirect_uri = provider_sudo._spar_redirect_uri()
        purpose = purpose or (STEP_UP if step_up else LOGIN)
        started = self.env["g2p.spar.oidc.client"].begin(
            provider_sudo, purpose, redirect_uri, lang
        )
        now = time.time()
        values = {
            "state_digest": digest_state(started.state),
            "browser_digest": digest_browser(browser),
            "provider_id": provider_sudo.id,
            "purpose": purpose,
            "sealed": _seal(started),
            "redirect_uri": redirect_uri,
            "return_path": local_path(return_path),
            "lang": lang,
            "step_up_id": step_up.id if step_up else False,
            "started_at": now,
            "ends_at": now + provider_sudo.spar_transaction_minutes * 60,
        }
        # Whoever logs in has no right to this table; the row is of this login.
        with own_transaction(self.sudo()) as model:
            model.create(values)
        return started.url

    @api.private
    def take(self, state, browser):
        """Take the login of a callback for good, committed at once.

        Only the browser that began it takes it: others do not even end it.

        :param str state: as the browser brought it back
        :param str browser: the secret which the browser keeps, possibly empty
        :rtype: Taken
        :raise OidcError: ``state_mismatch``: there is none; ``expired``
        """
        # What the request has read so far is given back.
        self.env.cr.rollback()
        # The person has no right to this table.
        with own_transaction(self.sudo()) as model:
            rows = model._delete(digest_state(state), digest_browser(browser))
        if not rows:
            raise OidcError("state_mismatch", "no such login in this browser")
        row = dict(zip(_COLUMNS, rows[0], strict=True))
        if row["ends_at"] < time.time():
            raise OidcError("expired", "our own time")
        return self._read_taken(row)

    def _delete(self, state_digest, browser_digest):
        return self.env.execute_query(
            SQL(
                """
                DELETE FROM g2p_spar_oidc_login
                WHERE state_digest = %s AND browser_digest = %s
                RETURNING %s
                """,
                state_digest,
                browser_digest,
                SQL(", ").join(SQL.identifier(name) for name in _COLUMNS),
            )
        )

    def _read_taken(self, row):
        secrets = json.loads(unseal(row["sealed"], _SEALED_FOR))
        # The person has no right to this table; only who is expected is read.
        step_up_sudo = self.env["g2p.spar.step.up"].sudo().browse(row["step_up_id"])
        return Taken(
            provider_id=row["provider_id"],
            pending=Pending(
                purpose=row["purpose"],
                state_digest=row["state_digest"],
                nonce=secrets["nonce"],
                code_verifier=secrets["code_verifier"],
                redirect_uri=row["redirect_uri"],
                started_at=row["started_at"],
                expected_subject=step_up_sudo.identity_id.subject or None,
                extra=secrets["extra"],
            ),
            return_path=row["return_path"],
            lang=row["lang"],
            step_up_id=row["step_up_id"],
        )

    @api.autovacuum
    def _gc(self):
        """Delete logins nobody came back from."""
        self.search([("ends_at", "<", time.time())]).unlink()


def _seal(started):
    secrets = {
        "nonce": started.nonce,
        "code_verifier": started.code_verifier,
        "extra": started.extra,
    }
    return seal(json.dumps(secrets).encode(), _SEALED_FOR)
