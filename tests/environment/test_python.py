"""The virtual environment: what is installed in it, and when that is done again."""

import pytest

from spar_env import python

FILES = {
    "requirements.txt": "a==1\n",
    "test-requirements.txt": "b==1\n",
    "requirements-oca.txt": "c==1\n",
    "setup/requirements-odoo.txt": "d==1\n",
    "setup/requirements-mock.txt": "e==1\n",
}


@pytest.fixture
def pip(settings, monkeypatch):
    """Stands in for the installer: runs nothing, keeps pip's arguments."""
    (settings.root / "setup").mkdir()
    for name, text in FILES.items():
        (settings.root / name).write_text(text)
    calls = []

    def run(command, *_arguments, **_options):
        program, *arguments = map(str, command)
        if program.endswith("pip"):
            calls.append(arguments[2:])
        else:
            (settings.venv / "bin").mkdir(parents=True)
            (settings.venv / "lib/python3.11/site-packages").mkdir(parents=True)

    monkeypatch.setattr(python, "run_logged", run)
    monkeypatch.setattr(python, "output_of", lambda command: "1")
    monkeypatch.setattr(python, "choose", lambda: "python3")
    return calls


def test_addons_are_installed_without_what_they_ask_for(settings, pip, odoo_folder):
    python.ensure(settings, odoo_folder())

    assert pip == [
        ["-r", "requirements.txt", "-r", "setup/requirements-mock.txt"],
        ["--no-deps", "-r", "requirements-oca.txt"],
    ]


def test_each_step_says_which_files_it_is_for(settings, pip, odoo_folder, capsys):
    python.ensure(settings, odoo_folder(), tests=True)

    told = capsys.readouterr().out
    assert (
        "Python packages of test-requirements.txt and setup/requirements-mock.txt"
        in told
    )
    assert "Python packages of requirements-oca.txt" in told


def test_another_addon_is_noticed(settings, pip, odoo_folder):
    home = odoo_folder()
    python.ensure(settings, home, tests=True)
    pip.clear()
    python.ensure(settings, home, tests=True)
    assert pip == []

    (settings.root / "requirements-oca.txt").write_text("c==2\n")
    python.ensure(settings, home, tests=True)

    assert ["--no-deps", "-r", "requirements-oca.txt"] in pip
