"""The filter that keeps codes and states of logins out of the server's log."""

import logging

from ..core.access_line import without_query


class HidesQueries(logging.Filter):
    """Leaves queries of the portal out of the lines of the built-in web server.

    A code that was used is worth nothing, but one whose login failed on the way may
    still be good for a minute, and logs are read and kept by many.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the texts that a line is made of, and let it pass."""
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without_query, record.args))
        return True


def _without_query(value: object) -> object:
    return without_query(value) if isinstance(value, str) else value


def hide_queries() -> None:
    """Put the filter on the log of the web server of this process, once."""
    log = logging.getLogger("werkzeug")
    if not any(isinstance(one, HidesQueries) for one in log.filters):
        log.addFilter(HidesQueries())
