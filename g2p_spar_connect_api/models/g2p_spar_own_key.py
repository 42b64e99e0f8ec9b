import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, ormcache

from odoo.addons.g2p_spar_fa_reference.core.seal import seal

from ..core.jose.own import SLOTS, import_key, new_key, public_jwk
from ..core.jose.private_keys import PrivateKeys, open_private_key

_SEALED_FOR = "signing_key"
#: Days a key is in use before the next one takes over.
ROTATION_DAYS = 90
#: Name of the lock that lets one transaction at a time change the keys.
_LOCK = 0x67327073  # "g2ps"


class G2PSparOwnKey(models.Model):
    """A key of the registry itself.

    The private half is sealed with a key from outside the database. In each slot
    (purpose and algorithm) three states follow each other: ``next`` is published
    but not used, so that caches of the key set know it in time; ``current`` is in
    use; ``retired`` only verifies or decrypts, until nothing can need it any more.
    """

    _name = "g2p.spar.own.key"
    _inherit = ["g2p.spar.facts.mixin"]
    _description = "Own Key"
    _order = "purpose, algorithm, id desc"
    _rec_name = "kid"

    kid = fields.Char(
        string="Key ID", required=True, readonly=True, help="Thumbprint (RFC 7638)."
    )
    purpose = fields.Selection(
        [
            ("token", "Access Tokens"),
            ("message", "Answers and Callbacks"),
            ("encryption", "Encrypted Messages"),
        ],
        required=True,
        readonly=True,
        default="token",
    )
    algorithm = fields.Selection(
        [(name, name) for name in ("ES256", "RS256", "RSA-OAEP-256", "ECDH-ES")],
        required=True,
        readonly=True,
        default="ES256",
    )
    state = fields.Selection(
        [("next", "Next"), ("current", "In Use"), ("retired", "Retired")],
        required=True,
        readonly=True,
        default="next",
    )
    public_jwk = fields.Json(string="Public Key", required=True, readonly=True)
    private_sealed = fields.Text(
        required=True, readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    current_from = fields.Datetime(string="In Use Since", readonly=True)
    retired_at = fields.Datetime(string="Retired On", readonly=True)

    _kid_uniq = models.UniqueIndex("(kid)", "This key is stored already.")
    _state_uniq = models.UniqueIndex(
        "(purpose, algorithm, state) WHERE state <> 'retired'",
        "Of each kind there is one key in use and one next key.",
    )

    # === ACTIONS === #

    @api.model
    def action_rotate(self):
        """Let the next keys take over now, and make new next ones."""
        if not self.env.user.has_group("g2p_spar_mapper.group_admin"):
            raise AccessError(
                self.env._("Only administrators of the registry rotate keys.")
            )
        # Keys are written by the system only; the user's right was just checked.
        keys_sudo = self.sudo()
        for purpose, algorithm in keys_sudo._filled_slots():
            keys_sudo._rotate(purpose, algorithm)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS METHODS === #

    @api.private
    def get_public_keys(self):
        """Return the keys that verify access tokens, by key id.

        Keys of other purposes verify no token.

        :rtype: dict[str, ECKey]
        """
        return self._token_keys()

    @api.private
    def get_key_set(self):
        """Return the published key set (RFC 7517), all purposes together.

        A retired key for encryption is left out: nobody is to encrypt for it.

        :rtype: dict
        """
        return {"keys": list(self._published())}

    @api.private
    def get_signing_key(self, purpose="token", algorithm="ES256"):
        """Return the private key that signs now; the first call makes the keys.

        :param str purpose: ``token`` or ``message``
        :rtype: ECKey | RSAKey
        :raise SealError: the key of the server is missing or another one
        """
        sealed = self._sealed_current(purpose, algorithm)
        if sealed is None:
            # No caller has rights on keys; the system needs one to sign.
            self.sudo()._ensure(purpose, algorithm)
            sealed = self._sealed_current(purpose, algorithm)
        return open_private_key(sealed, _SEALED_FOR)

    @api.private
    def get_private_keys(self, purpose):
        """Return all private keys of a purpose, in whatever state they are.

        They are opened one by one, when they are looked up, and stay open.

        :rtype: PrivateKeys
        """
        return PrivateKeys(self._sealed_by_kid(purpose), _SEALED_FOR)

    @api.private
    def ensure_all(self):
        """Make the keys that partners expect to find published."""
        # As in get_signing_key: the system needs keys, whoever asks.
        keys_sudo = self.sudo()
        for purpose, algorithm in SLOTS:
            if algorithm != "RS256" and not self._sealed_current(purpose, algorithm):
                keys_sudo._ensure(purpose, algorithm)

    @ormcache()
    def _token_keys(self):
        # The public halves are public, in whatever state.
        keys_sudo = self.sudo().search([("purpose", "=", "token")])
        return {key.kid: import_key(key.public_jwk) for key in keys_sudo}

    @ormcache()
    def _published(self):
        # As above.
        keys_sudo = self.sudo().search(
            ["|", ("purpose", "!=", "encryption"), ("state", "!=", "retired")]
        )
        return tuple(key.public_jwk for key in keys_sudo)

    @ormcache("purpose", "algorithm")
    def _sealed_current(self, purpose, algorithm):
        # Still sealed; it is opened for each use.
        key_sudo = self.sudo().search(
            [
                ("purpose", "=", purpose),
                ("algorithm", "=", algorithm),
                ("state", "=", "current"),
            ]
        )
        return key_sudo.private_sealed or None

    @ormcache("purpose")
    def _sealed_by_kid(self, purpose):
        # As above.
        keys_sudo = self.sudo().search([("purpose", "=", purpose)])
        return {key.kid: key.private_sealed for key in keys_sudo}

    def _filled_slots(self):
        """Return the slots that have keys, as (purpose, algorithm)."""
        groups = self._read_group([], ["purpose", "algorithm"])
        return [slot for slot in groups if slot in SLOTS]

    def _ensure(self, purpose, algorithm):
        """Make the first keys of a slot, unless another transaction just did."""
        self._lock()
        if not self._sealed_current(purpose, algorithm):
            self._rotate(purpose, algorithm)

    def _rotate(self, purpose="token", algorithm="ES256"):
        """Move every key of a slot one state on; make those that are missing."""
        self._lock()
        now = fields.Datetime.now()
        slot = [("purpose", "=", purpose), ("algorithm", "=", algorithm)]
        self.search([*slot, ("state", "=", "current")]).write(
            {"state": "retired", "retired_at": now}
        )
        self.flush_model()
        upcoming = self.search([*slot, ("state", "=", "next")])
        upcoming = upcoming or self._generate(purpose, algorithm)
        upcoming.write({"state": "current", "current_from": now})
        self.flush_model()
        self._generate(purpose, algorithm)

    def _lock(self):
        """Make other transactions that change keys wait for the end of this one."""
        self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(%s)", _LOCK))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _generate(self, purpose, algorithm):
        """Make a key in the state ``next``."""
        key = new_key(algorithm)
        return self.create(
            {
                "kid": key.thumbprint(),
                "purpose": purpose,
                "algorithm": algorithm,
                "public_jwk": public_jwk(key, algorithm, SLOTS[purpose, algorithm].use),
                "private_sealed": seal(_write_private(key), _SEALED_FOR),
            }
        )

    def _cron_rotate(self):
        """Rotate what is old, drop what nobody needs, make what is missing."""
        now = fields.Datetime.now()
        old = now - timedelta(days=ROTATION_DAYS)
        for key in self.search(
            [("state", "=", "current"), ("current_from", "<=", old)]
        ):
            self._rotate(key.purpose, key.algorithm)
        for slot in SLOTS.values():
            self.search(
                [
                    ("purpose", "=", slot.purpose),
                    ("algorithm", "=", slot.algorithm),
                    ("state", "=", "retired"),
                    ("retired_at", "<", now - timedelta(seconds=slot.retained)),
                ]
            ).unlink()
        if self._filled_slots():
            self.ensure_all()


def _write_private(key):
    """Return both halves of a key as JSON (RFC 7517)."""
    return json.dumps(key.as_dict(private=True)).encode()
