import time

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.g2p_spar_mapper.core.outgoing.errors import OutgoingError

from ..core.jose.keys import KeyRefused, read_key_set

#: Time and bytes a partner's server gets when a caller waits for its keys.
_SECONDS = 5
_BYTES = 2**20


class G2PSparFetchedKeysMixin(models.AbstractModel):
    """Records whose public keys are published at an address.

    The last good copy is kept: a server that is away or answers nonsense shuts
    nobody out. Keys are fetched each day, and at once when a signature names one
    that is not known, at most once a minute.
    """

    _name = "g2p.spar.fetched.keys.mixin"
    _description = "Keys Fetched from an Address"

    jwks_url = fields.Char(
        string="Address of the Keys",
        help="Where the JWK Set is published, https://…; fetched each day, and when "
        "a signature names a key that is not known yet.",
    )
    keys_fetched_at = fields.Datetime(string="Keys Fetched On", readonly=True)
    keys_problem = fields.Char(
        string="Last Problem",
        readonly=True,
        help="Why the keys could not be fetched the last time. Those fetched before "
        "stay in use.",
    )

    # === ACTIONS === #

    def action_fetch_keys(self):
        """Fetch the keys now and say what came of it.

        :raise UserError: they could not be fetched
        """
        self.ensure_one()
        self.check_access("write")
        self._fetch_keys()
        if self.keys_problem:
            # Nothing is lost by undoing the note of the problem: it is shown.
            raise UserError(self.keys_problem)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS METHODS === #

    def _store_key_set(self, keys):
        """Take over the keys that are published now; each model keeps its own.

        :param keys: list of core.jose.keys.PublicKey
        """
        raise NotImplementedError

    def _fetch_keys(self):
        """Fetch the keys of one record; what was good stays when that fails."""
        self.ensure_one()
        session = self.env["g2p.spar.outgoing"].session(
            total_seconds=_SECONDS, body_limit=_BYTES
        )
        try:
            received = session.get(self.jwks_url, {"Accept": "application/json"})
            keys = read_key_set(received.body if received.status == 200 else b"")
        except (OutgoingError, KeyRefused) as error:
            self.keys_problem = error.sentence
            return
        self._store_key_set(keys)
        self.write({"keys_problem": False, "keys_fetched_at": fields.Datetime.now()})

    @api.private
    def refresh(self):
        """Fetch keys while a caller waits, in a transaction of its own.

        That of the caller may be read-only. It has written nothing yet and is given
        back, so that it does not wait open, and sees the new keys afterwards.

        :return: whether it was tried; it is at most once a minute
        :rtype: bool
        """
        counters = self.env["g2p.spar.access"]._counters("keys")
        if counters.hit(f"{self._name} {self.id}", time.time()) > 1:
            return False
        self.env.cr.rollback()
        try:
            with self.env.registry.cursor() as cr:
                # The caller is not known yet, and has no rights on keys.
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                record_sudo = self.with_env(env)
                record_sudo._fetch_keys()
        except psycopg2.Error:
            return False
        self.env.registry.signal_changes()
        return True

    def _cron_fetch(self):
        """Fetch the keys of all records that have an address."""
        for record in self.search([("jwks_url", "!=", False)]):
            record._fetch_keys()
            self.env["ir.cron"]._commit_progress(1)
