from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.http import Request, root

from ..core.oidc.login import Started, Verified
from .common import ACR, CLAIMS, PortalCase

CLIENT = "odoo.addons.g2p_spar_portal.models.g2p_spar_oidc_client.G2PSparOidcClient"


class LoginCase(PortalCase):
    """Logins whose protocol is played: what the provider says is given.

    The protocol has its own tests, with a real key and a real answer; here it is
    about browser, session, user and pages.
    """

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.subject = "amina"
        self.claims = {}
        #: When the person proved the identity, in seconds from now.
        self.auth_time = 0
        self.began = []
        self.finished = []
        self.play("begin", self.begin)
        self.play("finish", self.finish)

    def play(self, name, function):
        patcher = patch(f"{CLIENT}.{name}", autospec=True, side_effect=function)
        patcher.start()
        self.addCleanup(patcher.stop)

    def begin(self, _client, provider, purpose, redirect_uri, lang):
        number = len(self.began)
        started = Started(
            f"https://id.example.org/authorize?n={number}",
            f"state-{number:016d}",
            f"nonce-{number}",
            f"verifier-{number}",
            {"number": number},
        )
        self.began.append((provider.id, purpose, redirect_uri, lang))
        return started

    def finish(self, _client, _provider, pending, params, now):
        self.finished.append((pending, params))
        if isinstance(self.subject, Exception):
            raise self.subject
        claims = {**CLAIMS, **self.claims, "sub": self.subject}
        at = None if self.auth_time is None else int(now + self.auth_time)
        return Verified(self.subject, claims, ACR, at, int(now))

    # === STEPS OF A PERSON === #

    def get(self, path, **kw):
        """Ask for a page, without following where it leads."""
        return self.url_open(path, allow_redirects=False, **kw)

    def start(self, provider=None, **query):
        """Press the button. :return: the answer"""
        provider = provider or self.oidc
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        return self.get(f"/spar/login/{provider.id}?{pairs}")

    def back(self, number=0, **query):
        """Come back from the provider. :return: the answer"""
        query = {"state": f"state-{number:016d}", "code": "c0de", **query}
        pairs = "&".join(f"{name}={value}" for name, value in query.items())
        return self.get(f"/spar/oidc/callback?{pairs}")

    def log_in(self, **query):
        """Go the whole way. :return: the answer to the callback"""
        self.start(**query)
        return self.back(len(self.began) - 1)

    def path_of(self, answer):
        """Where an answer leads."""
        self.assertEqual(answer.status_code, 303)
        return urlsplit(answer.headers["Location"]).path

    def session_now(self):
        """The session of the browser, as it is stored."""
        return root.session_store.get(self.opener.cookies["session_id"])

    def user(self, subject="amina"):
        """The user of a person who logged in before."""
        self.env.invalidate_all()
        return self.env["g2p.spar.identity"].search([("subject", "=", subject)]).user_id

    def another_browser(self):
        """Go on in a browser that knows nothing."""
        self.authenticate(None, None)

    def step_up(self, digest="digest-1", path="/my/benefit-account/change"):
        """Ask for a proof as a page does, and press on. :return: the answer"""
        person = self.env["g2p.spar.person"].current(self.session_now())
        leave = self.env["g2p.spar.step.up"].begin(person, digest, path)
        return self.get(leave)

    def take(self, subject="amina", digest="digest-1"):
        """Take a proof as the page does that needs it."""
        self.env.invalidate_all()
        identity = self.env["g2p.spar.identity"].search([("subject", "=", subject)])
        asked = self.env["g2p.spar.step.up"]
        row = asked.search([("identity_id", "=", identity.id), ("digest", "=", digest)])
        return row.authenticated_at and row.acr

    def events(self):
        """Counts of ends of logins, by purpose and outcome."""
        self.env.invalidate_all()
        events = self.env["g2p.spar.oidc.event"].search([])
        return {(one.purpose, one.outcome): one.hits for one in events}

    def assert_failed(self, answer, code):
        self.assertEqual(self.path_of(answer), f"/spar/login/failed/{code}")
        self.assertIsNone(self.session_now().uid)

    def csrf_token(self):
        """The token of a form, as pages of the browser's session have it."""
        self.session = self.session_now()
        return Request.csrf_token(self)
