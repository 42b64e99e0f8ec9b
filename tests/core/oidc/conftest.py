"""A provider that answers as eSignet does, and a portal without Odoo."""

import http.cookiejar
import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import NamedTuple

import pytest
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

from odoo.addons.g2p_spar_mapper.core.outgoing.address import Allowed
from odoo.addons.g2p_spar_mapper.outgoing.session import FencedSession
from odoo.addons.g2p_spar_portal.core.oidc.callback import (
    check_callback,
    digest_state,
    read_callback,
)
from odoo.addons.g2p_spar_portal.core.oidc.login import Pending
from odoo.addons.g2p_spar_portal.core.oidc.own_key import public_jwk
from odoo.addons.g2p_spar_portal.core.oidc.settings import SIGNED, Settings
from odoo.addons.g2p_spar_portal.outgoing.exchange import Exchange, Known, Own

from mock_esignet.app import make_app
from mock_esignet.store import Store

ACR = "mosip:idp:acr:"
REDIRECT_URI = "https://portal.example/spar/oidc/callback"
CLAIMS = {"userinfo": {"name": {"essential": True}, "birthdate": None, "email": None}}


def query_of(url):
    """Return the parameters of an address, one value each."""
    query = urllib.parse.urlsplit(url).query
    return dict(urllib.parse.parse_qsl(query, strict_parsing=True))


class _Quiet(WSGIRequestHandler):
    def log(self, *_args):
        """Say nothing."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):
        """Let the browser of a test decide itself where it goes."""


class Browser:
    """A person's browser at the provider's pages."""

    def __init__(self, host):
        self.host = host
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(_NoRedirect, cookies)

    def request(self, url, form=None):
        """Return status, address of a redirect (whole) and body."""
        data = None if form is None else urllib.parse.urlencode(form).encode()
        try:
            answer = self._opener.open(url, data, timeout=5)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            target = answer.headers.get("Location", "")
            return answer.status, urllib.parse.urljoin(url, target), answer.read()

    def log_in(self, url, number="5860356276", finger=False, wallet=False):
        """Go through the pages; return where the browser is sent back to."""
        status, page, _body = self.request(url)
        assert status in (302, 303), (status, _body)
        if page.startswith(REDIRECT_URI):
            return page
        if wallet:
            _status, target, _body = self.request(f"{page}/wallet", {"number": number})
        else:
            self.request(page, {"number": number})
            proof = {"code": "111111"} | ({"finger": "on"} if finger else {})
            _status, target, _body = self.request(f"{page}/prove", proof)
        if target.startswith(REDIRECT_URI):
            return target
        claims = [("claim", name) for name in ("name", "birthdate", "email")]
        return self.request(target, claims)[1]


class Provider:
    """The mock, and what steers it."""

    def __init__(self, host, store):
        self.host, self.store = host, store

    def steer(self, method, path, content=None):
        """Send JSON to a control address."""
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.host}/control/{path}",
            data=json.dumps(content).encode() if content is not None else None,
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return json.load(answer)

    def behave(self, **switches):
        """Set switches (setup/mock_esignet/behaviour.py)."""
        self.steer("PUT", "behaviour", switches)


class Portal:
    """What the addon does, with its records as plain values."""

    def __init__(self, provider, settings, own):
        self.provider, self.settings, self.own = provider, settings, own
        self.known = Known()
        self.now = None
        self.seconds = 3

    def exchange(self):
        fence = FencedSession(
            {Allowed("127.0.0.1")},
            total_seconds=self.seconds,
            body_limit=4 * 2**20,
        )
        now = self.now or time.time()
        return Exchange(self.settings, self.own, self.known, fence, now)

    def begin(self, purpose="login", lang="en_US"):
        """Begin a login; return what is sent and what is kept of it."""
        exchange = self.exchange()
        started = exchange.begin(purpose, REDIRECT_URI, lang)
        self.known = exchange.known
        pending = Pending(
            purpose,
            digest_state(started.state),
            started.nonce,
            started.code_verifier,
            REDIRECT_URI,
            time.time(),
        )
        return started, pending

    def finish(self, pending, url):
        """Finish a login with the address that the browser was sent back to."""
        params = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
        code = check_callback(
            read_callback(params),
            pending.state_digest,
            self.settings.issuer,
            self.settings.may_lack_iss,
        )
        exchange = self.exchange()
        try:
            return exchange.finish(pending, code)
        finally:
            self.known = exchange.known

    def log_in(self, purpose="login", **person):
        """Log in from beginning to end."""
        started, pending = self.begin(purpose)
        return self.finish(
            pending, Browser(self.provider.host).log_in(started.url, **person)
        )


class _Keys(NamedTuple):
    signing: RSAKey
    decrypting: RSAKey


@pytest.fixture(scope="session")
def client_keys():
    return _Keys(RSAKey.generate_key(2048), RSAKey.generate_key(2048))


@pytest.fixture(scope="session")
def _server():
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    store = Store()
    server = make_server("127.0.0.1", 0, lambda *a: app(*a), True, 1, _Quiet)
    host = f"http://127.0.0.1:{server.server_port}"
    app = make_app(store, host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Provider(host, store)
    server.shutdown()
    server.server_close()


@pytest.fixture
def provider(_server):
    """The provider in good health."""
    _server.steer("DELETE", "behaviour")
    return _server


@pytest.fixture
def make_portal(provider, client_keys):
    """Return what makes portals: by release, settings and registration."""

    def make(release="1.8", registered=None, **changes):
        host, service = provider.host, f"{provider.host}/v1/esignet"
        is_old = release in ("1.5", "1.6")
        settings = Settings(
            client_id="spar-portal",
            issuer=host if release == "1.8" else service,
            discovery_url="",
            authorization_endpoint=f"{host}/authorize",
            token_endpoint=f"{service}/oauth/v2/token",
            userinfo_endpoint=f"{service}/oidc/userinfo",
            jwks_url=f"{host}/.well-known/jwks.json",
            par_endpoint=f"{service}/oauth/par",
            scope="openid profile",
            claims=CLAIMS,
            acr_values=(f"{ACR}generated-code", f"{ACR}linked-wallet"),
            step_up_acr_values=(f"{ACR}biometrics",),
            step_up_seconds=300,
            ui_locales=("en", "fr"),
            claims_locales="en",
            prompt="",
            step_up_prompt="",
            display="",
            use_par=False,
            client_alg="RS256" if is_old else "PS256",
            assertion_audience="token_endpoint" if is_old else "issuer",
            use_kid=False,
            use_dpop=False,
            id_token_algs=("RS256",) if is_old else ("PS256",),
            userinfo_forms=frozenset({SIGNED}),
            userinfo_algs=("RS256", "PS256"),
            jwe_algs=("RSA-OAEP-256",),
            jwe_encs=("A256GCM",),
            may_lack_iss=is_old,
            is_fresh=True,
            leeway=30,
            connect_seconds=1,
            total_seconds=3,
        )._replace(**changes)
        public = public_jwk(client_keys.signing, True, "registered")
        provider.steer(
            "PUT",
            f"clients/{settings.client_id}",
            {
                "public_key": public,
                "redirect_uris": [REDIRECT_URI],
                "release": release,
                **(registered or {}),
            },
        )
        own = Own((client_keys.signing, "registered"), [client_keys.decrypting])
        return Portal(provider, settings, own)

    return make


@pytest.fixture
def portal(make_portal):
    """A portal at eSignet 1.8."""
    return make_portal()


@pytest.fixture
def browser(provider):
    return Browser(provider.host)
