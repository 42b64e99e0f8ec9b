import base64
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core import seal
from ..core.seal import SealError


def key(letter):
    return base64.urlsafe_b64encode(letter * 32).decode()


@tagged("post_install", "-at_install")
class TestSeal(BaseCase):
    def use(self, *lines, **variables):
        """Give this test the keys ``lines``, or exactly these variables."""
        values = variables or {seal.KEY_VARIABLE: "\n".join(lines)}
        patcher = patch.dict(os.environ, values)
        patcher.start()
        self.addCleanup(seal.forget_keys)
        self.addCleanup(patcher.stop)
        for name in {seal.KEY_VARIABLE, seal.KEY_FILE_VARIABLE} - values.keys():
            os.environ.pop(name, None)
        seal.forget_keys()

    def setUp(self):
        super().setUp()
        self.use(key(b"a"))

    @given(st.binary(max_size=100), st.text(max_size=10))
    def test_round_trip(self, plain, purpose):
        self.assertEqual(seal.unseal(seal.seal(plain, purpose), purpose), plain)

    def test_a_purpose_does_not_open_another(self):
        token = seal.seal(b"x", "keys")
        with self.assertRaises(SealError):
            seal.unseal(token, "secrets")

    def test_a_changed_token_is_refused(self):
        for token in ("", "x", "\ud800", seal.seal(b"x", "k")[:-4] + "AAA="):
            with self.subTest(repr(token)), self.assertRaises(SealError):
                seal.unseal(token, "k")

    def test_hash_is_keyed_and_has_a_purpose(self):
        first = seal.keyed_hash("x", "id")
        self.assertEqual(first, seal.keyed_hash("x", "id"))
        self.assertRegex(first, r"^[A-Za-z0-9_-]{43}$")
        self.assertNotEqual(first, seal.keyed_hash("x", "phone"))
        self.assertNotEqual(first, seal.keyed_hash("y", "id"))
        self.use(key(b"b"))
        self.assertNotEqual(first, seal.keyed_hash("x", "id"))

    def test_rotation(self):
        token, digest = seal.seal(b"x", "k"), seal.keyed_hash("x", "k")
        self.use(key(b"b"), key(b"a"))
        self.assertEqual(seal.unseal(token, "k"), b"x")
        self.assertEqual(seal.keyed_hash("x", "k"), digest)
        fresh = seal.seal(b"y", "k")
        self.use(key(b"a"))
        with self.assertRaises(SealError):
            seal.unseal(fresh, "k")

    def test_key_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "key")
            path.write_text(key(b"a") + "\n")
            token = seal.seal(b"x", "k")
            self.use(**{seal.KEY_FILE_VARIABLE: str(path)})
            self.assertEqual(seal.unseal(token, "k"), b"x")

    def test_without_a_usable_key_everything_is_refused(self):
        for variables in (
            {seal.KEY_VARIABLE: ""},
            {seal.KEY_VARIABLE: "short"},
            {seal.KEY_VARIABLE: "!" * 44},
            {seal.KEY_VARIABLE: key(b"a")[:20] + "!!!!" + key(b"a")[20:]},
            {seal.KEY_VARIABLE: base64.urlsafe_b64encode(b"x" * 31).decode()},
            {seal.KEY_FILE_VARIABLE: "/nonexistent", seal.KEY_VARIABLE: key(b"a")},
        ):
            self.use(**variables)
            for action in (
                lambda: seal.seal(b"x", "k"),
                lambda: seal.unseal("x", "k"),
                lambda: seal.keyed_hash("x", "k"),
            ):
                with self.assertRaises(SealError) as caught:
                    action()
                self.assertIn(seal.KEY_FILE_VARIABLE, str(caught.exception))
