"""``make bench``: the benchmark of ``tests/bench`` on the running system."""

import subprocess

from . import demo, server, system
from .console import SetupError
from .server import Server
from .settings import Settings


def bench(settings: Settings) -> int:
    """Run the benchmark against the system that ``make up`` started.

    :return: exit code of the benchmark
    :raise SetupError: when the system does not run
    """
    running = Server(settings)
    if not (running.pid() and running.healthy()):
        raise SetupError(
            f"Nothing answers at {settings.base_url}.",
            "Start the system with `make up`, then run `make bench` again.",
        )
    cluster = system.prepare(settings, tests=True)
    variables = {
        "SPAR_DSN": f"host={cluster.socket} user=odoo dbname={settings.db}",
        "SPAR_ODOO_PID": str(running.pid()),
        **demo.read_client(settings),
    }
    python = settings.venv / "bin" / "python"
    script = settings.root / "tests" / "bench" / "run.py"
    environ = {**server.environment(settings), **variables}
    return subprocess.run([python, script], env=environ, check=False).returncode
