"""Which addresses are pages of this portal, and what their headers say.

One question, asked for every response of the server: is it one of ours? So no page
can forget its headers, not even one that failed.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

HOME = "/my/benefit-account"
LOGIN = "/spar/login"
ENDED = "/spar/ended"

#: Where our pages live: these addresses, and everything below them.
ROOTS = (
    HOME,
    LOGIN,
    ENDED,
    "/spar/agent",
    "/spar/consent",
    "/spar/logout",
    "/spar/oidc",
    "/spar/stay",
)

#: Nothing is loaded from elsewhere, nothing runs that stands in the page itself, and
#: nobody may put the page into a frame: a name full of script stays a name.
_POLICY = (
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)


def is_ours(path: str) -> bool:
    """Whether a path, without its language, belongs to the portal.

    >>> is_ours("/my/benefit-account/history"), is_ours("/my/benefit-accounts")
    (True, False)
    """
    return any(path == root or path.startswith(f"{root}/") for root in ROOTS)


def origin_of(url: str | None) -> str | None:
    """Scheme, host and port of an address; none when it has none.

    >>> origin_of("https://id.example.org/authorize?x=1")
    'https://id.example.org'
    """
    try:
        parts = urlsplit(url or "")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or not _is_plain(host):
        return None
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _is_plain(host: str) -> bool:
    """Whether a host can stand in a header without ending it."""
    return host.isascii() and not set(host) - set(_HOST)


_HOST = "abcdefghijklmnopqrstuvwxyz0123456789.-:"


def headers(form_targets: Iterable[str | None] = ()) -> dict[str, str]:
    """The headers of every page.

    :param form_targets: addresses to which a form of ours may lead on, such as the
        login of a provider: browsers ask for them when a form is answered with a
        redirect
    """
    origins = sorted({origin for url in form_targets if (origin := origin_of(url))})
    policy = [*_POLICY, " ".join(["form-action 'self'", *origins])]
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(policy),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
