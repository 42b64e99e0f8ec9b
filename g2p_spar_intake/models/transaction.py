"""How writing requests and jobs begin and end their transactions."""

from psycopg2.extensions import TRANSACTION_STATUS_IDLE


def begin_read_committed(cr):
    """Let the transaction see what others commit while it runs.

    Odoo's transactions keep the view of their first statement (repeatable read):
    of two that link the same ID at once the second fails, sleeps for up to some
    seconds and starts again. With ``READ COMMITTED`` it waits for the first and
    then sees its row, so that it can give the same answer as a moment later.

    What was read so far, the rights of the caller, is given back. Where the
    connection is inside a larger transaction, as in tests, the level stays.

    :param cr: cursor of a transaction that has written nothing
    """
    cr.rollback()
    if cr.connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
        cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")


def end_transaction(cr):
    """Commit what a job has done so far; its next statement begins anew.

    For job functions that may commit, whose every step is a transaction of its own:
    a job that is killed keeps the steps that were done.

    :param cr: cursor of the job
    """
    # The one place: who calls it is a job with a transaction of its own.
    cr.commit()  # pylint: disable=invalid-commit
