"""A relying party of the mock eSignet, small enough to see what the mock does.

It shares nothing with the portal's own: tests of the mock must not agree with the
portal by having its mistakes.
"""

import base64
import hashlib
import json
import secrets
import time
from urllib.parse import parse_qs, urlsplit

from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CALLBACK = "https://portal.example/callback"
ALGORITHMS = ["RS256", "PS256"]
#: A picture is longer than the library takes by itself.
LARGEST_PAYLOAD = 1_000_000


def form_of(key) -> dict:
    """A public key as it is registered."""
    return key.as_dict(private=False)


class RelyingParty:
    """One client of one provider, driven through the provider's own pages.

    :param web: Flask's test client of the mock
    :param str host: where the mock believes to be
    """

    def __init__(self, web, host: str, **registration):
        self.web, self.host = web, host
        self.client_id = f"client-{secrets.token_hex(4)}"
        self.key = RSAKey.generate_key(2048)
        self.seal = RSAKey.generate_key(2048)
        values = {"public_key": form_of(self.key), "redirect_uris": [CALLBACK]}
        done = web.put(f"/control/clients/{self.client_id}", json=values | registration)
        assert done.status_code == 200, done.text
        old = registration.get("release", "1.8") < "1.7"
        self.alg = "RS256" if old else "PS256"
        where = "/v1/esignet/oidc" if old else ""
        self.metadata = web.get(f"{where}/.well-known/openid-configuration").get_json()
        self.verifier = secrets.token_urlsafe(48)

    # === THE BROWSER'S PART === #

    def request(self, **values) -> dict:
        """Parameters of an authorization request; None leaves one out."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        usual = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid profile",
            "state": secrets.token_hex(8),
            "nonce": secrets.token_hex(8),
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        } | values
        return {name: value for name, value in usual.items() if value is not None}

    def open(self, **values):
        """The first page of a login, or the page of a refusal."""
        path = urlsplit(self.metadata["authorization_endpoint"]).path
        return self.web.get(path, query_string=self.request(**values))

    def login(self, number="2154189532", code="111111", allowed=None, **values) -> dict:
        """Go through all pages; what came back in the redirect."""
        opened = self.open(**values)
        assert opened.status_code == 302, opened.text
        return self.walk(opened.location, number, code, allowed)

    def walk(self, page: str, number: str, code: str, allowed=None) -> dict:
        """Go on from the first page of a login."""
        self.web.post(page, data={"number": number})
        proven = self.web.post(f"{page}/prove", data={"code": code, "finger": "on"})
        if proven.location and proven.location.endswith("/consent"):
            every = allowed or ["name", "gender", "birthdate", "picture"]
            proven = self.web.post(f"{page}/consent", data={"claim": every})
        assert proven.status_code == 303, proven.text
        return told(proven.location)

    # === THE SERVER'S PART === #

    def assertion(self, **claims) -> str:
        """A client assertion; None leaves a claim out."""
        now = int(time.time())
        usual = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.metadata["token_endpoint"],
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_hex(8),
        } | claims
        content = {name: value for name, value in usual.items() if value is not None}
        return jwt.encode({"alg": self.alg}, content, self.key, [self.alg])

    def call(self, endpoint: str, headers=None, assertion=None, **values):
        """Post to an endpoint with an assertion; None leaves a value out."""
        form = {
            "client_id": self.client_id,
            "client_assertion_type": JWT_BEARER,
            "client_assertion": assertion or self.assertion(),
        } | values
        form = {name: value for name, value in form.items() if value is not None}
        path = urlsplit(self.metadata[endpoint]).path
        return self.web.post(path, data=form, headers=headers)

    def redeem(self, code: str, headers=None, **values):
        """Exchange a code."""
        usual = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
        }
        return self.call("token_endpoint", headers, **usual | values)

    def tokens(self, **values) -> dict:
        """Log in and exchange the code."""
        answer = self.redeem(self.login(**values)["code"])
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def userinfo(self, access_token: str, scheme="Bearer", **headers):
        """Ask about the person."""
        headers["Authorization"] = f"{scheme} {access_token}"
        return self.web.get(
            urlsplit(self.metadata["userinfo_endpoint"]).path, headers=headers
        )

    def keys(self) -> KeySet:
        """The provider's published keys."""
        content = self.web.get(urlsplit(self.metadata["jwks_uri"]).path).get_json()
        return KeySet.import_key_set(content)

    def read(self, token: str) -> tuple[dict, dict]:
        """Header and claims of a token that the published keys verify."""
        registry = jws.JWSRegistry(algorithms=ALGORITHMS)
        registry.max_payload_length = LARGEST_PAYLOAD
        found = jwt.decode(token, self.keys(), registry=registry)
        return found.header, found.claims

    def unseal(self, token: str) -> str:
        """What is inside a sealed answer."""
        registry = jwe.JWERegistry(algorithms=["RSA-OAEP-256", "A256GCM"])
        return jwe.decrypt_compact(
            token, self.seal, registry=registry
        ).plaintext.decode()


class Prover:
    """The key and the proofs of a client that binds its tokens (DPoP)."""

    def __init__(self):
        self.key = ECKey.generate_key("P-256")

    def proof(self, method: str, url: str, nonce=None, token="", **claims) -> dict:
        """The header with a proof."""
        content = {
            "htm": method,
            "htu": url,
            "iat": int(time.time()),
            "jti": secrets.token_hex(8),
        } | claims
        if nonce:
            content["nonce"] = nonce
        if token:
            digest = hashlib.sha256(token.encode()).digest()
            content["ath"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": form_of(self.key)}
        return {"DPoP": jwt.encode(header, content, self.key, ["ES256"])}


def told(location: str) -> dict:
    """The parameters of a redirect, one value each."""
    return {name: one for name, (one,) in parse_qs(urlsplit(location).query).items()}


def claims_request(**userinfo) -> str:
    """The claims parameter that asks for some claims."""
    return json.dumps({"userinfo": userinfo})
