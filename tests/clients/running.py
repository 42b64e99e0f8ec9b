"""The really running system under test: its server, its database, its log.

It is brought up and ended through the environment's own commands, in folders of its
own, so that it is what a user gets from ``make up``.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil
import psycopg2
import psycopg2.extras

from spar_env import demo
from spar_env.postgres import ROLE, Cluster
from spar_env.server import Server
from spar_env.settings import Settings

TABLES = ("mapping", "mapping_version", "message")
POLL_SECONDS = 0.02
#: A job that has not ended: as old as this, it is looked after when it is a dead one's.
UNENDED_JOBS = """
    SELECT 1 FROM queue_job WHERE state IN ('enqueued', 'started')
        AND date_enqueued > now() AT TIME ZONE 'utc' - interval '12 seconds'
"""
#: What a change waits with while a test holds the history table.
WRITING_HISTORY = "INSERT INTO g2p_spar_mapping_version"
#: A job that was lost is found by a scheduled look, once a minute. Most tests bring
#: its time forward; two wait for it.
FOUND_AGAIN_SECONDS = 100
#: The scheduled actions that look for work that was lost, once a minute.
SWEEPERS = [
    "g2p_spar_connect_api.ir_cron_sweep",
    "g2p_spar_connect_api.ir_cron_sweep_files",
    "g2p_spar_intake.ir_cron_sweep_intakes",
]


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30):
    """Look again and again until something is so, and return it.

    :param what: for the message when it never becomes so
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(POLL_SECONDS)
    raise AssertionError(f"not within {seconds} s: {what}")


@dataclass(frozen=True)
class Effects:
    """What is stored at one moment; equal before and after means: nothing changed.

    :param rows: number of rows by table
    :param versions: sum of the version numbers of all mappings
    """

    rows: tuple[int, ...]
    versions: int

    def __sub__(self, other: "Effects") -> tuple[int, ...]:
        """New rows of mappings, of history and of messages."""
        return tuple(a - b for a, b in zip(self.rows, other.rows, strict=True))


