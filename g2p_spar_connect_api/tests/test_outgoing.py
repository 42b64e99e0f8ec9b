import socket
import threading
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..core.outgoing.errors import OutgoingError
from .roles import OPERATIONS, RightsMixin


@tagged("post_install", "-at_install")
class TestOutgoingAddress(RightsMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addresses = cls.env["g2p.spar.outgoing.address"]

    def allow(self, ip, port=0):
        return self.addresses.create({"ip": ip, "port": port, "note": "test"})

    def test_an_address_has_one_form(self):
        for written, stored in (
            (" 10.1.2.3 ", "10.1.2.3"),
            ("FD00:0::5", "fd00::5"),
            ("::ffff:10.1.2.4", "10.1.2.4"),
        ):
            with self.subTest(written):
                self.assertEqual(self.allow(written).ip, stored)
        address = self.allow("10.9.9.9")
        address.ip = "FD00::9"
        self.assertEqual(address.ip, "fd00::9")

    def test_only_one_host_can_be_allowed(self):
        for text in ("localhost", "10.0.0.0/8", "10.0.0", "*", "::"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.allow(text)
        with self.assertRaises(ValidationError):
            self.allow("224.0.0.1")

    def test_a_port_is_a_port(self):
        for port in (-1, 65536):
            with self.subTest(port), self.assertRaises(ValidationError):
                self.allow("10.1.2.3", port)

    def test_nothing_is_listed_twice(self):
        self.allow("10.1.2.3", 80)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.allow("10.1.2.3", 80)
            self.env.flush_all()

    def test_matrix(self):
        self.assert_rights({self.addresses._name: (OPERATIONS, ("read",))})

    def test_the_session_is_no_ones_to_call_over_rpc(self):
        self.assert_private({"g2p.spar.outgoing": ("session",)})


@tagged("post_install", "-at_install")
class TestOutgoingSession(TransactionCase):
    """Sessions know the list as it is, for every caller."""

    def setUp(self):
        super().setUp()
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        self.port = listener.getsockname()[1]
        threading.Thread(target=_answer, args=(listener,), daemon=True).start()
        self.env["g2p.spar.outgoing.address"].search([]).unlink()

    def get(self):
        user = new_test_user(self.env, f"caller_{self.port}", groups="base.group_user")
        outgoing = self.env["g2p.spar.outgoing"].with_user(user)
        return outgoing.session().get(f"http://127.0.0.1:{self.port}/")

    def test_refused_unless_listed(self):
        with self.assertRaises(OutgoingError) as caught:
            self.get()
        self.assertEqual(caught.exception.code, "address_forbidden")

    def test_allowed_when_listed(self):
        address = self.env["g2p.spar.outgoing.address"].create(
            {"ip": "127.0.0.1", "port": self.port, "note": "test"}
        )
        self.assertEqual(self.get().body, b"ok")
        address.port += 1
        with self.assertRaises(OutgoingError):
            self.env["g2p.spar.outgoing"].session().get(
                f"http://127.0.0.1:{self.port}/"
            )

    def test_authorities_come_from_the_environment(self):
        with patch.dict("os.environ", {"G2P_SPAR_CA_FILE": "/nowhere/ca.pem"}):
            session = self.env["g2p.spar.outgoing"].session()
        self.assertEqual(session.ca_file, "/nowhere/ca.pem")


def _answer(listener):
    """Answer one request."""
    try:
        link, _peer = listener.accept()
    except OSError:
        return
    with link:
        link.recv(65536)
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
