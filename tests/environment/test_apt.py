"""The repository is the one that the machine's own configuration names."""

from pathlib import Path

import pytest

from spar_env import apt

STANZA = """\
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm
Components: main
Signed-By: {keyring}
"""


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine whose apt knows nothing yet: only its files can tell."""
    monkeypatch.setattr(apt, "SOURCES", tmp_path)
    monkeypatch.setattr(apt, "output_of", lambda command: "")
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "keyring.gpg").touch()
    return tmp_path


def test_a_stanza_names_address_and_keyring(machine):
    keyring = machine / "keyring.gpg"
    path = machine / "sources.list.d" / "debian.sources"
    path.write_text(
        "Types: deb\nComponents: non-free\n\n" + STANZA.format(keyring=keyring)
    )

    assert apt.repository() == ("http://mirror.example/debian", keyring)


def test_a_line_names_address_and_keyring(machine):
    keyring = machine / "keyring.gpg"
    (machine / "sources.list").write_text(
        "# a comment\n"
        f"deb [arch=amd64 signed-by={keyring}] http://mirror.example/debian x main\n"
    )

    assert apt.repository() == ("http://mirror.example/debian", keyring)


def test_a_security_archive_is_no_mirror(machine):
    keyring = machine / "keyring.gpg"
    (machine / "sources.list").write_text(
        f"deb [signed-by={keyring}] http://mirror.example/debian-security x main\n"
    )

    assert apt.repository() is None


def test_a_keyring_that_is_not_there_cannot_check_anything(machine):
    path = machine / "sources.list.d" / "debian.sources"
    path.write_text(STANZA.format(keyring=machine / "missing.gpg"))

    assert apt.repository() is None


def test_the_answer_of_apt_comes_first(machine, monkeypatch):
    keyring = machine / "keyring.gpg"
    answer = f"http://first.example/debian Debian {keyring}\n"
    monkeypatch.setattr(apt, "output_of", lambda command: answer)

    assert apt.repository() == ("http://first.example/debian", Path(keyring))
