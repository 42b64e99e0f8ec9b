"""What the dialog of one step asks of the service, for each mapping."""

from ..core.commands import (
    RenewItem,
    RollbackItem,
    StepItem,
    UnlinkItem,
    WaitingItem,
)
from ..core.state import Step


def item_of(dialog, reference, key):
    """Return the item for one mapping.

    :param dialog: record of the dialog
    :param str reference: name of the item
    :param StoredKey key: key of the mapping's ID
    """
    makers = {
        Step.UNLINK: lambda: UnlinkItem(reference, key),
        Step.HOLD: lambda: StepItem(reference, key, dialog.hold_until or None),
        Step.APPLY: lambda: WaitingItem(reference, key),
        Step.WITHDRAW: lambda: WaitingItem(reference, key),
        Step.RENEW: lambda: RenewItem(reference, key),
        Step.ROLLBACK: lambda: RollbackItem(reference, key, dialog.rollback_version),
    }
    make = makers.get(dialog.operation)
    return make() if make else StepItem(reference, key)
