"""Where a browser may be sent after a login: a page of this server, nothing else."""

from urllib.parse import urlsplit

from .paths import HOME

_LONGEST = 500


def local_path(text: object, default: str = HOME) -> str:
    """Return a path that leads to this server, the default where it would not.

    Browsers read backslashes as slashes and drop tabs and line ends, so a path with
    any of them, or with two slashes at its beginning, could lead elsewhere.

    >>> local_path("/my/benefit-account/history?page=2")
    '/my/benefit-account/history?page=2'
    >>> [local_path(text) for text in ("//evil.example", "/\\\\evil.example", "x")]
    ['/my/benefit-account', '/my/benefit-account', '/my/benefit-account']

    :param text: what somebody asked for; whatever is no text leads to the default
    """
    if not isinstance(text, str) or len(text) > _LONGEST or not _is_plain(text):
        return default
    try:
        parts = urlsplit(text)
    except ValueError:
        return default
    is_local = not parts.scheme and not parts.netloc and text.startswith("/")
    return text if is_local and not text.startswith("//") else default


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and not set(text) & set(" \\<>\"'")
