"""Tokens and userinfo as eSignet writes them, and bent in every way on demand."""

import hmac
import json
import secrets
from collections.abc import Callable

from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.util import urlsafe_b64encode

from .clients import Client
from .keys import SigningKey
from .people import subject
from .profiles import issuer
from .store import TOKEN_SECONDS, Login, Store

AN_HOUR = 3600


class AccessTokens:
    """Access tokens: JWTs, which clients should not look into."""

    def __init__(self, store: Store, host: str):
        self.store, self.host = store, host

    def __call__(
        self, grant_type, client, user=None, scope=None, expires_in=None, **_options
    ) -> dict:
        now, key = self.store.now(), self.store.keys.service
        alg = client.profile.signing_alg
        claims = {
            "iss": issuer(self.host, client.profile),
            "sub": subject_of(user),
            "aud": client.client_id,
            "client_id": client.client_id,
            "scope": scope,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_urlsafe(12),
        }
        token = jwt.encode({"alg": alg, "kid": key.kid}, claims, key.key, [alg])
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": scope,
        }


def subject_of(login: Login) -> str:
    """How the provider names the person to the client."""
    return subject(login.person.id, login.client.relying_party_id)


# === BENDING === #


def _signed(claims: dict, key: SigningKey, alg: str) -> str:
    return jwt.encode({"kid": key.kid, "alg": alg}, claims, key.key, [alg])


def _read(token: str) -> dict:
    return json.loads(jws.extract_compact(token.encode()).payload)


def _encoded(*parts: dict) -> str:
    return ".".join(
        urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts
    )


def _none(claims: dict) -> str:
    return _encoded({"alg": "none"}, claims) + "."


def _hmac(claims: dict, key: SigningKey) -> str:
    """Signed with the public key as if it were a shared secret (key confusion)."""
    message = _encoded({"alg": "HS256", "kid": key.kid}, claims)
    digest = hmac.digest(key.public_pem(), message.encode(), "sha256")
    return f"{message}.{urlsafe_b64encode(digest).decode()}"


def _spoiled(token: str) -> str:
    """The same with another signature of the same length."""
    head, _, signature = token.rpartition(".")
    return (
        f"{head}.{signature[:9]}{'A' if signature[9] != 'A' else 'B'}{signature[10:]}"
    )


def _without(name: str) -> Callable[[dict], dict]:
    return lambda claims: {k: v for k, v in claims.items() if k != name}


def _with(**values) -> Callable[[dict], dict]:
    return lambda claims: claims | values


def _shifted(seconds: int) -> Callable[[dict], dict]:
    def shift(claims: dict) -> dict:
        times = {k: claims[k] + seconds for k in ("iat", "exp", "auth_time")}
        return claims | times

    return shift


#: How the claims of an ID token are bent; it is then signed as it should be.
_BENT = {
    "wrong_issuer": _with(iss="https://somebody.example"),
    "wrong_audience": _with(aud="somebody-else"),
    "second_audience": lambda c: c | {"aud": [c["aud"], "somebody-else"]},
    "expired": _shifted(-2 * AN_HOUR),
    "from_future": _shifted(AN_HOUR),
    "wrong_nonce": _with(nonce="another-login"),
    "no_nonce": _without("nonce"),
    "wrong_at_hash": _with(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "no_at_hash": _without("at_hash"),
    "old_auth_time": lambda c: c | {"auth_time": c["auth_time"] - AN_HOUR},
    "no_auth_time": _without("auth_time"),
    "no_acr": _without("acr"),
    "no_exp": _without("exp"),
    "no_sub": _without("sub"),
    "wrong_sub": _with(sub="somebody-else"),
}


def bent_id_token(right: str, store: Store, client: Client) -> str | None:
    """The ID token as the switches want it.

    :param right: as it should be
    :return: None when none is to be sent
    """
    how, key, alg = (
        store.behaviour.id_token,
        store.keys.service,
        client.profile.signing_alg,
    )
    if how == "missing":
        return None
    if how in _BENT:
        return _signed(_BENT[how](_read(right)), key, alg)
    return _bent_signature(right, how, store, key, alg)


def _bent_signature(right: str, how: str, store: Store, key: SigningKey, alg: str):
    if how == "bad_signature":
        return _spoiled(right)
    if how == "alg_none":
        return _none(_read(right))
    if how == "hmac_public_key":
        return _hmac(_read(right), key)
    if how == "foreign_key":
        foreign = store.keys.foreign
        return jwt.encode(
            {"kid": key.kid, "alg": alg}, _read(right), foreign.key, [alg]
        )
    return right


# === USERINFO === #


def userinfo_claims(store: Store, login: Login) -> dict:
    """What is told about the person: sub and what was consented to, nothing else."""
    behaviour = store.behaviour
    known = login.person.claims() | behaviour.claims
    if behaviour.picture:
        known["picture"] = "data:image/jpeg;base64," + "QUJD" * 30_000
    names = [n for n in login.consented if n in known and n not in behaviour.withhold]
    told = {name: known[name] for name in names}
    if behaviour.localized and "name" in told:
        name = told.pop("name")
        told |= {"name#en": name, "name#fr": name}
    return {"sub": subject_of(login)} | told


def userinfo(store: Store, login: Login, host: str) -> tuple[str, str]:
    """The body and its content type.

    The identity system signs with its own key and RS256; a sealed answer wraps that.
    """
    claims, how = userinfo_claims(store, login), store.behaviour.userinfo
    if how == "plain_json":
        return json.dumps(claims), "application/json"
    signed = _signed_userinfo(store, login, _bent_userinfo(claims, how, login, host))
    if login.client.userinfo_response_type == "JWE":
        signed = _sealed(signed, login.client)
    return signed[
        : len(signed) // 2
    ] if how == "truncated" else signed, "application/jwt"


def _bent_userinfo(claims: dict, how: str, login: Login, host: str) -> dict:
    if how == "wrong_sub":
        return claims | {"sub": "somebody-else"}
    if how == "no_sub":
        return {k: v for k, v in claims.items() if k != "sub"}
    if how == "with_envelope":
        client = login.client
        return claims | {"iss": issuer(host, client.profile), "aud": client.client_id}
    return claims


def _signed_userinfo(store: Store, login: Login, claims: dict) -> str:
    how, key = store.behaviour.userinfo, store.keys.identity
    if how == "signed_by_service":
        return _signed(claims, store.keys.service, login.client.profile.signing_alg)
    right = _signed(claims, key, "RS256")
    return _bent_signature(right, how, store, key, "RS256")


def _sealed(signed: str, client: Client) -> str:
    kind = {"RSA": RSAKey, "EC": ECKey}[client.enc_public_key["kty"]]
    algorithms = [client.jwe_alg, client.jwe_enc]
    header = {"alg": client.jwe_alg, "enc": client.jwe_enc, "cty": "JWT"}
    if "kid" in client.enc_public_key:
        header["kid"] = client.enc_public_key["kid"]
    key = kind.import_key(client.enc_public_key)
    return jwe.encrypt_compact(
        header, signed, key, registry=jwe.JWERegistry(algorithms=algorithms)
    )
