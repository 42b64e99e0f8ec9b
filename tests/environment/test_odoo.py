"""Getting Odoo: the user's own is checked, what is built appears only when whole."""

import pytest

from spar_env import apt, archive, odoo
from spar_env.console import SetupError


def test_an_own_odoo_19_is_used_as_it_is(settings, odoo_folder):
    home = odoo_folder()

    found = odoo.ensure(_with(settings, odoo_home=home))

    assert found == home
    assert not settings.cache.exists()


@pytest.mark.parametrize("version", ["(18, 0, 0, 'final', 0, '')", "()"])
def test_an_own_odoo_of_another_series_is_refused(settings, odoo_folder, version):
    home = odoo_folder(version)

    with pytest.raises(SetupError) as caught:
        odoo.ensure(_with(settings, odoo_home=home))

    assert str(home) in caught.value.problem
    assert "ODOO_HOME" in caught.value.advice


def test_an_own_odoo_that_is_none_is_refused(settings, tmp_path):
    with pytest.raises(SetupError, match="no Odoo"):
        odoo.ensure(_with(settings, odoo_home=tmp_path))


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("version_info = (19, 0, 0, 'final', 0, '')", "19.0"),
        ("version_info = ('saas~18', 4, 0, FINAL, 0, '')", "saas~18.4"),
        ("nothing = 1", ""),
    ],
)
def test_version_is_read_without_running_anything(tmp_path, text, version):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text(text + "\n")

    assert odoo.version_of(tmp_path) == version


def test_a_folder_without_stamp_is_built_anew(settings, monkeypatch):
    half_done = settings.cache / "odoo" / "usr"
    half_done.mkdir(parents=True)
    _archive_that_gives(monkeypatch, "(19, 0, 0, 'final', 0, '')")

    home = odoo.ensure(settings)

    assert odoo.version_of(home) == "19.0"
    assert not half_done.exists()
    assert [path.name for path in settings.cache.iterdir()] == ["odoo"]


def test_a_failure_on_the_way_leaves_no_folder(settings, monkeypatch):
    _archive_that_gives(monkeypatch, "(17, 0, 0, 'final', 0, '')")

    with pytest.raises(SetupError, match=r"Odoo 17\.0"):
        odoo.ensure(settings)

    assert not (settings.cache / "odoo").exists()


def test_a_whole_folder_is_used_without_fetching(settings, monkeypatch):
    _archive_that_gives(monkeypatch, "(19, 0, 0, 'final', 0, '')")
    first = odoo.ensure(settings)
    monkeypatch.setattr(archive, "install", _must_not_run)

    assert odoo.ensure(settings) == first


@pytest.mark.parametrize(
    ("name", "kept"),
    [("fr.po", True), ("fr_BE.po", True), ("sr@latin.po", False), ("de.po", False)],
)
def test_translations_nobody_reads_are_dropped(tmp_path, name, kept):
    path = tmp_path / "odoo" / "addons" / "base" / "i18n" / name
    path.parent.mkdir(parents=True)
    path.touch()

    odoo.drop_languages(tmp_path)

    assert path.exists() is kept


def _with(settings, **changes):
    return type(settings)(**{**vars(settings), **changes})


def _must_not_run(*arguments):
    raise AssertionError("Odoo was fetched although it is there")


def _archive_that_gives(monkeypatch, version):
    def install(settings, partial):
        release = partial / "odoo-19.0" / "odoo" / "release.py"
        release.parent.mkdir(parents=True)
        release.write_text(f"version_info = {version}\n")
        return "odoo-19.0"

    monkeypatch.setattr(apt, "usable", lambda: False)
    monkeypatch.setattr(archive, "install", install)
