"""Addresses on the web, read strictly, so that nobody reads them otherwise.

A URL that two programs understand differently passes a check in one and leads
elsewhere in the other. So only the plain form is accepted (RFC 3986 without
user information, fragment, dot segments or encoded separators), and what was
read is written anew before it is used.
"""

import re
from typing import NamedTuple

_LONGEST = 2048
_FORM = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?\.?|\[[0-9a-f:.]{2,45}\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)*)"
    r"(?:\?(?P<query>[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*))?",
)
_ORIGIN = re.compile(r"\A[^/?#]*//[^/?#]*")
_ENCODED = re.compile("%(?![0-9A-Fa-f]{2})|%(?:2[eEfF]|5[cC]|00)")
_PORTS = {"http": 80, "https": 443}


class PlaceError(ValueError):
    """A text is not an address that can be used; says what to do."""


class Place(NamedTuple):
    """An address on the web.

    :param scheme: ``https`` or ``http``
    :param host: name, IPv4 address or IPv6 address in brackets; small letters
    :param port: never none
    :param path: empty or beginning with a slash
    :param query: without the question mark; none where there is none
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str | None = None

    @property
    def url(self) -> str:
        """The address, written in the one way that it was understood."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{self.host}{port}{self.path}{query}"

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path; a slash at its end adds none."""
        return tuple(self.path.rstrip("/").split("/")[1:])


def read_place(text: str) -> Place:
    """Read a URL.

    >>> read_place("HTTPS://Mapper.example:443/spar/v1").url
    'https://mapper.example/spar/v1'

    :raise PlaceError: another form than accepted here
    """
    match = _match(text)
    if match is None:
        raise PlaceError(
            "Write the address like https://host.example/path: with https, without "
            "user name, spaces, # or letters outside ASCII (a name in another "
            "script in its xn-- form)."
        )
    scheme, path = match["scheme"], match["path"]
    if _ENCODED.search(path) or {".", ".."} & set(path.split("/")) or "//" in path:
        raise PlaceError(
            "The path of the address must be plain: without //, without . or .. "
            "as a part, without %2F, %2E, %5C or %00."
        )
    port = int(match["port"] or _PORTS[scheme])
    if not 0 < port < 65536:
        raise PlaceError("The port of the address must be a number up to 65535.")
    return Place(scheme, match["host"], port, path, match["query"])


def _match(text: str) -> re.Match | None:
    """Match a text with scheme and host in small letters; their case says nothing."""
    if not isinstance(text, str) or len(text) > _LONGEST or not text.isascii():
        return None
    return _FORM.fullmatch(_ORIGIN.sub(lambda found: found[0].lower(), text))


def is_below(url: str, base: str) -> bool:
    """Whether a URL is a registered one or lies below it.

    Scheme, host and port are the same, and the path begins with all segments of
    the registered one. Neither may have a query: what is appended to a callback
    address would end up in it.

    >>> is_below("https://a.example/spar/v2", "https://a.example/spar")
    True
    >>> is_below("https://a.example/sparrow", "https://a.example/spar")
    False

    :param base: the registered address
    :return: false as well when either cannot be read
    """
    try:
        place, root = read_place(url), read_place(base)
    except PlaceError:
        return False
    if place[:3] != root[:3] or place.query is not None or root.query is not None:
        return False
    return place.segments[: len(root.segments)] == root.segments


def join(base: str, *segments: str) -> str:
    """Return the address of something below a registered address.

    >>> join("https://a.example/spar/", "on-link")
    'https://a.example/spar/on-link'

    :param segments: parts of the path, each without a slash at its ends
    :raise PlaceError: the result is no plain address, or ``base`` has a query
    """
    place = read_place(base)
    if place.query is not None:
        raise PlaceError("The address must not have a part that begins with ?.")
    path = "/".join((place.path.rstrip("/"), *segments))
    return read_place(place._replace(path=path).url).url
