import logging
from collections import Counter
from types import SimpleNamespace

from odoo.tests import tagged

from ..core.errors import Unavailable
from ..core.schema import validator
from ..http import G2PConnectDispatcher
from .common import ConnectCase


@tagged("post_install", "-at_install")
class TestPages(ConnectCase):
    def test_health(self):
        response = self.url_open("/spar/v1/health")

        self.assertEqual(response.status_code, 200)
        validator("Health").validate(response.json())
        self.assertEqual(
            response.json(),
            {"status": "pass", "checks": {"database": "pass", "key": "pass"}},
        )

    def test_contract(self):
        contract = self.url_open("/spar/v1/openapi.json").json()

        self.assertEqual(contract["openapi"], "3.1.0")
        self.assertEqual(contract["servers"], [{"url": self.base_url()}])

    def test_key_set(self):
        response = self.url_open("/spar/v1/oauth2/jwks.json")

        validator("KeySet").validate(response.json())
        found = Counter((key["use"], key["alg"]) for key in response.json()["keys"])
        # Tokens and messages; of each the key in use and the next one.
        self.assertEqual(found["sig", "ES256"], 4)
        self.assertEqual(found["enc", "RSA-OAEP-256"], 2)
        self.assertEqual(found["enc", "ECDH-ES"], 2)
        self.assertFalse(any("d" in key for key in response.json()["keys"]))
        self.assertIn("max-age", response.headers["Cache-Control"])

    def test_no_cookies(self):
        self.opener.cookies.clear()
        for path in ("/spar/v1/health", "/spar/v1/openapi.json", "/spar/v1/nothing"):
            with self.subTest(path):
                self.assertNotIn("Set-Cookie", self.url_open(path).headers)

    def test_unknown_address(self):
        for path in ("/spar/v1/nothing", "/spar/v1/mapper/sync/dance"):
            with self.subTest(path):
                response = self.url_open(path, data=b"{}")
                self.assertRefused(response, 404, "err.request.not_found")

    def test_without_database(self):
        """Loaded server-wide: come back later, not: there is no such address."""
        http = SimpleNamespace(path="/spar/v1/sync/link", remote_addr="127.0.0.1")
        dispatcher = G2PConnectDispatcher(SimpleNamespace(db=None, httprequest=http))

        with self.assertRaises(Unavailable):
            dispatcher.dispatch(None, {})

    def test_unknown_address_is_not_logged(self):
        with self.assertLogs("g2p_spar.audit", logging.INFO) as log:
            self.url_open("/spar/v1/token:secret@nationalId", data=b"{}")

        self.assertNotIn("secret", log.output[0])

    def test_method(self):
        for path in ("health", "openapi.json", "oauth2/jwks.json"):
            with self.subTest(path):
                response = self.url_open(f"/spar/v1/{path}", data=b"x")
                self.assertRefused(response, 405, "err.request.bad")
                head = self.url_open(f"/spar/v1/{path}", method="HEAD")
                self.assertEqual((head.status_code, head.content), (200, b""))
