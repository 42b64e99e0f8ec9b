from odoo.tests import BaseCase, tagged

from ..core.errors import SignatureRefused
from ..core.rejected_signature import RejectedSignature
from .samples import FA, ID, NOW, item, raw


@tagged("post_install", "-at_install")
class TestRejectedSignature(BaseCase):
    """A refused signature in the words of SPAR 1.1."""

    def _of(self, path, body):
        return RejectedSignature.of(SignatureRefused("wrong_key"), path, body, NOW)

    def test_message(self):
        body = raw("link", [item("r1", fa=FA), item("r2", fa=FA)])

        refusal = self._of("/spar/v1/sync/link", body)

        self.assertEqual((refusal.status, refusal.code), (200, "rjct.jwt.invalid"))
        answer = refusal.body()
        self.assertEqual(answer["header"]["status"], "rjct")
        self.assertEqual(answer["header"]["message_id"], "m1")
        results = answer["message"]["link_response"]
        self.assertEqual([one["reference_id"] for one in results], ["r1", "r2"])
        self.assertEqual({one["id"] for one in results}, {ID})
        self.assertEqual({one["status"] for one in results}, {"rjct"})

    def test_elsewhere(self):
        """The specification's addresses answer with HTTP 401."""
        for path in ("/spar/v1/mapper/sync/link", "/spar/v1/async/link", "link"):
            with self.subTest(path):
                self.assertEqual(self._of(path, raw("link")).status, 401)

    def test_what_is_no_message(self):
        for body in (b"", b"{", b"{}", raw("resolve")):
            with self.subTest(body[:20]):
                self.assertEqual(self._of("/spar/v1/sync/link", body).status, 401)
