from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .callbacks import CallbackServer
from .common import SenderCase


@tagged("post_install", "-at_install")
class TestSenderProbe(SenderCase):
    """The connection to a real server of this machine."""

    def setUp(self):
        super().setUp()
        self.env["g2p.spar.outgoing.address"].search([]).unlink()

    def _server(self, *statuses):
        server = CallbackServer(*statuses)
        self.addCleanup(server.close)
        self.sender.callback_url = server.url
        return server

    def _allow(self):
        self.env["g2p.spar.outgoing.address"].create(
            {"ip": "127.0.0.1", "note": "The test's own server"}
        )

    def _probe(self):
        action = self.sender.action_test_connection()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _states(self, probe):
        return dict(probe.line_ids.mapped(lambda line: (line.step, line.state)))

    def test_good(self):
        server = self._server()
        self._allow()
        probe = self._probe()
        self.assertTrue(probe.is_good, probe.conclusion)
        self.assertEqual(set(self._states(probe).values()), {"good"})
        self.assertIn("HTTP 200", probe.conclusion)
        [(path, headers, body)] = server.received
        self.assertEqual(path, "/callback/txn/on-status")
        self.assertTrue(headers["Signature"])
        self.assertEqual(body["header"]["receiver_id"], self.sender.mnemonic)

    def test_address_that_is_not_allowed(self):
        server = self._server()
        probe = self._probe()
        self.assertFalse(probe.is_good)
        self.assertEqual(self._states(probe)["name"], "bad")
        self.assertEqual(self._states(probe)["answer"], "open")
        self.assertTrue(probe.conclusion)
        self.assertFalse(server.received)

    def test_statuses_are_explained(self):
        self._allow()
        for status, words in (
            (403, "jwks.json"),
            (404, "callback address"),
            (400, "log"),
            (500, "fault"),
        ):
            self._server(status)
            probe = self._probe()
            with self.subTest(status=status):
                self.assertFalse(probe.is_good)
                self.assertEqual(self._states(probe)["accepted"], "bad")
                self.assertIn(words, probe.conclusion)

    def test_nobody_listens(self):
        self._allow()
        self._server().close()
        self.assertEqual(self._states(self._probe())["connection"], "bad")

    def test_without_an_address(self):
        with self.assertRaises(UserError):
            self.sender.action_test_connection()

    def test_only_administrators(self):
        self._server()
        for role in ("group_auditor", "group_manager"):
            user = new_test_user(
                self.env, f"spar_probe_{role}", groups=f"g2p_spar_mapper.{role}"
            )
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.sender.with_user(user).action_test_connection()
