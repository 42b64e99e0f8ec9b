"""The mock eSignet as a process: started, recognised, ended, and only ours."""

import json
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace

import pytest
from joserfc.jwk import RSAKey

from clients.relying_party import form_of
from spar_env.console import SetupError
from spar_env.esignet import Esignet
from spar_env.server import free_port
from spar_env.settings import ROOT


@pytest.fixture
def esignet(settings):
    """A mock that could be started, with one client it knows."""
    own = replace(settings, root=ROOT, esignet_port=free_port(), mail_port=free_port())
    own.run.mkdir()
    (own.venv / "bin").mkdir(parents=True)
    (own.venv / "bin" / "python").symlink_to(sys.executable)
    values = {
        "public_key": form_of(RSAKey.generate_key(2048)),
        "redirect_uris": ["http://127.0.0.1/callback"],
    }
    own.esignet_clients.write_text(json.dumps({"portal": values}))
    one = Esignet(own)
    yield one
    one.stop()


@pytest.fixture(autouse=True)
def python_of_the_tests(monkeypatch):
    """The linked Python finds its packages as this one does."""
    monkeypatch.setattr(
        Esignet,
        "command",
        lambda self, _own=Esignet.command: [sys.executable, *_own(self)[1:]],
    )


def _open(esignet: Esignet, path: str):
    return urllib.request.urlopen(esignet.settings.esignet_url + path)  # noqa: S310


def test_it_starts_knows_its_clients_and_ends(esignet):
    assert not esignet.current()
    pid = esignet.start()

    assert esignet.current()
    assert esignet.pid() == pid
    with _open(esignet, "/inbox") as answer:
        assert answer.status == 200
    with socket.create_connection(("127.0.0.1", esignet.settings.mail_port)) as mail:
        assert mail.recv(3) == b"220"
    assert esignet.stop()
    assert not esignet.stop()
    assert not esignet.healthy()


def test_other_clients_mean_another_start(esignet):
    esignet.start()
    esignet.settings.esignet_clients.write_text("{}")

    assert esignet.pid()
    assert not esignet.current()


def test_somebody_elses_process_is_not_ended(esignet):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1) as other:
        esignet.pid_file.write_text(f"{other.pid}\nx\n")

        assert not esignet.stop()
        assert other.poll() is None
        other.terminate()


def test_a_file_that_cannot_be_used_is_named(esignet):
    esignet.settings.esignet_clients.write_text('{"portal": {}}')

    with pytest.raises(SetupError, match="did not start"):
        esignet.start()
    assert "invalid_input" in esignet.log.read_text()


def test_it_does_not_start_beside_production(esignet, monkeypatch):
    monkeypatch.setenv("SPAR_PRODUCTION", "1")

    with pytest.raises(SetupError):
        esignet.start()
    assert "production" in esignet.log.read_text()
