"""Where requests are counted, for the partners' daily figures."""

import logging
import time
from pathlib import Path

from odoo.tools import config

from .core.audit import AuditLine
from .core.usage import Call, CallFiles

_logger = logging.getLogger(__name__)
_audit = logging.getLogger("g2p_spar.audit")

#: By name of the database: a process may serve several.
_files: dict[str, CallFiles] = {}


def folder_of(database: str) -> Path:
    """Where the counts of a database lie until they are gathered."""
    return Path(config["data_dir"]) / "g2p_spar_usage" / database


def write_audit(database: str | None, line: AuditLine) -> None:
    """Write the line of a request to the audit log, and count the request."""
    _audit.info("%s", line.write())
    count_call(database, line)


def count_call(database: str | None, line: AuditLine) -> None:
    """Count a request. It never fails because of it: figures are not worth that."""
    if not database:
        return
    call = Call(
        time.time(),
        line.sender or "",
        line.op,
        line.code or "",
        line.items,
        line.succeeded,
        round(line.ms, 1),
    )
    try:
        if database not in _files:
            _files[database] = CallFiles(folder_of(database))
        _files[database].note(call)
    except OSError:
        _files.pop(database, None)
        _logger.warning("A request could not be counted", exc_info=True)
