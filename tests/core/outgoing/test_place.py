"""URLs are read in one way or not at all, and nothing escapes a registered one."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.g2p_spar_mapper.core.outgoing.place import (
    Place,
    PlaceError,
    is_below,
    join,
    read_place,
)

_SEGMENTS = st.lists(st.text("abcABC019-_~", min_size=1, max_size=5), max_size=4)
_URLS = st.builds(
    lambda scheme, host, port, segments: (
        f"{scheme}://{host}{port}/" + "/".join(segments)
    ),
    st.sampled_from(["https", "http"]),
    st.sampled_from(["a.example", "b.a.example", "192.0.32.10", "[2600::1]"]),
    st.sampled_from(["", ":8443", ":443", ":80"]),
    _SEGMENTS,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example", Place("https", "a.example", 443, "")),
        ("HTTP://A.Example:8080/Spar/v1", Place("http", "a.example", 8080, "/Spar/v1")),
        ("https://[2600::1]:8443/", Place("https", "[2600::1]", 8443, "/")),
        ("https://a.example./x?y=1", Place("https", "a.example.", 443, "/x", "y=1")),
        ("https://a.example/%7Ex", Place("https", "a.example", 443, "/%7Ex")),
    ],
)
def test_plain_addresses_are_read(text, expected):
    assert read_place(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        5,
        "a.example/x",
        "//a.example/x",
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://user@a.example/",
        "https://user:pass@a.example/",
        "https://a.example@b.example/",
        "https://a.example\\@b.example/",
        "https://a.example\\x",
        "https://a.example/\\x",
        "https://a.example/#x",
        "https://a.example/x y",
        " https://a.example/",
        "https://a.example/\n",
        "https://a.example/\r\nHost: b",
        "https://a.example:0/",
        "https://a.example:65536/",
        "https://a.example:/",
        "https://a.example:x/",
        "https://a.example/..",
        "https://a.example/x/../y",
        "https://a.example/./x",
        "https://a.example//x",
        "https://a.example/%2e%2e/x",
        "https://a.example/x%2fy",
        "https://a.example/x%5Cy",
        "https://a.example/x%00",
        "https://a.example/%",
        "https://ａ.example/",
        "https://ä.example/",
        "https://-a.example/",
        "https://[::1%25eth0]/",
        "https://[::1/",
        "https://a.example/" + "x" * 2048,
    ],
)
def test_all_other_forms_are_refused(text):
    with pytest.raises(PlaceError) as caught:
        read_place(text)
    assert str(caught.value).endswith(".")


@given(st.text(max_size=30), _URLS)
def test_what_is_read_is_what_others_read(tail, url):
    try:
        place = read_place(url + tail)
    except PlaceError:
        return
    parts = urlsplit(place.url)
    assert f"[{parts.hostname}]" == place.host or parts.hostname == place.host
    assert (parts.scheme, parts.path) == (place.scheme, place.path)
    assert parts.username is None
    assert read_place(place.url) == place


@given(_URLS, _SEGMENTS)
def test_what_is_joined_is_below(base, segments):
    assert is_below(join(base, *segments), base)
    assert is_below(base, base)


@given(_URLS, _URLS)
def test_below_means_same_server_and_longer_path(url, base):
    if is_below(url, base):
        place, root = read_place(url), read_place(base)
        assert place[:3] == root[:3]
        assert place.path.rstrip("/").startswith(root.path.rstrip("/"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/spar", True),
        ("https://a.example/spar/", True),
        ("https://A.EXAMPLE:443/spar/x", True),
        ("https://a.example/spar/x/y", True),
        ("https://a.example/sparrow", False),
        ("https://a.example/Spar/x", False),
        ("https://a.example/", False),
        ("https://a.example/spar/../x", False),
        ("https://a.example/spar/%2e%2e/x", False),
        ("https://a.example/spar?x=1", False),
        ("http://a.example/spar", False),
        ("https://a.example:8443/spar", False),
        ("https://a.example.evil.example/spar", False),
        ("https://a.example@evil.example/spar", False),
        ("", False),
    ],
)
def test_table_of_below(url, expected):
    assert is_below(url, "https://a.example/spar/") is expected
    assert not is_below(url, "https://a.example/spar?x")


@pytest.mark.parametrize("base", ["https://a.example/?x=1", "nonsense"])
def test_nothing_is_joined_to_what_is_no_plain_address(base):
    with pytest.raises(PlaceError):
        join(base, "on-link")
    with pytest.raises(PlaceError):
        join("https://a.example", "..", "x")
