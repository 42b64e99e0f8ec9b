"""Where the use of consents is noted, without a write to the database on the way.

A resolve may run on a read-only copy of the database. Like the counts of calls, each
process appends a line to a file of its own, and what is over is gathered each minute.
"""

import logging
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from odoo.tools import config

from odoo.addons.g2p_spar_connect_api.core.usage import CallFiles

from .core.consent import Consent

_logger = logging.getLogger(__name__)

#: By name of the database: a process may serve several.
_files: dict[str, CallFiles] = {}


class Use(NamedTuple):
    """One message that was answered by consents.

    :param at: seconds since the epoch
    :param consents: database ids
    """

    at: float
    consents: list[int]


def folder_of(database: str) -> Path:
    """Where the notes of a database lie until they are gathered."""
    return Path(config["data_dir"]) / "g2p_spar_consent_use" / database


def note_use(database: str, consents: Iterable[Consent]) -> None:
    """Note that consents were used. It never fails because of it."""
    use = Use(time.time(), sorted({consent.record_id for consent in consents}))
    try:
        if database not in _files:
            _files[database] = CallFiles(folder_of(database))
        _files[database].note(use)
    except OSError:
        _files.pop(database, None)
        _logger.warning("The use of consents could not be noted", exc_info=True)
