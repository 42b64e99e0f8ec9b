"""Rules of a login that are ours, not the protocol's: browser, limits, outcomes."""

import hashlib
import ipaddress
from typing import NamedTuple

from .oidc.errors import CODES

#: Outcome of a login that succeeded.
SUCCEEDED = "succeeded"
#: Failures that we find ourselves, beside those of ``core.oidc.errors``.
OWN_CODES = {
    "not_started_here": "the login began in another browser, was used, or never began",
    "too_many": "more logins from one address, or of one person, than allowed",
    "other_person": "somebody else logged in than the person whose change it is",
    "provider_closed": "the provider is not offered, or was closed on the way",
    "id_unusable": "no ID of the registry can be made of what the provider said",
    "shut_out": "the person's login was closed by staff",
}
FAILURES = {**CODES, **OWN_CODES}


class Limit(NamedTuple):
    """How often somebody may do something.

    :ivar seconds: length of the window in which it is counted
    """

    kind: str
    count: int
    seconds: int


#: Of one network address. Three hundred people at one kiosk in ten minutes, each of
#: whom logs in twice, stay below it.
START_OF_ADDRESS = Limit("login_start", 1200, 600)
CALLBACK_OF_ADDRESS = Limit("callback", 1200, 600)
#: Of one person.
LOGINS_OF_PERSON = Limit("login", 20, 600)
STEP_UPS_OF_PERSON = Limit("step_up", 10, 600)


def network_of(address: str | None) -> str:
    """Return whose attempts are counted together: an address, or a home's network.

    A home gets 2^64 addresses of IPv6, so the first half counts as one.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3::4")
    ('192.0.2.7', '2001:db8:1:2::/64')
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def digest_browser(secret: str) -> str:
    """Return the digest under which the secret of a browser is stored."""
    return hashlib.sha256(f"browser {secret}".encode()).hexdigest()
