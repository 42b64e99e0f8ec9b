from odoo import api, models
from odoo.tools import SQL

from ..core.commands import Origin, StepItem, StoredKey, UnlinkItem, WaitingItem
from ..core.sandbox import BEHIND_MARK, prefix_of
from ..core.state import State, Step
from .statements import executor

#: Mappings that are emptied at once.
CHUNK = 1000


class G2PSparMapper(models.AbstractModel):
    _inherit = "g2p.spar.mapper"

    @api.private
    def empty_sandbox(self, sandbox: str, reason: str) -> int:
        """Take the addresses of all IDs of a sandbox away, held and disputed too.

        To its partners it is then empty. Rows and history stay: the registry
        forgets nothing, not even what was tried out.

        :param sandbox: its name
        :param reason: for the history
        :return: how many addresses were taken away
        :raise AccessError: the user may not end holds and disputes
        :raise ValueError: no sandbox has such a name
        """
        self._check_right(Step.REINSTATE)
        prefix = prefix_of(sandbox or "")
        origin = Origin(channel="staff", reason=reason)
        count, last = 0, prefix
        while rows := self._read_linked(prefix, last):
            count += self._empty(dict(rows), origin)
            last = rows[-1][0]
        return count

    def _read_linked(self, prefix: str, after: str) -> list[tuple[str, str]]:
        """Read keys and stored states of what is linked in a sandbox, in key order.

        :param after: the key to go on behind
        """
        query = SQL(
            "SELECT id_key, state FROM g2p_spar_mapping"
            " WHERE id_key > %s AND id_key < %s AND starts_with(id_key, %s)"
            " AND (state <> 'unlinked' OR change_waits) ORDER BY id_key LIMIT %s",
            after,
            prefix[:-1] + BEHIND_MARK,
            prefix,
            CHUNK,
        )
        return executor(self.env.cr)(query)

    def _empty(self, states: dict[str, str], origin: Origin) -> int:
        """Unlink some IDs.

        :param states: stored states by key
        """
        self.withdraw(
            [WaitingItem(str(n), StoredKey(key)) for n, key in enumerate(states)],
            origin,
        )
        for state, step in (
            (State.SUSPENDED, self.reinstate),
            (State.ON_HOLD, self.release),
        ):
            keys = [key for key, stored in states.items() if stored == state]
            step(
                [StepItem(str(n), StoredKey(key)) for n, key in enumerate(keys)], origin
            )
        items = [UnlinkItem(str(n), StoredKey(key)) for n, key in enumerate(states)]
        return sum(outcome.succeeded for outcome in self.unlink(items, origin))
