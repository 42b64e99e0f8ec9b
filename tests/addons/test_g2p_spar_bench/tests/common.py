"""The benchmark's own modules, which lie beside the addons, not in one."""

import importlib
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[3] / "bench"


def bench_module(name):
    """Import a module of ``tests/bench``, as its scripts do.

    :param str name: for example ``rows``
    :rtype: module
    """
    if str(BENCH) not in sys.path:
        sys.path.append(str(BENCH))
    return importlib.import_module(name)
