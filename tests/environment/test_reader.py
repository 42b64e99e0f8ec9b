"""The role for reporting tools reads the views for reports, and nothing else."""

import subprocess
from pathlib import Path

import pytest

from spar_env.postgres import SUPERUSER, Cluster
from spar_env.settings import Settings

SCRIPT = Path(__file__).resolve().parents[2] / "g2p_spar_report/data/reader.sql"
READER, PASSWORD = "spar_superset", "it's \\ one"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster with one view for reports, and the table that it reads."""
    root = tmp_path_factory.mktemp("reader")
    settings = Settings(root=root, cache=root / ".cache", run=root / ".run")
    settings.run.mkdir()
    made = Cluster(settings)
    made.start()
    made.sql("CREATE DATABASE spar", user=SUPERUSER)
    run(
        made,
        "CREATE TABLE g2p_spar_mapping (id_key text);"
        " INSERT INTO g2p_spar_mapping VALUES ('a');"
        " CREATE VIEW g2p_spar_report_mapping AS"
        " SELECT count(*) AS mappings FROM g2p_spar_mapping",
    )
    yield made
    made.stop()


def psql(cluster, *arguments, user=SUPERUSER):
    command = [cluster.binary("psql"), "-XAtq", "-h", cluster.socket, "-U", user]
    return subprocess.run(
        [*map(str, command), "-d", "spar", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def run(cluster, statement, user=SUPERUSER):
    return psql(cluster, "-v", "ON_ERROR_STOP=1", "-c", statement, user=user)


def make_reader(cluster, **values):
    values = {"reader": READER, "password": PASSWORD} | values
    given = [f"{name}={value}" for name, value in values.items() if value]
    variables = [part for one in given for part in ("-v", one)]
    return psql(cluster, *variables, "-f", str(SCRIPT))


@pytest.fixture(scope="module")
def reader(cluster):
    """What runs a statement as the role, after the script has run twice."""
    for _ in range(2):
        made = make_reader(cluster)
        assert (made.returncode, made.stderr) == (0, "")
    return lambda statement: run(cluster, statement, READER)


def test_it_reads_views(reader):
    assert reader("SELECT mappings FROM g2p_spar_report_mapping").stdout == "1\n"


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("SELECT * FROM g2p_spar_mapping", "permission denied"),
        ("SELECT * FROM pg_authid", "permission denied"),
        ("INSERT INTO g2p_spar_mapping VALUES ('b')", "read-only transaction"),
        ("BEGIN READ WRITE; CREATE TABLE mine (a int)", "permission denied"),
        ("BEGIN READ WRITE; DELETE FROM g2p_spar_mapping", "permission denied"),
        ("BEGIN READ WRITE; CREATE ROLE other", "permission denied"),
        (f"SET ROLE {SUPERUSER}", "permission denied"),
    ],
)
def test_it_does_nothing_else(reader, statement, refusal):
    done = reader(statement)
    assert done.returncode != 0
    assert refusal in done.stderr


def test_it_gives_up_and_holds_nothing(reader):
    assert reader("SHOW statement_timeout").stdout == "30s\n"
    assert reader("SHOW idle_in_transaction_session_timeout").stdout == "1min\n"


def test_a_view_that_has_come_since_is_read_after_the_script_ran_again(cluster, reader):
    assert (
        run(cluster, "CREATE VIEW g2p_spar_report_new AS SELECT 7 AS a").returncode == 0
    )
    assert reader("SELECT a FROM g2p_spar_report_new").returncode != 0
    assert make_reader(cluster).returncode == 0
    assert reader("SELECT a FROM g2p_spar_report_new").stdout == "7\n"


@pytest.mark.parametrize("missing", ["reader", "password"])
def test_without_name_or_password_it_says_what_is_missing(cluster, missing):
    made = make_reader(cluster, **{missing: ""})
    assert made.returncode != 0
    assert f"-v {missing}=" in made.stderr
