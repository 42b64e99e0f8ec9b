"""Odoo's configuration, secret key, and life: start, health, stop."""

import base64
import configparser
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from . import odoo, python
from .console import SetupError, say, tail
from .postgres import ROLE, Cluster
from .settings import Settings

HEALTH_PATH = "/spar/v1/health"
START_SECONDS = 180
STOP_SECONDS = 30
# Workers that were killed keep their socket for a moment on a busy machine.
PORT_SECONDS = 3
POLL_SECONDS = 0.2
KEY_BYTES = 32
KEY_FILE_VARIABLE = "G2P_SPAR_SECRET_KEY_FILE"
MEMORY_SOFT, MEMORY_HARD = 2 << 30, 3 << 30


def environment(settings: Settings) -> dict[str, str]:
    """Environment of every Odoo process: byte code cache and the file of the key."""
    environ = python.environment(settings)
    environ[KEY_FILE_VARIABLE] = str(settings.secret_key)
    environ["LC_ALL"] = "C.UTF-8"
    return environ


def write_files(settings: Settings, home: Path, cluster: Cluster) -> None:
    """Write Odoo's configuration, and the secret key if there is none yet."""
    settings.run.mkdir(parents=True, exist_ok=True)
    # Uploaded files hold persons' data; the log holds none, but who calls when.
    (settings.run / "data").mkdir(mode=0o700, exist_ok=True)
    settings.log.touch(mode=0o600)
    ensure_secret_key(settings.secret_key)
    write_private(settings.conf, configuration(settings, home, cluster))


def ensure_secret_key(path: Path) -> None:
    """Create the key that seals secrets, once: 32 random bytes, url-safe base64.

    Losing it makes what was sealed with it unreadable, so it is never written anew.
    """
    if not path.exists():
        key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES))
        write_private(path, key.decode())


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner only, in one move.

    A process of Odoo that starts meanwhile must never read half a configuration: it
    would go on with Odoo's defaults and listen to the whole network.
    """
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    os.replace(fresh, path)


def configuration(settings: Settings, home: Path, cluster: Cluster) -> str:
    """Text of ``odoo.conf``.

    No ``dbfilter``: with one, each request without a session lists the databases.
    """
    kept = _kept_options(settings.conf)
    folders = [settings.root, *odoo.addons_folders(home)]
    example = settings.root / "tests" / "addons"
    if any(example.glob("*/__manifest__.py")):
        folders.append(example)
    options = {
        "addons_path": ",".join(map(str, folders)),
        "data_dir": settings.run / "data",
        "db_host": cluster.socket,
        "db_user": ROLE,
        "db_name": settings.db,
        "db_maxconn": 32,
        "list_db": False,
        "http_interface": "127.0.0.1",
        "http_port": settings.port,
        "gevent_port": kept.get("gevent_port") or free_port(),
        "proxy_mode": False,
        # With the API among them, it can say so itself when the database is away;
        # with queue_job, Odoo starts the process that hands out its jobs.
        "server_wide_modules": "base,rpc,web,queue_job,g2p_spar_connect_api",
        "workers": settings.workers,
        "max_cron_threads": 1,
        "limit_time_cpu": 600,
        "limit_time_real": 1200,
        "limit_time_real_cron": 3600,
        "limit_memory_soft": MEMORY_SOFT,
        "limit_memory_hard": MEMORY_HARD,
        "without_demo": True,
        # The database manager is closed by list_db; its password is nobody's.
        "admin_passwd": kept.get("admin_passwd") or secrets.token_urlsafe(24),
    }
    lines = [f"{key} = {value}" for key, value in options.items()]
    return "\n".join(["[options]", *lines, "", *_job_lines(settings), ""])


def _job_lines(settings: Settings) -> list[str]:
    """The section of ``odoo.conf`` that queue_job reads.

    A job occupies the worker that runs it as a partner's call does, so each channel
    leaves a worker free. Together they may take all, each job for a short time:
    a callback ends at its time limit, the rest of a file waits for its next turn.
    """
    capacity = {
        "root": max(2, settings.workers),
        "root.g2p_spar_work": max(1, settings.workers - 1),
        "root.g2p_spar_callback": 1,
        "root.g2p_spar_file": 1,
        "root.g2p_spar_intake": 1,
    }
    return [
        "[queue_job]",
        f"channels = {','.join(f'{name}:{n}' for name, n in capacity.items())}",
        "host = 127.0.0.1",
        f"port = {settings.port}",
    ]


def _kept_options(conf: Path) -> dict[str, str]:
    """Options made up by an earlier run; a running Odoo may have read them."""
    parser = configparser.RawConfigParser()
    parser.read(conf)
    return dict(parser["options"]) if parser.has_section("options") else {}


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_free_port(port: int) -> None:
    """Check that the HTTP port can be had; one that is being left is waited for.

    :raise SetupError: when another program listens on it
    """
    deadline = time.monotonic() + PORT_SECONDS
    while reason := _refusal(port):
        if time.monotonic() > deadline:
            raise SetupError(
                f"Port {port} cannot be used: {reason}.",
                f"Stop what listens there, or choose another: SPAR_PORT={port + 1}.",
            )
        time.sleep(POLL_SECONDS)


def _refusal(port: int) -> str:
    """Why the port cannot be had now; "" when it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return str(error.strerror)
    return ""


