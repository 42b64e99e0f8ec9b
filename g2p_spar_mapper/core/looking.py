"""Requests that nobody made: what they ask for must not be used up by them."""

from collections.abc import Mapping


def only_looks(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a page is loaded ahead by a browser, or its head asked for.

    >>> only_looks("GET", {}), only_looks("HEAD", {})
    (False, True)
    >>> only_looks("GET", {"Sec-Purpose": "prefetch;prerender"})
    True

    :param headers: of the request
    """
    purposes = [headers.get(name, "") for name in ("Sec-Purpose", "Purpose")]
    return method == "HEAD" or any("prefetch" in one for one in purposes)
