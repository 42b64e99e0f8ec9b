"""``make bench``: the benchmark of ``tests/bench``, on a system of its own."""

import os
import shlex
import subprocess

from . import python, system
from .postgres import Cluster
from .settings import Settings

#: Options for the benchmark, as on a command line.
OPTIONS_VARIABLE = "SPAR_BENCH"


def bench(settings: Settings) -> int:
    """Run the benchmark; it makes its own database and server in the cluster.

    The demonstration may run meanwhile, and takes its share of the processors.

    :return: exit code of the benchmark
    """
    was_running = Cluster(settings).running()
    cluster = system.prepare(settings, tests=True)
    command = [settings.venv / "bin" / "python", settings.root / "tests/bench/run.py"]
    command += shlex.split(os.environ.get(OPTIONS_VARIABLE, ""))
    environ = python.environment(settings)
    environ["PYTHONPATH"] = str(settings.root / "setup")
    try:
        return subprocess.run(command, env=environ, check=False).returncode
    finally:
        if not was_running:
            cluster.stop()
