"""``make bench``: the benchmark of ``tests/bench``, in the project's environment."""

import os
import shlex
import subprocess

from . import server, system
from .settings import Settings

OPTIONS_VARIABLE = "SPAR_BENCH"


def bench(settings: Settings) -> int:
    """Run the benchmark; its options are in ``SPAR_BENCH``, see its README.

    :return: exit code of the benchmark
    :raise SetupError: when what it needs cannot be installed
    """
    system.prepare(settings, tests=True)
    script = settings.root / "tests" / "bench" / "run.py"
    options = shlex.split(os.environ.get(OPTIONS_VARIABLE, ""))
    environ = {
        **server.environment(settings),
        # The partners of the black-box tests send and take callbacks here, too.
        "PYTHONPATH": os.pathsep.join(
            str(settings.root / name) for name in ("setup", "tests")
        ),
    }
    python = settings.venv / "bin" / "python"
    command = [python, script, *options]
    return subprocess.run(command, env=environ, check=False).returncode