class Running:
    """One system: Odoo with two workers and a PostgreSQL of its own.

    :ivar printed: what was printed when it was brought up
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self.server = Server(settings)
        self.cluster = Cluster(settings)
        self.printed = ""

    # === LIFE === #

    def up(self) -> None:
        """Install what is missing and start, as ``make up`` does."""
        self.printed = self._command("up")

    def down(self) -> None:
        """Stop what was started, and nothing else."""
        self._command("down")

    def _command(self, name: str) -> str:
        settings = self.settings
        variables = {
            "SPAR_RUN": settings.run,
            "SPAR_CACHE": settings.cache,
            "SPAR_DB": settings.db,
            "SPAR_PORT": settings.port,
            "SPAR_ESIGNET_PORT": settings.esignet_port,
            "SPAR_MAIL_PORT": settings.mail_port,
            "SPAR_WORKERS": settings.workers,
        }
        done = subprocess.run(
            [sys.executable, "-m", "spar_env", name],
            env={**os.environ, **{k: str(v) for k, v in variables.items()}},
            cwd=settings.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    @property
    def base_url(self) -> str:
        """Address of the server, without a trailing slash."""
        return self.settings.base_url

    def credentials(self) -> tuple[str, str]:
        """Client id and secret of the demonstration partner."""
        known = demo.read_client(self.settings)
        return known["SPAR_CLIENT_ID"], known["SPAR_CLIENT_SECRET"]

    def workers(self) -> set[int]:
        """Process ids of the server's direct children."""
        pid = self.server.pid()
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return set(map(int, children.read().split()))

    def worker_of(self, port: int) -> int:
        """Process id of the worker that serves the connection from a local port."""

        def find() -> list[int]:
            return [
                pid
                for pid in self.workers()
                for one in psutil.Process(pid).connections("tcp")
                if one.raddr and one.raddr.port == port
            ]

        return wait_until(find, f"a worker serves port {port}")[0]

    def process_of(self, kind: str) -> int:
        """Process id of the server's one process of a kind, for example WorkerCron.

        The processes look alike from outside; each tells the log what it is.
        """
        alive = re.compile(rf"Worker {kind} \((\d+)\) alive")

        def find() -> list[int]:
            told = map(int, alive.findall(self.log_since(0)))
            return [pid for pid in told if pid in self.workers()]

        return wait_until(find, f"a {kind} is there")[-1]

    def wait_for_statement(self, statement: str) -> None:
        """Wait until somebody is executing such a statement.

        :param statement: how it begins
        """
        wait_until(
            lambda: self.rows(
                "SELECT 1 FROM pg_stat_activity WHERE state = 'active'"
                " AND datname = current_database() AND ltrim(query, E' \\n') LIKE %s",
                f"{statement}%",
            ),
            f"somebody executes {statement}",
        )

    def only_busy_worker(self) -> int:
        """Process id of the one worker that has a request to answer."""

        def find() -> int | None:
            busy = self._busy_workers()
            return busy[0] if len(busy) == 1 else None

        return wait_until(find, "one worker is busy")

    def _busy_workers(self) -> list[int]:
        return [
            pid
            for pid in self.workers()
            for one in psutil.Process(pid).connections("tcp")
            if one.raddr and one.laddr.port == self.settings.port
        ]

    def bring_back(self) -> None:
        """Start what does not run and wait until it serves, as a supervisor does.

        Odoo ends when it must replace a worker while the database is away.
        """
        self.forget_connection()
        self.cluster.start()

        def serves() -> bool:
            if not self.server.pid():
                self.server.start()
            return self.server.healthy()

        wait_until(serves, "the system serves again", seconds=90)

    # === CRASHES === #

    def kill_database(self) -> None:
        """End PostgreSQL at once, without a word to anybody (immediate shutdown)."""
        pid_file = Path(self.cluster.data) / "postmaster.pid"
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGQUIT)
        wait_until(lambda: not self.cluster.running(), "the database is down")

    def kill(self) -> None:
        """Kill Odoo with all its processes, and start it again."""
        os.killpg(self.server.pid(), signal.SIGKILL)
        wait_until(lambda: self.server.pid() is None, "the server is gone")
        self.bring_back()

    def look_for_lost_work(self) -> None:
        """Let the minute of the sweepers be over as soon as dead jobs count as dead."""
        wait_until(lambda: not self.rows(UNENDED_JOBS), "jobs are old enough")
        self.run_actions(SWEEPERS)

    def run_actions(self, names: Sequence[str]) -> None:
        """Let the time of scheduled actions have come.

        Odoo's own process runs them: it is told as Odoo tells it of a trigger.

        :param names: their external ids
        """
        self.rows(
            "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'utc' WHERE id IN ("
            " SELECT res_id FROM ir_model_data"
            " WHERE module || '.' || name = ANY(%s)) RETURNING id",
            list(names),
        )
        with closing(self.connect("postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(
                "SELECT pg_notify('cron_trigger', %s)", [self.settings.db]
            )

    # === DATABASE === #

    def connect(self, name: str = ""):
        """A connection of the test's own; the caller closes it.

        :param name: of another database than the system's
        """
        return psycopg2.connect(
            host=self.cluster.socket, user=ROLE, dbname=name or self.settings.db
        )

    @cached_property
    def _reader(self):
        connection = self.connect()
        connection.autocommit = True
        return connection

    def forget_connection(self) -> None:
        """Connect anew next time: the database was restarted."""
        self.__dict__.pop("_reader", None)

    def rows(self, statement: str, *values) -> list[dict]:
        """Rows of one statement as dictionaries; each sees what is committed now."""
        with self._reader.cursor(
            cursor_factory=psycopg2.extras.RealDictCursor
        ) as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def effects(self) -> Effects:
        """What is stored now."""
        counts = [
            self.rows(f"SELECT count(*) FROM g2p_spar_{name}")[0]["count"]  # noqa: S608 - our own names
            for name in TABLES
        ]
        [total] = self.rows(
            "SELECT coalesce(sum(version), 0) AS versions FROM g2p_spar_mapping"
        )
        return Effects(tuple(counts), total["versions"])

    def mapping(self, person: str) -> dict:
        """The one row of an ID."""
        [row] = self.rows("SELECT * FROM g2p_spar_mapping WHERE id_value = %s", person)
        return row

    def history(self, person: str) -> list[dict]:
        """The versions of an ID, the oldest first."""
        return self.rows(
            "SELECT v.* FROM g2p_spar_mapping_version v"
            " JOIN g2p_spar_mapping m ON m.id = v.mapping_id"
            " WHERE m.id_value = %s ORDER BY v.version",
            person,
        )

    # === LOG === #

    def log_size(self) -> int:
        """Where the server's log ends now."""
        return self.settings.log.stat().st_size

    def log_since(self, offset: int) -> str:
        """What the server has logged since; all of it when it was restarted."""
        raw = self.settings.log.read_bytes()
        return raw[offset if len(raw) >= offset else 0 :].decode(errors="replace")
