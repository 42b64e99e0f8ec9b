"""Which IP addresses the registry may connect to.

Partners name hosts, and a host may resolve to anything: to this server, to its
neighbours, to the metadata service of a cloud. So not the name is judged but the
address that will be connected to, and all that is not plainly of the public
internet is refused, unless an administrator allowed that very address.

Sources: the IANA registries of special-purpose addresses (RFC 6890 and its
updates); the transition forms of RFC 4291, 6052, 3056 and 4380, which carry an
IPv4 address inside an IPv6 one and would reach it through a gateway.
"""

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REFUSED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network, RFC 791
            "10.0.0.0/8",  # private, RFC 1918
            "100.64.0.0/10",  # shared by carriers, RFC 6598
            "127.0.0.0/8",  # loopback, RFC 1122
            "168.63.129.16/32",  # public by form, but a cloud's own service
            "169.254.0.0/16",  # link-local and cloud metadata, RFC 3927
            "172.16.0.0/12",  # private, RFC 1918
            "192.0.0.0/24",  # protocol assignments, RFC 6890
            "192.0.2.0/24",  # documentation, RFC 5737
            "192.31.196.0/24",  # AS112, RFC 7535
            "192.52.193.0/24",  # AMT, RFC 7450
            "192.88.99.0/24",  # relays of 6to4, RFC 7526
            "192.168.0.0/16",  # private, RFC 1918
            "192.175.48.0/24",  # AS112, RFC 7534
            "198.18.0.0/15",  # benchmarks, RFC 2544
            "198.51.100.0/24",  # documentation, RFC 5737
            "203.0.113.0/24",  # documentation, RFC 5737
            "224.0.0.0/4",  # multicast, RFC 1112
            "240.0.0.0/4",  # reserved and broadcast, RFC 1112
        ),
    )
)
#: Of IPv6 only this is given to hosts of the public internet (RFC 4291, 2.4).
_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo, ORCHID, RFC 2928
            "2001:db8::/32",  # documentation, RFC 3849
            "2002::/16",  # 6to4, RFC 3056
            "2620:4f:8000::/48",  # AS112, RFC 7534
            "3fff::/20",  # documentation, RFC 9637
        ),
    )
)


class Allowed(NamedTuple):
    """An address that an administrator allowed.

    :param ip: in its normal form
    :param port: 0: any
    """

    ip: str
    port: int = 0


def normalize_ip(text: str) -> str:
    """Return the one way to write an IP address; a mapped one as its IPv4.

    >>> normalize_ip("::FFFF:10.0.0.1"), normalize_ip("2001:DB8:0::1")
    ('10.0.0.1', '2001:db8::1')

    :raise ValueError: not an IP address
    """
    return str(_read_ip(text))


def normalize_host(text: str) -> str:
    """Return the address of one host in its normal form.

    >>> normalize_host(" 10.0.0.1 ")
    '10.0.0.1'

    :raise ValueError: no IP address, or one that is not of one host
    """
    ip = normalize_ip(text.strip())
    address = ipaddress.ip_address(ip)
    if address.is_unspecified or address.is_multicast:
        raise ValueError("not of one host")
    return ip


def _read_ip(text: str) -> _Address:
    """Read an address as the system connects to it: a mapped one is IPv4."""
    address = ipaddress.ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def is_public(text: str) -> bool:
    """Whether an IP address belongs to a host of the public internet.

    >>> is_public("192.0.32.10"), is_public("::ffff:127.0.0.1")
    (True, False)

    :param text: as the system resolved it; what is no address is not public
    """
    try:
        address = _read_ip(text)
    except ValueError:
        return False
    if address.version == 6 and (address not in _UNICAST_V6 or address.scope_id):
        return False
    refused = _REFUSED_V4 if address.version == 4 else _REFUSED_V6
    # What a newer interpreter knows to be special is refused as well.
    return address.is_global and not any(address in network for network in refused)


def may_connect(
    text: str, port: int, is_encrypted: bool, allowed: Iterable[Allowed]
) -> bool:
    """Whether the registry may connect to an address.

    :param text: IP address, as the system resolved it
    :param is_encrypted: without TLS only allowed addresses are reached
    :param allowed: what an administrator allowed
    """
    if is_encrypted and is_public(text):
        return True
    try:
        ip = normalize_ip(text)
    except ValueError:
        return False
    return any(one.ip == ip and one.port in (0, port) for one in allowed)
