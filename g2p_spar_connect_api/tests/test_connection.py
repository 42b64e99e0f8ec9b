import os
import socket

import psycopg2

from odoo.sql_db import ConnectionPool, connection_info_for
from odoo.tests import TransactionCase, tagged

from ..core.errors import Failure
from ..http import boundary

_LAST_WORD = (
    b"SWARNING\0VWARNING\0C57P02\0"
    b"Mterminating connection because of crash of another server process\0\0"
)


def _let_die(connection):
    """Let a connection end as PostgreSQL ends it when it dies: a word and no more."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"N" + (len(_LAST_WORD) + 4).to_bytes(4, "big") + _LAST_WORD)
        os.dup2(ours.fileno(), connection.fileno())


@tagged("post_install", "-at_install")
class TestConnection(TransactionCase):
    def setUp(self):
        super().setUp()
        self.pool = ConnectionPool(4)
        self.addCleanup(self.pool.close_all)
        _name, self.info = connection_info_for(self.env.cr.dbname)

    def test_lost_connections_are_replaced(self):
        kept = [self.pool.borrow(self.info) for _ in range(3)]
        for connection in kept:
            _let_die(connection)
            self.pool.give_back(connection)

        fresh = self.pool.borrow(self.info)

        with fresh.cursor() as cr:
            cr.execute("SELECT 1")
            self.assertEqual(cr.fetchall(), [(1,)])
        self.assertNotIn(fresh, kept)
        self.assertTrue(all(connection.closed for connection in kept))

    def test_good_connections_are_kept(self):
        kept = self.pool.borrow(self.info)
        self.pool.give_back(kept)

        self.assertIs(self.pool.borrow(self.info), kept)

    def test_request_whose_connection_is_lost_is_not_a_failure_of_ours(self):
        connection = self.pool.borrow(self.info)
        with connection.cursor() as cr:
            cr.execute("SELECT 1")
            _let_die(connection)
            with self.assertRaises(psycopg2.DatabaseError), boundary():
                cr.execute("SELECT 1")

    def test_what_the_database_refuses_is_a_failure_of_ours(self):
        with (
            self.pool.borrow(self.info).cursor() as cr,
            self.assertLogs("odoo.addons.g2p_spar_connect_api.http", "ERROR"),
            self.assertRaises(Failure),
            boundary(),
        ):
            cr.execute("SELECT nobody_knows_this")
