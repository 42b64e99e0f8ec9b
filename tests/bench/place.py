"""The system that is measured: a database and a server of the benchmark's own.

Same cluster, same Odoo, same configuration as the demonstration's, but another
database, port and folder (``.run/bench``), so that a million invented mappings never
come near the demonstration.
"""

import ast
import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import branches
import psycopg2
import rows
import seed
from wire import Target, Token

from spar_env import database, demo, odoo, portal, server, system
from spar_env.console import SetupError, run_logged, say, step
from spar_env.postgres import ROLE, SUPERUSER, Cluster
from spar_env.server import Server
from spar_env.settings import Settings

ADDON = "test_g2p_spar_bench"
USUAL_ROWS = 1_000_000
MAPPER_PATH = "/spar/v1/mapper/sync/{operation}"
LATER_PATH = "/spar/v1/mapper/{operation}"
BARE_PATH = "/test_g2p_spar_bench/bare"
TOKEN_PATH = "/spar/v1/oauth2/client/token"
#: Odoo replaces a worker after 65,536 requests, which would hide that it grows.
SOAK_REQUESTS = 2_000_000_000
RUNNER_SECONDS, POLL_SECONDS = 60, 0.1
#: The lock that the process which hands out jobs holds in the database.
_RUNNER = """
    SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE locktype = 'advisory' AND datname = current_database()
        AND classid::bigint << 32 | objid::bigint = 2293787760715711918
"""
#: Jobs are made and wait; nobody hands them out.
NO_JOBS = {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}
_MAKE_REFERENCE = f"""
from odoo.addons.{ADDON}.reference import make_reference
make_reference(env, {rows.STRATEGY!r}, {[*rows.provider_codes(), branches.PROVIDER]!r})
env.cr.commit()
"""
#: Who is seeded has a telephone: without this, a million people would be told, and
#: messages of cells that link be sent while others are measured.
_NO_NOTICES = """
    UPDATE ir_cron SET active = FALSE WHERE id IN (
        SELECT res_id FROM ir_model_data
        WHERE module = 'g2p_spar_portal' AND name = 'ir_cron_notices')
"""


@dataclass(frozen=True)
class Place:
    """A running system with its rows in place.

    :param server: Odoo
    :param spar: the mapper's routes, with a token
    :param later: the routes of messages that are done later, with a token
    :param bare: the bare route
    :param dsn: the database, as Odoo's own role
    :param admin_dsn: the same as superuser
    :param postmaster_pid: PostgreSQL's topmost process
    :param cluster: PostgreSQL
    :param home: where Odoo lies
    :param stored: number of mappings
    """

    server: Server
    spar: Target
    later: Target
    bare: Target
    dsn: str
    admin_dsn: str
    postmaster_pid: int
    stored: int
    cluster: Cluster
    home: Path

    @property
    def server_pid(self) -> int:
        """Odoo's topmost process; another one after a restart."""
        return self.server.pid()

    def restart(self, *, jobs: bool) -> None:
        """Start Odoo anew, with the process that hands out jobs or without it.

        :raise SetupError: that process does not begin to work
        """
        self.server.stop()
        self.server.start(**({} if jobs else NO_JOBS))
        if jobs:
            self._wait_for_runner()

    def _wait_for_runner(self) -> None:
        """Wait until jobs are handed out, some seconds after Odoo serves."""
        deadline = time.monotonic() + RUNNER_SECONDS
        with self.connection() as connection, connection.cursor() as cursor:
            connection.autocommit = True
            while time.monotonic() < deadline:
                cursor.execute(_RUNNER)
                if cursor.fetchone():
                    return
                time.sleep(POLL_SECONDS)
        raise SetupError(
            f"No job was handed out within {RUNNER_SECONDS} s.",
            f"Look at the server's log, {self.server.settings.log}.",
        )

    @property
    def database(self) -> str:
        """Name of the database."""
        return self.server.settings.db

    @property
    def watched(self) -> dict[str, int]:
        """Process trees whose processor time is accounted for."""
        return {"server": self.server_pid, "db": self.postmaster_pid}

    @contextmanager
    def connection(self) -> Iterator:
        """A connection of the superuser."""
        connection = psycopg2.connect(self.admin_dsn)
        try:
            yield connection
        finally:
            connection.close()


def own_settings(settings: Settings, stored: int) -> Settings:
    """Where the benchmark's system lies: one database for each number of rows."""
    suffix = "" if stored == USUAL_ROWS else f"_{stored}"
    return replace(
        settings,
        run=settings.run / "bench",
        db=f"spar_bench{suffix}",
        port=server.free_port(),
        esignet_port=server.free_port(),
        mail_port=server.free_port(),
    )


