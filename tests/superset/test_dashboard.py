"""The dashboard in a real Apache Superset, reading by the role for reports alone."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from spar_env import superset
from spar_env.postgres import SUPERUSER

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / superset.SOURCES
READER, PASSWORD = "spar_superset", "of-the-tests"
#: Superset's own settings for a trial: its data in one file, caches in memory.
CONFIG = """
SECRET_KEY = "only-for-a-trial-{password}-and-no-longer"
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/superset.db"
CACHE = {{"CACHE_TYPE": "SimpleCache"}}
FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = CACHE
"""
ADMIN = ("--firstname", "Ad", "--lastname", "Min", "--email", "admin@example.org")


@pytest.fixture(scope="module")
def counted(spar, login):
    """A system with demonstration data that has been counted, and its reader."""
    login("spar_manager").call("g2p.spar.dashboard", "count_now")
    script = ROOT / "g2p_spar_report" / "data" / "reader.sql"
    cluster = spar.cluster
    values = ("-v", f"reader={READER}", "-v", f"password={PASSWORD}")
    psql = [cluster.binary("psql"), "-XAtq", "-h", cluster.socket, "-U", SUPERUSER]
    subprocess.run([*psql, "-d", spar.settings.db, *values, "-f", script], check=True)
    return f"postgresql+psycopg2://{READER}@/{spar.settings.db}?host={cluster.socket}"


@pytest.fixture(scope="module")
def asked(counted, spar, tmp_path_factory):
    """What each chart told, by its name, after the import with Superset's command."""
    home = tmp_path_factory.mktemp("superset")
    (home / "superset_config.py").write_text(
        CONFIG.format(password=PASSWORD, home=home)
    )
    place = superset.ensure(spar.settings)
    archive = home / superset.ARCHIVE
    superset.pack(SOURCES, archive, counted)

    def run(*command) -> str:
        done = subprocess.run(
            [place / "bin" / command[0], *command[1:]],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "SUPERSET_HOME": str(home),
                "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"),
                "FLASK_APP": "superset",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    run("superset", "db", "upgrade")
    account = ("--username", "admin", "--password", PASSWORD)
    run("superset", "fab", "create-admin", *account, *ADMIN)
    run("superset", "init")
    for _twice in range(2):
        run("superset", "import-dashboards", "-p", archive, "-u", "admin")
    told = run("python", Path(__file__).with_name("ask.py"), PASSWORD)
    return json.loads(told.splitlines()[-1])


def charts() -> dict[str, dict]:
    """The sources of the charts by name."""
    found = [yaml.safe_load(path.read_text()) for path in SOURCES.glob("charts/*.yaml")]
    return {chart["slice_name"]: chart for chart in found}


def test_every_chart_is_on_the_dashboard_once(asked):
    assert sorted(asked) == sorted(charts())


def test_no_chart_fails_and_all_read_views_for_reports(asked):
    for name, told in asked.items():
        assert told["error"] is None, (name, told)
        assert told["views"], name
        assert all(view.startswith("g2p_spar_report_") for view in told["views"]), name


def test_the_charts_of_spars_own_dashboard_say_what_the_registry_holds(asked, login):
    tiles = login("spar_manager").call("g2p.spar.dashboard", "get_figures", 30)
    blocks = {block["title"]: block for block in tiles["blocks"]}
    [linked] = [t for t in blocks["Now"]["tiles"] if t["label"] == "Linked IDs"]
    assert linked["value"] > 0
    assert asked["Linked IDs"]["rows"][-1]["Linked IDs"] == linked["value"]
    shown = {
        row["provider"]: row["Linked IDs"]
        for row in asked["Linked IDs by provider"]["rows"]
    }
    for bar in blocks["By provider"]["bars"]:
        if bar["share"]:
            assert shown[bar["label"]] == bar["value"]


def test_a_chart_that_read_a_table_would_be_refused(counted, spar):
    cluster = spar.cluster
    done = subprocess.run(
        [cluster.binary("psql"), "-X", "-h", cluster.socket, "-U", READER]
        + ["-d", spar.settings.db, "-c", "SELECT count(*) FROM g2p_spar_mapping"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "permission denied" in done.stderr
