"""Connections that the database has dropped are known as lost.

PostgreSQL that dies says a last word to each connection. psycopg2 reports the next
call on it with its general ``DatabaseError`` and goes on to call it open (psycopg2's
issues 443 and 1496). Odoo's pool, which tries a connection before it lends it, expects
an ``OperationalError`` (odoo's issue 8175): it hands the other error on to whoever
asked, once for each connection that it keeps. A partner would get a bare 500, and a
job would not start and be tried again a minute later.
"""

import psycopg2
from psycopg2.extensions import connection

from odoo.sql_db import PsycoConnection


def is_lost(error: BaseException) -> bool:
    """Whether an error says that the connection it came from is lost.

    Beside ``OperationalError``, which Odoo knows, these two classes say so, and none
    derived from them: whatever PostgreSQL itself refuses has a class of its own.
    """
    return type(error) in (psycopg2.DatabaseError, psycopg2.InterfaceError)


def _reset(self):
    """Make a connection as new.

    :raise psycopg2.OperationalError: it is of no use; the pool then makes another
    """
    try:
        connection.reset(self)
    except psycopg2.Error as error:
        raise psycopg2.OperationalError(str(error)) from error


# All connections of Odoo's pools are of this class.
PsycoConnection.reset = _reset
