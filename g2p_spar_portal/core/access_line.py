"""Lines of the server's access log that tell no secret.

What follows the question mark of a portal's address can be the code and the state
of a login, or what a person looked for.
"""

import re

from .paths import ROOTS

_OURS = re.compile("|".join(map(re.escape, ROOTS)))
_VERSION = re.compile(r" HTTP/[\d.]+\S*$")


def without_query(line: str) -> str:
    """Leave out the query of a request that was for a page of the portal.

    Where it is not certain whose the address is, it is left out too.

    :param line: the request as the access log tells it: method, address, version

    >>> without_query("GET /fr/spar/oidc/callback?code=abc&state=def HTTP/1.1")
    'GET /fr/spar/oidc/callback?... HTTP/1.1'
    """
    address, mark, rest = line.partition("?")
    if not (mark and _OURS.search(address)):
        return line
    version = _VERSION.search(rest)
    return f"{address}?...{version[0] if version else ''}"
