"""Whether a provider is set up rightly: its record against what it says of itself."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import NamedTuple

from ..said import Marked, _lt
from .settings import Settings

OK, WARNING, FAILED = "ok", "warning", "failed"
#: Seconds of difference at which eSignet refuses assertions.
MOST_SKEW = 5
_ADDRESSES = {
    "authorization_endpoint": "authorization_endpoint",
    "token_endpoint": "token_endpoint",
    "userinfo_endpoint": "userinfo_endpoint",
    "jwks_uri": "jwks_url",
    "pushed_authorization_request_endpoint": "par_endpoint",
}


class Check(NamedTuple):
    """One thing that was looked at.

    :param code: for programs
    :param outcome: :data:`OK`, :data:`WARNING` or :data:`FAILED`
    :param sentence: for those who look after the provider
    :param values: that belong into the sentence, by name
    """

    code: str
    outcome: str
    sentence: str
    values: Mapping[str, object] = MappingProxyType({})


def check_document(document: dict, settings: Settings) -> list[Check]:
    """Compare what a provider publishes of itself with its record.

    What it does not say is no fault: eSignet leaves much out.

    :param document: of its discovery, whole
    """
    return [
        _check_issuer(document, settings),
        *_check_addresses(document, settings),
        *_check_abilities(document, settings),
    ]


def _check_issuer(document: dict, settings: Settings) -> Check:
    if document.get("issuer") == settings.issuer:
        said = _lt("The provider has the issuer of the record.")
        return Check("issuer", OK, said)
    told = _shorten(document.get("issuer"))
    said = _lt("The provider calls itself %(told)s: compare.")
    return Check("issuer", FAILED, said, {"told": told})


def _check_addresses(document: dict, settings: Settings) -> list[Check]:
    """An address that differs may be right: a provider inside the own network."""
    differing = [
        theirs
        for theirs, ours in _ADDRESSES.items()
        if getattr(settings, ours)
        and document.get(theirs)
        and document[theirs] != getattr(settings, ours)
    ]
    if not differing:
        said = _lt("All addresses are those of the provider.")
        return [Check("addresses", OK, said)]
    return [
        Check(
            "addresses",
            WARNING,
            _lt("The provider names another %(name)s: %(address)s"),
            {"name": name, "address": _shorten(document[name])},
        )
        for name in differing
    ]


def _check_abilities(document: dict, settings: Settings) -> list[Check]:
    """Look at what the provider says it can, as far as it says so."""
    wanted = (
        ("scopes_supported", settings.scope.split(), all, _lt("scope")),
        ("response_types_supported", ["code"], all, _lt("response type")),
        (
            "token_endpoint_auth_methods_supported",
            ["private_key_jwt"],
            all,
            _lt("client authentication"),
        ),
        (
            "token_endpoint_auth_signing_alg_values_supported",
            [settings.client_alg],
            all,
            _lt("signature of the client"),
        ),
        (
            "id_token_signing_alg_values_supported",
            settings.id_token_algs,
            any,
            _lt("signature of ID tokens"),
        ),
        ("code_challenge_methods_supported", ["S256"], all, _lt("PKCE method")),
        (
            "acr_values_supported",
            settings.acr_values + settings.step_up_acr_values,
            all,
            _lt("proof of the identity"),
        ),
    )
    checks = []
    for name, values, how, label in wanted:
        told = document.get(name)
        if isinstance(told, list) and values:
            checks.append(_check_values(told, values, how, label))
    return checks + _check_callback(document, settings)


def _check_values(told: list, values, how, label: Marked) -> Check:
    missing = [value for value in values if value not in told]
    code = label.replace(" ", "_")
    if not missing or (how is any and len(missing) < len(values)):
        said = _lt("The provider knows this %(label)s.")
        return Check(code, OK, said, {"label": label})
    return Check(
        code,
        WARNING,
        _lt("The provider does not name this %(label)s: %(missing)s"),
        {"label": label, "missing": " ".join(missing)},
    )


def _check_callback(document: dict, settings: Settings) -> list[Check]:
    """See whether answers must name the issuer (RFC 9207)."""
    names = document.get("authorization_response_iss_parameter_supported") is True
    if not names and not settings.may_lack_iss:
        return [
            Check(
                "iss",
                WARNING,
                _lt(
                    "The provider does not promise to name itself in its answers: if"
                    " logins fail, let answers lack the issuer."
                ),
            )
        ]
    if names and settings.may_lack_iss:
        return [
            Check(
                "iss",
                WARNING,
                _lt(
                    "The provider names itself in its answers: let none lack the"
                    " issuer, unless people log in with wallets."
                ),
            )
        ]
    said = _lt("Answers name the issuer as the record expects.")
    return [Check("iss", OK, said)]


def check_clock(date: str, now: float) -> Check:
    """Compare the clock of the provider with ours.

    :param date: HTTP header ``Date`` of an answer, empty where there is none
    :param now: seconds since the epoch, when it came
    """
    try:
        told = parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, OverflowError):
        said = _lt("The provider does not tell its time.")
        return Check("clock", WARNING, said)
    difference = round(now - told)
    if abs(difference) <= MOST_SKEW:
        return Check("clock", OK, _lt("Both clocks agree."))
    return Check(
        "clock",
        FAILED,
        _lt("The clocks differ by %(seconds)s seconds: synchronise both (NTP)."),
        {"seconds": abs(difference)},
    )


def _shorten(value: object) -> str:
    return str(value)[:200] if value else _lt("nothing")
