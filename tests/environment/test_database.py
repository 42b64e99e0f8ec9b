"""When a database is made anew, updated, or left alone."""

import uuid
from dataclasses import replace

import pytest

from spar_env import database
from spar_env.postgres import Cluster
from spar_env.settings import Settings


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """One cluster for all; each test has a database of its own name in it."""
    root = tmp_path_factory.mktemp("database")
    settings = Settings(root=root, cache=root / ".cache", run=root / ".run")
    settings.run.mkdir()
    made = Cluster(settings)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def settings(settings):
    settings.run.mkdir()
    return replace(settings, db=f"spar_{uuid.uuid4().hex}")


@pytest.fixture
def addon(settings):
    folder = settings.root / "g2p_spar_mapper"
    (folder / "models").mkdir(parents=True)
    (folder / "__manifest__.py").write_text("{'version': '19.0.1.0.0'}")
    (folder / "models" / "mapping.py").write_text("a = 1\n")
    return folder


@pytest.fixture
def installations(monkeypatch):
    """What Odoo would have been run with; the run itself is not under test here."""
    seen = []

    def run_logged(command, log, advice, **options):
        seen.append(
            command[command.index("-d") + 2 : command.index("--stop-after-init")]
        )
        log.write_text("")

    monkeypatch.setattr(database, "run_logged", run_logged)
    return seen


def test_a_database_is_made_once(settings, cluster, addon, installations):
    assert database.ensure(settings, cluster, demo=True) is True
    assert database.current(settings, cluster)
    assert database.ensure(settings, cluster, demo=True) is False

    assert installations == [["-i", "g2p_spar_mapper", "--with-demo"]]


def test_changed_code_is_updated_and_a_new_addon_installed(
    settings, cluster, addon, installations
):
    database.ensure(settings, cluster, demo=False)
    (addon / "models" / "mapping.py").write_text("a = 2\n")
    new = settings.root / "g2p_spar_connect_api"
    new.mkdir()
    (new / "__manifest__.py").write_text("{}")
    assert not database.current(settings, cluster)

    database.ensure(settings, cluster, demo=False)

    assert installations[1:] == [
        ["-i", "g2p_spar_connect_api", "-u", "g2p_spar_mapper"]
    ]
    assert database.current(settings, cluster)


def test_an_installation_that_was_cut_off_is_made_anew(
    settings, cluster, addon, installations
):
    database.create(settings, cluster)
    cluster.sql("CREATE TABLE half_done ()", database=settings.db)

    database.ensure(settings, cluster, demo=False)

    left = cluster.sql("SELECT to_regclass('half_done') IS NULL", database=settings.db)
    assert left == "t"


def test_a_database_of_somebody_else_is_never_dropped(
    settings, cluster, addon, installations
):
    cluster.sql('CREATE DATABASE :"db"', db=settings.db)
    cluster.sql("CREATE TABLE precious ()", database=settings.db)

    database.ensure(settings, cluster, demo=True)

    kept = cluster.sql("SELECT to_regclass('precious')", database=settings.db)
    assert kept == "precious"
    assert installations == [["-i", "g2p_spar_mapper"]]


def test_a_made_database_sorts_by_code_point(settings, cluster):
    database.create(settings, cluster)

    assert cluster.sql("SELECT 'B' < 'a'", database=settings.db) == "t"


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        ("models/mapping.py", True),
        ("views/mapping.xml", True),
        ("i18n/fr.po", True),
        ("tests/test_mapping.py", False),
        ("readme/USAGE.md", False),
        ("models/__pycache__/mapping.pyc", False),
    ],
)
def test_the_digest_follows_what_an_installation_reads(addon, name, matters):
    before = database.digest_of(addon)
    path = addon / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("changed\n")

    assert (database.digest_of(addon) != before) is matters