@contextmanager
def running(settings: Settings, stored: int, *, soak: bool = False) -> Iterator[Place]:
    """Bring the system up, with its rows, and take its server down at the end.

    :param settings: of the checkout; its cluster is used and keeps running
    :param soak: never replace workers
    :raise SetupError: it cannot be brought up, or another benchmark runs
    """
    own = own_settings(settings, stored)
    with _alone(own.run):
        yield from _run(settings, own, stored, soak=soak)


def _run(
    settings: Settings, own: Settings, stored: int, *, soak: bool
) -> Iterator[Place]:
    cluster = system.prepare(settings, tests=True)
    _prepare(settings, own, cluster, soak=soak)
    client = demo.ensure_client(own)
    base = f"host={cluster.socket} dbname={own.db} user="
    with step(f"{stored:,} mappings in {own.db}"):
        _seed(base + SUPERUSER, stored)
    odoo_server = Server(own)
    odoo_server.stop()
    with step(f"Odoo with {own.workers} workers on port {own.port}"):
        odoo_server.start()
    try:
        yield Place(
            server=odoo_server,
            spar=_spar(own.base_url, client, MAPPER_PATH),
            later=_spar(own.base_url, client, LATER_PATH),
            bare=Target("bare", own.base_url, BARE_PATH),
            dsn=base + ROLE,
            admin_dsn=base + SUPERUSER,
            postmaster_pid=_postmaster(cluster),
            stored=stored,
            cluster=cluster,
            home=odoo.ensure(settings),
        )
    finally:
        odoo_server.stop()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two benchmarks at once would stop each other's server, and measure nothing.

    :raise SetupError: another one runs in this folder
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SetupError(
                "Another benchmark is running in this checkout.",
                "Wait for its end: two at once would measure each other.",
            ) from error
        yield


def about(place: Place, settings: Settings) -> dict:
    """What a reader must know of the machine and the settings to trust figures."""
    with place.connection() as connection, connection.cursor() as cursor:
        facts = {}
        for name in ("server_version", "fsync", "synchronous_commit", "shared_buffers"):
            cursor.execute("SELECT current_setting(%s)", (name,))
            facts[name] = cursor.fetchone()[0]
    return {"rows": place.stored, "workers": settings.workers, **facts}


def _prepare(
    settings: Settings, own: Settings, cluster: Cluster, *, soak: bool
) -> None:
    """Configuration, database, addons and reference data."""
    server.write_files(own, odoo.ensure(settings), cluster)
    if soak:
        with own.conf.open("a") as sink:
            sink.write(f"limit_request = {SOAK_REQUESTS}\n")
    if database.ensure(own, cluster, demo=True):
        demo.forget_client(own)
        portal.forget(own)
    if option := _missing_addon(own, cluster):
        command = database.odoo_command(own, option, ADDON)
        run_odoo(own, command, "the bare route and page")
    if not _has_reference(own, cluster):
        shell = [own.odoo_bin, "shell", "-c", own.conf, "-d", own.db]
        shell += ["--no-http", "--workers=0"]
        run_odoo(own, shell, "reference data", stdin=_MAKE_REFERENCE)
    cluster.sql(_NO_NOTICES, database=own.db)


def _missing_addon(own: Settings, cluster: Cluster) -> str:
    """The option that brings the benchmark's addon up to date, "" when it is."""
    state = (
        "SELECT latest_version FROM ir_module_module"
        " WHERE name = :'name' AND state = 'installed'"
    )
    present = cluster.sql(state, database=own.db, name=ADDON)
    manifest = own.root / "tests" / "addons" / ADDON / "__manifest__.py"
    if present == ast.literal_eval(manifest.read_text())["version"]:
        return ""
    return "-u" if present else "-i"


def _has_reference(own: Settings, cluster: Cluster) -> bool:
    found = cluster.sql(
        "SELECT count(*) FROM g2p_spar_provider WHERE code IN "
        "(SELECT json_array_elements_text(:'codes'))",
        database=own.db,
        codes=json.dumps([*rows.provider_codes(), branches.PROVIDER]),
    )
    return int(found) == rows.BANKS + 1


def run_odoo(own: Settings, command: list, title: str, **options) -> None:
    """Run Odoo once, for what is to be prepared.

    :raise SetupError: it fails
    """
    with step(title):
        run_logged(
            command,
            own.run / "odoo-prepare.log",
            "The lines above name the cause; mend it and run the benchmark again.",
            env=server.environment(own),
            cwd=own.run,
            **options,
        )


def _seed(dsn: str, stored: int) -> None:
    connection = psycopg2.connect(dsn)
    try:
        seed.ensure(connection, stored, lambda done: say(f"    ... {done:,} rows"))
    finally:
        connection.close()


def _spar(base_url: str, client: dict[str, str], path: str) -> Target:
    token = Token(
        base_url + TOKEN_PATH, client["SPAR_CLIENT_ID"], client["SPAR_CLIENT_SECRET"]
    )
    return Target("spar", base_url, path, token=token.text)


def _postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])
