"""The account which a person's money goes to now, as far as a change needs it."""

from typing import NamedTuple

from odoo.addons.g2p_spar_mapper.core.state import State, is_live, is_protected


class Present(NamedTuple):
    """What is stored of one person.

    :ivar mapping_id: database id, none when this person never had an account here
    :ivar version: of the mapping, 0 for none
    :ivar fa_key: key of the address, none when no money goes anywhere
    :ivar state: effective state, one of ``State``
    :ivar change_waits: whether a change of the address waits
    """

    mapping_id: int | None = None
    version: int = 0
    fa_key: str | None = None
    state: str = State.UNLINKED
    change_waits: bool = False

    @property
    def is_first(self) -> bool:
        """Whether there never was an account.

        Only then is the login enough. Removing an account and linking another one is
        a change in two parts, and must not be cheaper than a change in one.
        """
        return self.version == 0

    @property
    def is_live(self) -> bool:
        """Whether there is an account to be changed, rather than to be linked."""
        return is_live(self.state)

    @property
    def is_closed(self) -> bool:
        """Whether somebody must decide first, so that nothing can be changed."""
        return self.change_waits or is_protected(self.state)
