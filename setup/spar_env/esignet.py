"""The mock eSignet beside the demonstration: start, health, stop."""

import hashlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from . import python
from .console import SetupError, say, tail
from .server import require_free_port, wait_for_end
from .settings import Settings

HEALTH_PATH = "/control/health"
START_SECONDS = 60
STOP_SECONDS = 10
POLL_SECONDS = 0.1


class Esignet:
    """One mock eSignet, known by the pid file in ``.run``."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.pid_file = settings.run / "esignet.pid"
        self.log = settings.run / "esignet.log"

    def pid(self) -> int | None:
        """Process id of our mock, None when it does not run.

        A pid file alone proves nothing: the number may meanwhile be another program's.
        """
        pid = self._recorded()
        return pid if pid and self._is_ours(pid) else None

    def current(self) -> bool:
        """Whether it runs and was started as it would be now."""
        if self.pid() is None or not self.healthy():
            return False
        return self.pid_file.read_text().split()[1:] == [self._digest()]

    def start(self) -> int:
        """Start it in a session of its own and wait until it answers.

        :return: the process id
        :raise SetupError: when a port is taken, it ends early or does not answer
        """
        for port in (self.settings.esignet_port, self.settings.mail_port):
            require_free_port(port)
        with self.log.open("w") as sink:
            process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                cwd=self.settings.run,
                start_new_session=True,
            )
        self.pid_file.write_text(f"{process.pid}\n{self._digest()}\n")
        self._wait_until_healthy(process)
        return process.pid

    def stop(self) -> bool:
        """End it.

        :return: whether there was one
        """
        pid = self.pid()
        for sent in (signal.SIGTERM, signal.SIGKILL) if pid else ():
            with suppress(ProcessLookupError):
                os.kill(pid, sent)
            if wait_for_end([pid], STOP_SECONDS):
                break
        self.pid_file.unlink(missing_ok=True)
        return bool(pid)

    def healthy(self) -> bool:
        """Whether its health address answers 200."""
        url = self.settings.esignet_url + HEALTH_PATH
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
                return answer.status == HTTPStatus.OK
        except (urllib.error.URLError, OSError):
            return False

    def command(self) -> list[str]:
        """Its command line."""
        settings = self.settings
        return [
            str(settings.venv / "bin" / "python"),
            *("-m", "mock_esignet"),
            *("--port", str(settings.esignet_port)),
            *("--smtp-port", str(settings.mail_port)),
            *("--clients", str(settings.esignet_clients)),
        ]

    def _environment(self) -> dict[str, str]:
        environ = python.environment(self.settings)
        return environ | {"PYTHONPATH": str(self.settings.root / "setup")}

    def _wait_until_healthy(self, process: subprocess.Popen) -> None:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self.healthy():
                return
            time.sleep(POLL_SECONDS)
        self.stop()
        say(tail(self.log))
        raise SetupError(
            "The mock eSignet did not start.",
            f"The lines above are the end of {self.log}; mend what they name and run "
            "it again.",
        )

    def _recorded(self) -> int | None:
        try:
            return int(self.pid_file.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None

    def _digest(self) -> str:
        """Digest of what it is started with: its program, options and clients."""
        digest = hashlib.sha256("\0".join(self.command()).encode())
        folder = self.settings.root / "setup" / "mock_esignet"
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".css"}:
                digest.update(path.read_bytes())
        if self.settings.esignet_clients.exists():
            digest.update(self.settings.esignet_clients.read_bytes())
        return digest.hexdigest()

    def _is_ours(self, pid: int) -> bool:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(self.settings.esignet_clients) in command
