"""Node and the packages of npm: found or installed, and just those of the lock file."""

import json
import re
from pathlib import Path

import pytest

from spar_env import apt, node
from spar_env.console import SetupError
from spar_env.settings import ROOT

FOUND = {"node": "/usr/bin/node", "npm": "/usr/bin/npm", "apt-get": "/usr/bin/apt-get"}


@pytest.fixture
def machine(monkeypatch):
    """A machine of root's with apt and nothing else; its programs by name."""
    programs = {"apt-get": FOUND["apt-get"]}
    monkeypatch.setattr(node.shutil, "which", programs.get)
    monkeypatch.setattr(apt.os, "getuid", lambda: 0)
    monkeypatch.setattr(node, "output_of", lambda _command: "v20.20.2\n")
    return programs


@pytest.fixture
def commands(monkeypatch):
    """Stands in for what is run: keeps the commands, and what they are to do.

    :return: list of commands; its ``then`` is called after each
    """

    class Commands(list):
        then = staticmethod(lambda _command, _options: None)

    ran = Commands()

    def run(command, *_arguments, **options):
        ran.append([*map(str, command)])
        ran.then(ran[-1], options)

    for module in (apt, node):
        monkeypatch.setattr(module, "run_logged", run)
    return ran


@pytest.fixture
def npm(settings, commands, machine):
    """A checkout with a lock file, and an npm that installs."""
    machine |= FOUND
    folder = settings.root / node.FOLDER
    folder.mkdir(parents=True)
    settings.cache.mkdir()
    for name in node.FILES:
        (folder / name).write_text("{}")

    def install(_command, options):
        (options["cwd"] / "node_modules" / "axe-core").mkdir(parents=True)

    commands.then = install
    return commands


# === THE PROGRAMS === #


def test_installed_programs_are_taken(settings, machine, commands):
    machine |= FOUND

    assert node.ensure(settings) == (Path(FOUND["node"]), Path(FOUND["npm"]))
    assert commands == []


@pytest.mark.parametrize("there", [{}, {"node": FOUND["node"]}], ids=["none", "no-npm"])
def test_root_installs_what_is_missing(settings, machine, commands, there):
    machine |= there
    commands.then = lambda *_: machine.update(FOUND)

    assert node.ensure(settings)[1] == Path(FOUND["npm"])

    update, install = commands
    assert update[0] == install[0] == "apt-get"
    assert install[-2:] == ["nodejs", "npm"]


def test_others_are_told_what_to_install(settings, machine, commands, monkeypatch):
    monkeypatch.setattr(apt.os, "getuid", lambda: 1000)

    with pytest.raises(SetupError, match="need Node with npm") as caught:
        node.ensure(settings)

    assert "nodejs npm" in caught.value.advice
    assert commands == []


def test_without_apt_nothing_is_tried(settings, machine, commands):
    machine.clear()

    with pytest.raises(SetupError, match="need Node with npm"):
        node.ensure(settings)
    assert commands == []


def test_an_installation_that_brings_nothing_is_noticed(settings, machine, commands):
    with pytest.raises(SetupError, match="need Node with npm"):
        node.ensure(settings)
    assert len(commands) == 2


@pytest.mark.parametrize("told", ["v16.20.2\n", "v8.1.0\n", "", "node 20"])
def test_a_release_that_is_too_old_is_named(
    settings, machine, commands, monkeypatch, told
):
    machine |= FOUND
    monkeypatch.setattr(node, "output_of", lambda _command: told)

    with pytest.raises(SetupError, match="need Node 18 or later") as caught:
        node.ensure(settings)
    assert told.strip() in str(caught.value)


@pytest.mark.parametrize("told", ["v18.0.0\n", "v24.1.0\n"])
def test_any_later_release_will_do(settings, machine, commands, monkeypatch, told):
    machine |= FOUND
    monkeypatch.setattr(node, "output_of", lambda _command: told)

    assert node.ensure(settings)


# === THE PACKAGES === #


def test_packages_are_installed_once_outside_the_checkout(settings, npm):
    folder = node.packages(settings)

    assert (folder / "axe-core").is_dir()
    assert settings.cache in folder.parents
    assert [*(settings.root / node.FOLDER).iterdir()] == sorted(
        settings.root / node.FOLDER / name for name in node.FILES
    )
    assert node.packages(settings) == folder
    [command] = npm
    # What the lock file names, and none of the packages' own programs.
    assert command[1:2] == ["ci"]
    assert "--ignore-scripts" in command


def test_another_lock_file_means_other_packages(settings, npm):
    before = node.packages(settings)
    (settings.root / node.FOLDER / "package-lock.json").write_text('{"a": 1}')

    after = node.packages(settings)

    assert after != before
    assert after.is_dir()
    assert not before.exists()


def test_an_installation_that_was_cut_off_is_begun_anew(settings, npm):
    install = npm.then

    def fail(command, options):
        install(command, options)
        raise SetupError("npm ended with code 1.", "Look.")

    npm.then = fail
    with pytest.raises(SetupError):
        node.packages(settings)

    npm.then = install
    assert (node.packages(settings) / "axe-core").is_dir()
    assert len([*settings.cache.glob(f"{node.KEPT}-*")]) == 1


# === THE CHECKOUT'S OWN === #


def test_every_package_is_pinned_by_version_and_digest():
    """And none by the address of somebody's registry."""
    wanted = json.loads((ROOT / node.FOLDER / "package.json").read_text())
    text = (ROOT / node.FOLDER / "package-lock.json").read_text()
    locked = json.loads(text)["packages"]
    entry = locked.pop("")

    assert entry["dependencies"] == wanted["dependencies"]
    assert all(re.fullmatch(r"[\d.]+", v) for v in wanted["dependencies"].values())
    assert all(one["integrity"].startswith("sha512-") for one in locked.values())
    assert not any("resolved" in one for one in locked.values())
