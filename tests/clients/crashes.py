"""Processes that die while something is written.

Whoever calls holds a lock on the history table, so the moment is certain: mappings are
written, in an open transaction, when the kill comes.
"""

import os
import signal

from .running import WRITING_HISTORY, Running


def kill_worker(spar: Running) -> None:
    """Kill the worker that is at work."""
    spar.wait_for_statement(WRITING_HISTORY)
    os.kill(spar.only_busy_worker(), signal.SIGKILL)


def kill_server(spar: Running) -> None:
    """Kill Odoo with all its processes."""
    spar.wait_for_statement(WRITING_HISTORY)
    spar.kill()


def kill_database(spar: Running) -> None:
    """End PostgreSQL at once (immediate shutdown), and start it again."""
    spar.wait_for_statement(WRITING_HISTORY)
    spar.kill_database()
    spar.bring_back()
