"""What differs between the releases of eSignet, as one table.

Each value was read in the release's own sources: addresses and issuer in its
properties, audiences and ids in TokenServiceImpl, lifetimes in its cache settings;
those of 2.0, which is written anew in Go, in its guide for relying parties.
"""

from dataclasses import dataclass, field

SERVICE = "/v1/esignet"
MODERN = ("RS256", "PS256", "ES256")
PATHS = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": f"{SERVICE}/oauth/v2/token",
    "userinfo_endpoint": f"{SERVICE}/oidc/userinfo",
    "jwks_uri": "/.well-known/jwks.json",
    "pushed_authorization_request_endpoint": f"{SERVICE}/oauth/par",
}
#: Where 2.0 has the same.
PATHS_2 = PATHS | {
    "authorization_endpoint": f"{SERVICE}/oauth2/authorize",
    "token_endpoint": f"{SERVICE}/oauth2/token",
    "userinfo_endpoint": f"{SERVICE}/oauth2/userinfo",
    "pushed_authorization_request_endpoint": f"{SERVICE}/oauth2/par",
}


@dataclass(frozen=True)
class Profile:
    """One release.

    :param str issuer_path: path of the issuer behind the host
    :param tuple assertion_algs: signatures a client may use
    :param bool issuer_is_audience: whether an assertion may be for the issuer
    :param bool endpoint_is_audience: whether it may be for an endpoint's address
    :param bool needs_jti: whether an assertion must carry a jti
    :param str signing_alg: signature of ID and access token
    :param bool sends_iss: RFC 9207 parameter in a success
    :param bool pushes: whether requests may be pushed (PAR)
    :param bool proves: whether tokens may be bound to a key (DPoP)
    :param bool oauth_errors: OAuth error codes; else the raw internal ones
    :param int code_seconds: life of an authorization code
    :param int pushed_seconds: life of a pushed request
    :param int leeway_seconds: how far a client's clock may be wrong
    :param bool writes_end_of_keys: the key set tells ends as text, else as a number
    :param dict paths: of the endpoints, by their names in the metadata
    """

    issuer_path: str = SERVICE
    assertion_algs: tuple[str, ...] = MODERN
    issuer_is_audience: bool = True
    endpoint_is_audience: bool = True
    needs_jti: bool = True
    signing_alg: str = "PS256"
    sends_iss: bool = True
    pushes: bool = True
    proves: bool = True
    oauth_errors: bool = True
    code_seconds: int = 300
    pushed_seconds: int = 60
    leeway_seconds: int = 5
    writes_end_of_keys: bool = False
    paths: dict = field(default_factory=lambda: PATHS, hash=False)


_OLD = {
    "assertion_algs": ("RS256",),
    "issuer_is_audience": False,
    "signing_alg": "RS256",
    "sends_iss": False,
    "pushes": False,
    "proves": False,
    "oauth_errors": False,
    "code_seconds": 600,
}
PROFILES = {
    "1.5": Profile(**_OLD, needs_jti=False),
    "1.6": Profile(**_OLD),
    "1.7": Profile(),
    "1.8": Profile(issuer_path=""),
    "2.0": Profile(
        issuer_path="",
        assertion_algs=(*MODERN, "ES384", "ES512"),
        endpoint_is_audience=False,
        code_seconds=120,
        pushed_seconds=3600,
        leeway_seconds=10,
        writes_end_of_keys=True,
        paths=PATHS_2,
    ),
}
DISCOVERY = "/.well-known/openid-configuration"
SCOPES = ["openid", "profile", "email", "phone", "address"]
CLAIMS = [
    "name", "address", "gender", "birthdate", "picture", "email",
    "phone_number", "individual_id", "phone_number_verified",
]  # fmt: skip


def issuer(host: str, profile: Profile) -> str:
    """The issuer, for a host such as ``http://127.0.0.1:8088``."""
    return host + profile.issuer_path


def discovery(host: str, profile: Profile) -> dict:
    """The metadata document, with what the releases really announce."""
    paths = profile.paths
    names = [name for name in paths if profile.pushes or not name.startswith("pushed")]
    document = {
        "issuer": issuer(host, profile),
        **{name: host + paths[name] for name in names},
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(
            profile.assertion_algs
        ),
        "subject_types_supported": ["pairwise"],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "id_token_signing_alg_values_supported": ["RS256", "PS256"],
        "userinfo_signing_alg_values_supported": ["RS256", "PS256"],
        # The placeholder that releases really carry: nothing to be driven by.
        "userinfo_encryption_alg_values_supported": ["RSAXXXXX"],
        "userinfo_encryption_enc_values_supported": ["A128GCM"],
        "claims_supported": CLAIMS,
        "claims_locales_supported": ["en"],
        "ui_locales_supported": ["en"],
        "display_values_supported": ["page", "popup", "touch", "wap"],
    }
    return document | (_modern() if profile.sends_iss else {})


def _modern() -> dict:
    return {
        "code_challenge_methods_supported": ["S256"],
        "require_pushed_authorization_requests": False,
        "authorization_response_iss_parameter_supported": True,
        "dpop_signing_alg_values_supported": ["ES256", "PS256", "RS256"],
    }
