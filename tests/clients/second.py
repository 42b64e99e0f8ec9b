"""A second mapper beside the running one: Odoo on a copy of its database.

A country's mapper is a system of another operator; here it stands on the same
cluster, so that it is there in seconds. It has a name and keys of its own.
"""

import os
import shutil
import subprocess
from dataclasses import replace

from spar_env import odoo
from spar_env.server import Server, environment, free_port, write_files

from .running import Running

_OWN_NAME = """
    UPDATE ir_config_parameter SET value = gen_random_uuid()
    WHERE key = 'database.uuid';
    DELETE FROM g2p_spar_own_key;
    DELETE FROM queue_job;
"""
#: Ends all sessions of ours in a database, and waits for their ends.
_LEAVE = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = :'database' AND usename = current_user;
"""


class Second(Running):
    """The second system; knows the same partners as the first did when it was made.

    :param first: the running system
    """

    def __init__(self, first: Running):
        settings = replace(
            first.settings,
            run=first.settings.run / "second",
            db=first.settings.db + "_second",
            port=free_port(),
            workers=0,
        )
        self.settings = settings
        self.server = Server(settings)
        self.cluster = first.cluster
        self._first = first

    def up(self) -> None:
        """Copy the first one's database and start."""
        self.settings.run.mkdir(parents=True, exist_ok=True)
        shutil.copy(self._first.settings.secret_key, self.settings.secret_key)
        write_files(self.settings, odoo.ensure(self.settings), self.cluster)
        self._drop()
        self._tool("createdb", "-T", "template0", self.settings.db)
        dump = self.settings.run / "first.dump"
        self._tool("pg_dump", "-Fc", "-Z0", "-f", str(dump), self._first.settings.db)
        self._tool("pg_restore", "-d", self.settings.db, str(dump))
        dump.unlink()
        self._tool("psql", "-q", "-d", self.settings.db, "-c", _OWN_NAME)
        self.server.start()

    def down(self) -> None:
        """Stop it and drop its database."""
        self.server.stop()
        self._drop()

    def _drop(self) -> None:
        """Drop the database, whoever of ours is still in it.

        ``dropdb --force`` would fail over the cluster's own autovacuum, which is not
        ours to end and which goes by itself.
        """
        name = f"database={self.settings.db}"
        self._tool("psql", "-q", "-d", "postgres", "-v", name, given=_LEAVE)
        self._tool("dropdb", "--if-exists", self.settings.db)

    def _tool(self, name: str, *arguments: str, given: str = "") -> None:
        command = [str(self.cluster.binary(name)), "-h", str(self.cluster.socket)]
        done = subprocess.run(
            [*command, "-U", "odoo", *arguments],
            env={**os.environ, **environment(self.settings)},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
