"""How the provider misbehaves, as a test or a demonstration asks for it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

#: Ways to answer instead of the right way; ``slow`` answers rightly, but late.
TROUBLES = ("slow", "error", "close", "garbage", "redirect", "huge")
ENDPOINTS = ("discovery", "jwks", "par", "token", "userinfo", "authorize")
ID_TOKENS = (
    "", "missing", "bad_signature", "alg_none", "hmac_public_key", "foreign_key",
    "wrong_issuer", "wrong_audience", "second_audience", "expired", "from_future",
    "wrong_nonce", "no_nonce", "wrong_at_hash", "no_at_hash", "old_auth_time",
    "no_auth_time", "no_acr", "no_exp", "no_sub", "wrong_sub",
)  # fmt: skip
USERINFOS = (
    "", "bad_signature", "alg_none", "hmac_public_key", "foreign_key", "wrong_sub",
    "no_sub", "plain_json", "truncated", "signed_by_service", "with_envelope",
)  # fmt: skip
JWKS_ALGS = ("", "right", "wrong")
OMITTED = ("", "identity", "service")
SMS_STATES = ("success", "server_error", "wrong_number_format", "insufficient_credit")


@dataclass(frozen=True)
class Behaviour:
    """Everything that can be switched; the defaults are a provider in good health.

    :param dict trouble: endpoint -> one of ``TROUBLES``
    :param float slow_seconds: how late a slow answer is
    :param int clock_skew: seconds the provider's clock is ahead (behind: negative)
    :param str id_token: how the ID token is wrong, one of ``ID_TOKENS``
    :param str userinfo: how userinfo is wrong, one of ``USERINFOS``
    :param str acr: told in place of what was satisfied; may hold several
    :param bool ignore_acr: authenticate with any method whatever was asked for
    :param str jwks_omit: whose key the key set leaves out
    :param str jwks_alg: whether keys name their algorithm, rightly or wrongly
    :param bool picture: whether a person's picture of 120 kB is told
    :param bool localized: names as ``name#en`` and ``name#fr``
    :param tuple withhold: claims that are left out though consented to
    :param dict claims: claims told in place of the person's own
    :param bool state_null: error redirects carry ``state=null`` (as after PAR)
    :param str iss: told in the redirect in place of the issuer
    :param str error: error code with which every login comes back
    :param str sms: how the SMS gateway answers, one of ``SMS_STATES``
    """

    trouble: dict = field(default_factory=dict)
    slow_seconds: float = 3.0
    clock_skew: int = 0
    id_token: str = ""
    userinfo: str = ""
    acr: str = ""
    ignore_acr: bool = False
    jwks_omit: str = ""
    jwks_alg: str = ""
    picture: bool = False
    localized: bool = False
    withhold: tuple = ()
    claims: dict = field(default_factory=dict)
    state_null: bool = False
    iss: str = ""
    error: str = ""
    sms: str = "success"

    def changed(self, values: Mapping) -> "Behaviour":
        """The same with some switches set.

        :param values: as JSON gives them
        :raise ValueError: for a switch or a position that does not exist
        """
        unknown = set(values) - set(asdict(self))
        if unknown:
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
        changed = replace(self, **values)
        changed._check()
        return changed

    def _check(self) -> None:
        for name, allowed in _POSITIONS.items():
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} is none of {', '.join(filter(None, allowed))}"
                )
        for endpoint, kind in self.trouble.items():
            if endpoint not in ENDPOINTS or kind not in TROUBLES:
                raise ValueError(f"no such trouble: {endpoint} {kind}")
        if not 0 <= self.slow_seconds <= 60:
            raise ValueError("slow_seconds goes from 0 to 60")


_POSITIONS = {
    "id_token": ID_TOKENS,
    "userinfo": USERINFOS,
    "jwks_omit": OMITTED,
    "jwks_alg": JWKS_ALGS,
    "sms": SMS_STATES,
}
