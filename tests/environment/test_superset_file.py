"""The file for Superset: the same sources give the same file, which reads our views."""

import re
import stat
import zipfile
from pathlib import Path

import pytest
import yaml

from spar_env import superset

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / superset.SOURCES
PAGES = [*ROOT.glob("g2p_spar_report*/readme/VIEWS.md")]
#: Columns that a dataset computes of others.
COMPUTED = {"state_words", "level_words"}


def read(kind: str) -> list[dict]:
    return [yaml.safe_load(path.read_text()) for path in SOURCES.glob(f"{kind}/*.yaml")]


@pytest.fixture
def target(tmp_path):
    return tmp_path / superset.ARCHIVE


def member(archive: Path, name: str) -> dict:
    with zipfile.ZipFile(archive) as opened:
        return yaml.safe_load(opened.read(f"{superset.ROOT}/{name}"))


def test_it_holds_all_sources_and_is_the_same_each_time(target):
    superset.pack(SOURCES, target)
    first = target.read_bytes()
    superset.pack(SOURCES, target)
    assert target.read_bytes() == first
    with zipfile.ZipFile(target) as opened:
        names = opened.namelist()
    assert len(names) == len([*SOURCES.rglob("*.yaml")])
    assert all(name.startswith(f"{superset.ROOT}/") for name in names)


def test_superset_asks_for_a_password_that_nobody_gave(target):
    superset.pack(SOURCES, target)
    address = member(target, "databases/SPAR.yaml")["sqlalchemy_uri"]
    assert ":XXXXXXXXXX@" in address


def test_an_address_comes_whole_and_to_nobody_else(target):
    given = 'postgresql+psycopg2://spar:it\'s \\1 "one"@db:5432/spar'
    superset.pack(SOURCES, target, given)
    assert member(target, "databases/SPAR.yaml")["sqlalchemy_uri"] == given
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_datasets_are_views_with_the_columns_of_their_pages():
    told = {}
    for page in PAGES:
        for part in re.split(r"^## ", page.read_text(), flags=re.M)[1:]:
            columns = re.findall(r"^\| (\w+) \| [\w ]+ \|", part, re.M)[1:]
            told[part.split("\n", 1)[0]] = set(columns)
    for dataset in read("datasets/SPAR"):
        columns = {column["column_name"] for column in dataset["columns"]}
        assert columns - COMPUTED == told[dataset["table_name"]]
        assert dataset["sql"] is None


def test_all_belongs_together():
    [database] = read("databases")
    [dashboard] = read("dashboards")
    datasets = {dataset["uuid"]: dataset for dataset in read("datasets/SPAR")}
    charts = read("charts")
    assert {one["database_uuid"] for one in datasets.values()} == {database["uuid"]}
    assert {chart["dataset_uuid"] for chart in charts} == set(datasets)
    placed = [
        place["meta"]["uuid"]
        for place in dashboard["position"].values()
        if isinstance(place, dict) and place["type"] == "CHART"
    ]
    assert sorted(placed) == sorted(chart["uuid"] for chart in charts)
