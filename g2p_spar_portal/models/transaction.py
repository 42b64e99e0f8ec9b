"""Short transactions of their own, beside that of the request."""

from contextlib import contextmanager

from psycopg2.extensions import (
    ISOLATION_LEVEL_READ_COMMITTED,
    TRANSACTION_STATUS_IDLE,
)


@contextmanager
def own_transaction(model):
    """Give a model on a cursor of its own, committed at the end of the block.

    What is done in it stays, whatever becomes of the request, and is not done
    again when Odoo runs the request again after a conflict. It sees what others
    commit while it runs (``READ COMMITTED``); inside a larger transaction, as in
    tests, the level stays.

    :param model: a recordset; it comes back with the same user and context
    """
    with model.env.registry.cursor() as cr:
        if cr.connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
            # The driver says it with BEGIN; each cursor begins with Odoo's level again.
            cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
        yield model.with_env(model.env(cr=cr))