class Server:
    """One Odoo with its workers, known by the pid file in ``.run``.

    :cvar health_path: answers 200 when all is well
    """

    health_path = HEALTH_PATH

    def __init__(self, settings: Settings):
        self.settings = settings
        self.pid_file = settings.run / "odoo.pid"

    def pid(self) -> int | None:
        """Process id of our running Odoo, None when it does not run.

        A pid file alone proves nothing: the number may meanwhile be another program's.
        """
        pid = self._recorded()
        return pid if pid and self._serves(pid) else None

    def current(self) -> bool:
        """Whether our Odoo runs, is healthy, and was started with these settings."""
        if self.pid() is None or not self.healthy():
            return False
        return self.pid_file.read_text().split()[1:] == [self._conf_digest()]

    def start(self, **variables: str) -> int:
        """Start Odoo in a session of its own and wait until it is healthy.

        :param variables: of its environment, beside or in place of the usual ones
        :return: the process id
        :raise SetupError: when it ends early or is not healthy in time
        """
        require_free_port(self.settings.port)
        self.settings.log.write_text("")
        # A process of an earlier server that still ends writes behind the others, and
        # not where it was before: the log would seem to be longer than it is.
        with self.settings.log.open("a") as sink:
            process = subprocess.Popen(
                [self.settings.odoo_bin, "-c", self.settings.conf],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=environment(self.settings) | variables,
                cwd=self.settings.run,
                start_new_session=True,
            )
        self.pid_file.write_text(f"{process.pid}\n{self._conf_digest()}\n")
        self._wait_until_healthy(process)
        return process.pid

    def wait(self) -> None:
        """Stay until Odoo ends by itself.

        :raise SetupError: when it does
        """
        pid = self.pid()
        while pid and self.pid() == pid:
            time.sleep(1)
            _reap(pid)
        self._give_up("Odoo ended by itself.")

    def stop(self) -> bool:
        """End our Odoo with its workers, also workers whose Odoo was killed.

        :return: whether there was one
        """
        session = self._recorded()
        processes = self._processes(session)
        if session in processes:
            os.kill(session, signal.SIGTERM)
            if not wait_for_end([session], STOP_SECONDS):
                say(f"    Odoo did not end within {STOP_SECONDS} s and is killed")
        for process in self._processes(session):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_for_end(processes, STOP_SECONDS)
        self.pid_file.unlink(missing_ok=True)
        return bool(processes)

    def healthy(self) -> bool:
        """Whether the health address answers 200."""
        url = self.settings.base_url + self.health_path
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
                return answer.status == HTTPStatus.OK
        except (urllib.error.URLError, OSError):
            return False

    def _wait_until_healthy(self, process: subprocess.Popen) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                self._give_up(f"Odoo ended with code {process.returncode}.")
            if self.healthy():
                return
            time.sleep(POLL_SECONDS)
        self.stop()
        self._give_up(f"Odoo was not healthy within {START_SECONDS} s.")

    def _give_up(self, problem: str) -> None:
        say(tail(self.settings.log))
        raise SetupError(
            problem,
            f"The lines above are the end of {self.settings.log}; mend what they name "
            "and run it again. `make clean` starts from nothing.",
        )

    def _recorded(self) -> int | None:
        try:
            return int(self.pid_file.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None

    def _conf_digest(self) -> str:
        return hashlib.sha256(self.settings.conf.read_bytes()).hexdigest()

    def _processes(self, session: int | None) -> list[int]:
        """Odoo's processes: of the session that ``start`` made, with our file.

        A person's own ``odoo shell`` with that file is of another session.
        """
        if session is None:
            return []
        numbers = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdecimal()]
        return [pid for pid in numbers if self._is_ours(pid, session)]

    def _is_ours(self, pid: int, session: int) -> bool:
        try:
            return os.getsid(pid) == session and self._serves(pid)
        except ProcessLookupError:
            return False

    def _serves(self, pid: int) -> bool:
        """Whether the process runs with our configuration; an ended one does not."""
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return False
        return os.fsencode(self.settings.conf) in command.split(b"\0")


def wait_for_end(processes: list[int], seconds: float) -> bool:
    """Wait until all have ended and so closed their sockets.

    :return: False when one was still alive after ``seconds``
    """
    deadline = time.monotonic() + seconds
    while any(map(_alive, processes)):
        if time.monotonic() > deadline:
            return False
        for pid in processes:
            _reap(pid)
        time.sleep(POLL_SECONDS / 2)
    return True


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _reap(pid: int) -> None:
    """Collect an ended child; one that this process did not start is not its own."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
