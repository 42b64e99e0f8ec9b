import json
from datetime import timedelta

from joserfc.jwk import ECKey

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, ormcache

from odoo.addons.g2p_spar_fa_reference.core.seal import seal, unseal

from ..core.access_token import new_key, public_jwk
from .g2p_spar_sender import MOST_TOKEN_SECONDS

_PURPOSE = "signing_key"
#: Days a key signs before the next one takes over.
ROTATION_DAYS = 90
#: Name of the lock that lets one transaction at a time change the keys.
_LOCK = 0x67327073  # "g2ps"


class G2PSparSigningKey(models.Model):
    """A key that signs access tokens.

    The private half is sealed with a key from outside the database. Three
    states follow each other: ``next`` is published but not used, so that caches
    of the key set know it in time; ``current`` signs; ``retired`` only verifies,
    until the last token it signed has expired.
    """

    _name = "g2p.spar.signing.key"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Signing Key"
    _order = "id desc"
    _rec_name = "kid"

    kid = fields.Char(
        string="Key ID", required=True, readonly=True, help="Thumbprint (RFC 7638)."
    )
    state = fields.Selection(
        [("next", "Next"), ("current", "Signing"), ("retired", "Retired")],
        required=True,
        readonly=True,
        default="next",
    )
    public_jwk = fields.Json(string="Public Key", required=True, readonly=True)
    private_sealed = fields.Text(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    current_from = fields.Datetime(string="Signing Since", readonly=True)
    retired_at = fields.Datetime(string="Retired On", readonly=True)

    _kid_uniq = models.UniqueIndex("(kid)", "This key is stored already.")
    _current_uniq = models.UniqueIndex(
        "(state) WHERE state <> 'retired'",
        "There is one signing key and one next key.",
    )

    # === ACTIONS === #

    @api.model
    def action_rotate(self):
        """Let the next key sign from now on, and make a new next one."""
        if not self.env.user.has_group("g2p_spar_mapper.group_admin"):
            raise AccessError(
                self.env._("Only administrators of the registry rotate keys.")
            )
        # Keys are written by the system only; the user's right was just checked.
        self.sudo()._rotate()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS METHODS === #

    @api.private
    def get_public_keys(self):
        """Return the keys that verify tokens, by key id.

        :rtype: dict[str, ECKey]
        """
        return self._public_keys()

    @api.private
    def get_key_set(self):
        """Return the published key set (RFC 7517).

        :rtype: dict
        """
        keys = self._public_keys().values()
        return {"keys": [public_jwk(key) for key in keys]}

    @api.private
    def get_signing_key(self):
        """Return the private key that signs now; the first call makes the keys.

        :rtype: ECKey
        :raise SealError: the key of the server is missing or another one
        """
        sealed = self._sealed_current()
        if sealed is None:
            # No caller has rights on keys; the system needs one to sign.
            self.sudo()._ensure()
            sealed = self._sealed_current()
        return ECKey.import_key(json.loads(unseal(sealed, _PURPOSE)))

    @ormcache()
    def _public_keys(self):
        # The public halves are public, in whatever state.
        keys_sudo = self.sudo().search([("kid", "!=", False)])
        return {key.kid: ECKey.import_key(key.public_jwk) for key in keys_sudo}

    @ormcache()
    def _sealed_current(self):
        # Still sealed; only get_signing_key opens it.
        key_sudo = self.sudo().search([("state", "=", "current")])
        return key_sudo.private_sealed or None

    def _ensure(self):
        """Make the first keys, unless another transaction just did."""
        self._lock()
        if not self.search_count([("state", "=", "current")]):
            self._rotate()

    def _rotate(self):
        """Move every key one state on; make those that are missing."""
        self._lock()
        now = fields.Datetime.now()
        self.search([("state", "=", "current")]).write(
            {"state": "retired", "retired_at": now}
        )
        self.flush_model()
        upcoming = self.search([("state", "=", "next")]) or self._generate()
        upcoming.write({"state": "current", "current_from": now})
        self.flush_model()
        self._generate()

    def _lock(self):
        """Make other transactions that change keys wait for the end of this one."""
        self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(%s)", _LOCK))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _generate(self):
        """Make a key in the state ``next``."""
        key = new_key()
        return self.create(
            {
                "kid": key.thumbprint(),
                "public_jwk": public_jwk(key),
                "private_sealed": seal(_write_private(key), _PURPOSE),
            }
        )

    def _cron_rotate(self):
        """Rotate when the current key is old; drop keys nobody needs."""
        now = fields.Datetime.now()
        old = now - timedelta(days=ROTATION_DAYS)
        if self.search_count([("state", "=", "current"), ("current_from", "<=", old)]):
            self._rotate()
        over = now - timedelta(seconds=MOST_TOKEN_SECONDS)
        self.search([("state", "=", "retired"), ("retired_at", "<", over)]).unlink()


def _write_private(key):
    """Return both halves of a key as JSON (RFC 7517)."""
    return json.dumps(key.as_dict(private=True)).encode()
