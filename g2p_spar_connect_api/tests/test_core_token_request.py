import base64
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.errors import OAuth2Error
from ..core.scope import SCOPES, grant
from ..core.token_request import FORM_TYPE, read_token_request

FORM = {
    "grant_type": "client_credentials",
    "client_id": "client",
    "client_secret": "a secret+é",
}


def basic(text):
    """An ``Authorization`` header of RFC 7617."""
    return "Basic " + base64.b64encode(text.encode()).decode()


@tagged("post_install", "-at_install")
class TestTokenRequest(BaseCase):
    def _read(self, form, authorization=None, mimetype=FORM_TYPE):
        raw = form if isinstance(form, bytes) else urlencode(form).encode()
        return read_token_request(mimetype, raw, authorization)

    def _error(self, *args, **kw):
        with self.assertRaises(OAuth2Error) as caught:
            self._read(*args, **kw)
        error = caught.exception
        self.assertEqual(error.headers["Cache-Control"], "no-store")
        return error.code, int(error.status)

    def test_form(self):
        self.assertEqual(self._read(FORM), ("client", "a secret+é", None))
        self.assertEqual(self._read(FORM | {"scope": "a b"}).scope, "a b")

    def test_basic(self):
        form = {"grant_type": "client_credentials"}
        for header in (
            basic("client:a+secret%2B%C3%A9"),
            basic("client:a%20secret%2Bé"),
            basic("client:a+secret%2B%C3%A9").replace("Basic", "BASIC"),
        ):
            with self.subTest(header):
                self.assertEqual(
                    self._read(form, header), ("client", "a secret+é", None)
                )

    def test_secret_may_contain_a_colon(self):
        form = {"grant_type": "client_credentials"}

        self.assertEqual(self._read(form, basic("client:a:b")).client_secret, "a:b")

    def test_both_ways_at_once(self):
        self.assertEqual(self._error(FORM, basic("client:x")), ("invalid_request", 400))

    def test_client_id_beside_basic(self):
        form = {"grant_type": "client_credentials", "client_id": "client"}

        self.assertEqual(self._read(form, basic("client:x")).client_id, "client")
        self.assertEqual(self._error(form, basic("b:x")), ("invalid_request", 400))

    def test_grant(self):
        for grant_type, code in (
            ("password", "unsupported_grant_type"),
            ("authorization_code", "unsupported_grant_type"),
            ("", "invalid_request"),
        ):
            with self.subTest(grant_type):
                self.assertEqual(
                    self._error(FORM | {"grant_type": grant_type}), (code, 400)
                )

    def test_no_client(self):
        form = {"grant_type": "client_credentials"}
        for header in (None, "", "Bearer x", "Basic", "Basic !", basic("no colon")):
            with self.subTest(header=header):
                self.assertEqual(self._error(form, header), ("invalid_client", 401))
        self.assertEqual(self._error(form, "Basic /w=="), ("invalid_client", 401))

    def test_not_a_form(self):
        for raw, mimetype in (
            (b'{"grant_type": "client_credentials"}', "application/json"),
            (b"", FORM_TYPE),
            (b"grant_type=client_credentials", "text/plain"),
            ("grant_type=é".encode(), FORM_TYPE),
            (b"grant_type=%FF", FORM_TYPE),
            (urlencode([*FORM.items(), *FORM.items()]).encode(), FORM_TYPE),
            (b"&".join(b"a%d=1" % n for n in range(99)), FORM_TYPE),
        ):
            with self.subTest(raw=raw[:30]):
                self.assertEqual(
                    self._error(raw, mimetype=mimetype), ("invalid_request", 400)
                )

    def test_scope(self):
        held = frozenset({"mapper.link", "mapper.resolve"})
        for requested, granted in (
            (None, held),
            ("", held),
            ("mapper.link", {"mapper.link"}),
            ("mapper/link", {"mapper.link"}),
            ("mapper/link mapper.resolve", held),
        ):
            with self.subTest(requested):
                self.assertEqual(grant(requested, held), granted)
        for requested in ("mapper.update", "mapper.link admin", "*", "mapper"):
            with self.subTest(requested), self.assertRaises(OAuth2Error) as caught:
                grant(requested, held)
            self.assertEqual(caught.exception.code, "invalid_scope")

    def test_scopes_of_the_specification_and_reports(self):
        self.assertEqual(
            SCOPES,
            tuple(
                f"mapper.{verb}"
                for verb in (
                    *("link", "update", "unlink", "resolve"),
                    *("report", "status"),
                )
            ),
        )

    def test_client_without_scopes(self):
        with self.assertRaises(OAuth2Error) as caught:
            grant(None, frozenset())
        self.assertEqual(caught.exception.code, "unauthorized_client")

    @given(st.binary(max_size=80), st.none() | st.text(max_size=40))
    def test_anything(self, raw, authorization):
        try:
            asked = read_token_request(FORM_TYPE, raw, authorization)
        except OAuth2Error:
            return
        self.assertIsInstance(asked.client_secret, str)
