"""Only plainly public addresses are connected to, or those that were allowed."""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_mapper.core.outgoing.address import (
    Allowed,
    is_public,
    may_connect,
    normalize_ip,
)

PUBLIC = ["192.0.32.10", "1.1.1.1", "9.255.255.255", "2600:1406::1", "2a00:1450::5"]
NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - a bad address of the table
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.1.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "",
    "localhost",
    "127.1",
    "0x7f000001",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_reached_with_tls_only(text):
    assert is_public(text)
    assert may_connect(text, 443, True, ())
    assert not may_connect(text, 80, False, ())


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_all_others_are_refused(text):
    assert not is_public(text)
    assert not may_connect(text, 443, True, ())


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_what_it_leads_to(address):
    mapped = f"::ffff:{address}"
    assert is_public(mapped) == is_public(str(address))
    assert normalize_ip(mapped) == str(address)


@given(st.ip_addresses())
@example(ipaddress.ip_address("::ffff:1.0.0.0"))
def test_what_the_language_calls_special_is_never_public(address):
    if is_public(str(address)):
        # The language calls the form reserved, whatever it leads to.
        address = ipaddress.ip_address(normalize_ip(str(address)))
        assert address.is_global
        assert not (address.is_multicast or address.is_link_local)
        assert not (address.is_loopback or address.is_private or address.is_reserved)


@given(st.ip_addresses(v=4))
def test_no_wrapping_makes_a_private_address_public(address):
    number = int(address)
    wraps = (
        0x64FF9B << 96 | number,
        0x2002 << 112 | number << 80,
        0x20010000 << 96 | number ^ 0xFFFFFFFF,
        number,
    )
    for wrapped in wraps:
        assert not is_public(str(ipaddress.IPv6Address(wrapped)))


@pytest.mark.parametrize(
    ("allowed", "text", "port", "expected"),
    [
        (Allowed("10.0.0.5", 8443), "10.0.0.5", 8443, True),
        (Allowed("10.0.0.5", 8443), "10.0.0.5", 443, False),
        (Allowed("10.0.0.5"), "10.0.0.5", 443, True),
        (Allowed("10.0.0.5"), "::ffff:10.0.0.5", 443, True),
        (Allowed("10.0.0.5"), "10.0.0.6", 443, False),
        (Allowed("::1"), "0:0:0:0:0:0:0:1", 80, True),
        (Allowed("::1"), "fe80::1%lo", 80, False),
    ],
)
def test_exactly_the_allowed_address_is_reached(allowed, text, port, expected):
    for is_encrypted in (True, False):
        assert may_connect(text, port, is_encrypted, [allowed]) is expected
