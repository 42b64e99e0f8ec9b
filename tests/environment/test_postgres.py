"""A real cluster in a thrown-away folder: made, killed, found again, stopped."""

import os
import select
import signal
import stat
from pathlib import Path

import pytest

from spar_env import postgres
from spar_env.console import SetupError
from spar_env.postgres import Cluster
from spar_env.settings import Settings


@pytest.fixture
def cluster(settings):
    settings.run.mkdir()
    made = Cluster(settings)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A running cluster for tests that only ask it."""
    root = tmp_path_factory.mktemp("shared")
    settings = Settings(root=root, cache=root / ".cache", run=root / ".run")
    settings.run.mkdir()
    made = Cluster(settings)
    made.start()
    yield made
    made.stop()


def test_a_running_cluster_is_left_alone(shared):
    assert shared.start() is False


def test_a_cluster_is_durable_and_only_reached_by_its_socket(shared):
    assert shared.sql("SHOW listen_addresses") == ""
    assert shared.sql("SHOW fsync") == "on"
    assert shared.sql("SHOW server_encoding") == "UTF8"
    assert stat.S_IMODE(shared.socket.stat().st_mode) == 0o700


def test_the_log_of_a_refused_statement_names_nobody(shared):
    twice = """
        CREATE TEMPORARY TABLE once (id text PRIMARY KEY);
        INSERT INTO once VALUES ('person-4711'), ('person-4711');
    """
    with pytest.raises(SetupError):
        shared.sql(twice)

    assert "violates unique constraint" in shared.log.read_text()
    assert "4711" not in shared.log.read_text()


def test_the_role_can_create_databases_and_is_no_superuser(shared):
    rights = shared.sql(
        "SELECT rolcreatedb, rolsuper FROM pg_roles WHERE rolname = current_user"
    )

    assert rights == "t|f"


def test_data_survives_a_stop_and_a_kill(cluster):
    assert cluster.start() is True
    cluster.sql("CREATE DATABASE kept")
    cluster.stop()
    assert not cluster.running()
    cluster.start()
    _kill(_postmaster(cluster))

    cluster.start()

    assert cluster.sql("SELECT 1 FROM pg_database WHERE datname = 'kept'") == "1"


def test_a_folder_whose_making_was_cut_off_is_made_anew(cluster):
    cluster.start()
    cluster.stop()
    (cluster.data / postgres.STAMP).unlink()
    (cluster.data / "global" / "pg_control").unlink()

    cluster.start()

    assert cluster.sql("SELECT 1") == "1"


def test_a_pid_file_with_the_number_of_another_program_is_not_believed(cluster):
    cluster.data.mkdir()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert not cluster.running()
    assert cluster.stop() is False


def test_data_of_a_version_that_is_gone_is_not_touched(cluster, monkeypatch):
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("99\n")
    monkeypatch.setattr(postgres, "_from_wheel", lambda settings: Path("/nowhere"))

    with pytest.raises(SetupError, match="PostgreSQL 99"):
        Cluster(cluster.settings).start()


def test_values_are_quoted_by_psql(shared):
    assert shared.sql("SELECT :'value'", value="it's; DROP") == "it's; DROP"


def test_a_refusal_is_a_sentence(shared):
    with pytest.raises(SetupError, match="no_such_table"):
        shared.sql("SELECT * FROM no_such_table")


def test_a_long_path_gets_a_short_socket_folder(tmp_path):
    short = postgres.socket_folder(Path("/srv/spar/.run"))
    long = postgres.socket_folder(tmp_path / ("x" * 120) / ".run")

    assert short == Path("/srv/spar/.run/pg-socket")
    assert len(os.fsencode(long)) <= postgres.LONGEST_SOCKET_FOLDER


def test_without_system_binaries_no_folder_is_taken_for_some(tmp_path):
    (tmp_path / "initdb").touch()

    assert postgres.version_of(tmp_path) == 0


def _postmaster(cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def _kill(pid: int):
    """Kill and return when the process is gone."""
    handle = os.pidfd_open(pid)
    signal.pidfd_send_signal(handle, signal.SIGKILL)
    select.select([handle], [], [])
    os.close(handle)
