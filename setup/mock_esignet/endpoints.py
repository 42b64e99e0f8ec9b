"""What a relying party's server calls: discovery, keys, PAR, token, userinfo."""

import secrets
import time
from datetime import datetime, timezone

from authlib.integrations.flask_oauth2 import ResourceProtector
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import Blueprint, Response, jsonify, request

from . import dpop, tokens, trouble
from .authorization import BadRequest, check
from .clients import AUTH_METHOD
from .grants import Server, StoredRequest
from .profiles import DISCOVERY, PATHS, PATHS_2, PROFILES, SERVICE, discovery

#: Names of errors before 1.7, by those of OAuth.
RAW = {
    "invalid_client": "invalid_assertion",
    "invalid_grant": "invalid_transaction",
    "invalid_request": "invalid_input",
}


def make_blueprint(server: Server) -> Blueprint:
    """The endpoints of a server."""
    endpoints, part = Endpoints(server), Blueprint("endpoints", __name__)
    old, new = endpoints.old_discovery, endpoints.new_discovery
    part.get(DISCOVERY, endpoint="discovery")(new)
    part.get("/.well-known/oauth-authorization-server", endpoint="metadata")(new)
    part.get(f"{SERVICE}/oidc{DISCOVERY}", endpoint="old_discovery")(old)
    part.get(PATHS["jwks_uri"])(endpoints.jwks)
    part.get(f"{SERVICE}/oauth/.well-known/jwks.json", endpoint="old_jwks")(
        endpoints.jwks
    )
    for prefix, paths in (("", PATHS), ("second_", PATHS_2)):
        for name, method, view in (
            ("pushed_authorization_request_endpoint", "POST", endpoints.par),
            ("token_endpoint", "POST", endpoints.token),
            ("userinfo_endpoint", "GET", endpoints.userinfo),
        ):
            part.add_url_rule(paths[name], prefix + name, view, methods=[method])
    return part


class Tokens(BearerTokenValidator):
    """Access tokens that were issued here."""

    def __init__(self, server: Server):
        super().__init__()
        self.server = server

    def authenticate_token(self, token_string: str):
        return self.server.store.tokens.get(token_string)


class Proven(Tokens):
    """The same, sent with the scheme of DPoP."""

    TOKEN_TYPE = "dpop"  # noqa: S105 - a scheme's name


class Endpoints:
    """One method for each endpoint."""

    def __init__(self, server: Server):
        self.server, self.store = server, server.store
        self.nonces = dpop.Nonces()
        self.protector = ResourceProtector()
        self.protector.register_token_validator(Tokens(server))
        self.protector.register_token_validator(Proven(server))

    def new_discovery(self):
        """Where the pages' web server answers it, for every release."""
        release = self.store.release
        return trouble.answer(self.store, "discovery") or jsonify(
            discovery(self.server.host, PROFILES[release])
        )

    def old_discovery(self):
        """Where the service itself answers it: not below the issuer."""
        release = self.store.old_release
        return trouble.answer(self.store, "discovery") or jsonify(
            discovery(self.server.host, PROFILES[release])
        )

    def jwks(self):
        """The keys of the service and of the identity system."""
        if bad := trouble.answer(self.store, "jwks"):
            return bad
        behaviour, profile = self.store.behaviour, PROFILES[self.store.release]
        published = self.store.keys.published(
            behaviour.jwks_omit, behaviour.jwks_alg, PROFILES["1.8"].signing_alg
        )
        if profile.writes_end_of_keys:
            for key in published["keys"]:
                end = datetime.fromtimestamp(key["exp"], timezone.utc)
                key["exp"] = end.isoformat()
        return jsonify(published)

    def par(self):
        """Take a request in advance; the browser brings only its name."""
        if bad := trouble.answer(self.store, "par"):
            return bad
        try:
            values, seconds = self._pushed_values()
        except BadRequest as error:
            return jsonify(error=str(error), error_description=str(error)), 400
        except OAuth2Error as error:
            return self._refusal(error.error, oauth_errors=True)
        name = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(16)}"
        self.store.pushed[name] = values, time.monotonic() + seconds
        return jsonify(request_uri=name, expires_in=seconds), 201

    def _pushed_values(self) -> tuple[dict, int]:
        client = self.server.authenticate_client(
            self.server.create_oauth2_request(request), [AUTH_METHOD], "token"
        )
        values = {
            name: value
            for name, value in request.form.items()
            if not name.startswith("client_assertion")
        }
        if not client.profile.pushes or values.get("client_id") != client.client_id:
            raise BadRequest("invalid_request")
        # The nonce is used up by the page, not by this.
        unused = {k: v for k, v in values.items() if k != "nonce"}
        check(self.server, StoredRequest(self.server.host, unused), pushed=True)
        return values, client.profile.pushed_seconds

    def token(self):
        """Exchange a code; everything about the person was verified before."""
        if bad := trouble.answer(self.store, "token"):
            return bad
        thumbprint, refusal = self._proof(request.path)
        if refusal:
            return refusal
        response = self.server.create_token_response()
        content = response.get_json()
        if response.status_code == 200 and thumbprint:
            self.store.tokens[content["access_token"]].thumbprint = thumbprint
            content["token_type"] = "DPoP"  # noqa: S105 - a scheme's name
        if "error" in content:
            return self._refusal(content["error"], self._speaks_oauth())
        return jsonify(content), response.status_code, {"Cache-Control": "no-store"}

    def userinfo(self):
        """Claims about the person, signed; the error header lacks its scheme."""
        if bad := trouble.answer(self.store, "userinfo"):
            return bad
        try:
            token = self.protector.validate_request(["openid"], request)
        except OAuth2Error:
            return _unauthorized("invalid_token")
        if refusal := self._wrong_proof(token):
            return refusal
        body, kind = tokens.userinfo(self.store, token.login, self.server.host)
        return Response(body, content_type=kind)

    def _wrong_proof(self, token) -> Response | None:
        if not token.thumbprint:
            return None
        sent = request.headers["Authorization"].split()[1]
        try:
            thumbprint = dpop.verify(
                request.headers.get("DPoP", ""), "GET",
                self.server.host + request.path,
                self.store, self.nonces, sent,
            )  # fmt: skip
        except dpop.BadProof as error:
            return _unauthorized(str(error), self.nonces.new())
        return (
            None if thumbprint == token.thumbprint else _unauthorized("invalid_token")
        )

    def _proof(self, path: str) -> tuple[str, tuple | None]:
        """Thumbprint of the proof at the token endpoint, or the refusal to answer."""
        proof = request.headers.get("DPoP")
        if not proof:
            client = self.store.clients.get(request.form.get("client_id"))
            needed = client and client.dpop_bound_access_tokens
            return "", self._refusal("invalid_dpop_proof", True) if needed else None
        url = self.server.host + path
        try:
            return dpop.verify(proof, "POST", url, self.store, self.nonces), None
        except dpop.BadProof as error:
            body, status = self._refusal(str(error), True)
            return "", (body, status, {"DPoP-Nonce": self.nonces.new()})

    def _speaks_oauth(self) -> bool:
        client = self.store.clients.get(request.form.get("client_id"))
        return client is None or client.profile.oauth_errors

    def _refusal(self, error: str, oauth_errors: bool) -> tuple:
        code = error if oauth_errors else RAW.get(error, error)
        return jsonify(error=code, error_description=code), 400


def _unauthorized(error: str, nonce: str = "") -> Response:
    headers = {"WWW-Authenticate": f'error="{error}"'}
    return Response("", 401, headers | ({"DPoP-Nonce": nonce} if nonce else {}))
