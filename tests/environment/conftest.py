"""Settings whose folders are thrown away after the test."""

from pathlib import Path

import pytest

from clients.relying_party import RelyingParty
from mock_esignet.app import make_app
from mock_esignet.keys import KeyRing
from mock_esignet.store import Store
from spar_env.settings import Settings

MOCK_HOST = "http://127.0.0.1:8088"


@pytest.fixture
def settings(tmp_path) -> Settings:
    root = tmp_path / "checkout"
    root.mkdir()
    return Settings(root=root, cache=root / ".cache", run=root / ".run")


@pytest.fixture
def odoo_folder(tmp_path):
    """Factory of folders that hold just enough to be taken for an Odoo."""

    def make(version: str = "(19, 0, 0, 'final', 0, '')") -> Path:
        release = tmp_path / "odoo-source" / "odoo" / "release.py"
        release.parent.mkdir(parents=True)
        release.write_text(f"version_info = {version}\n")
        return release.parent.parent

    return make


@pytest.fixture(scope="session")
def keys():
    """The mock's keys, made once: making them is what takes time."""
    return KeyRing()


@pytest.fixture
def store(keys) -> Store:
    """What a mock eSignet remembers, at first nothing."""
    ring = KeyRing.__new__(KeyRing)
    vars(ring).update(vars(keys))
    return Store(keys=ring)


@pytest.fixture
def party(store, monkeypatch):
    """Factory of relying parties of one mock eSignet, which runs in this process."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    web = make_app(store, MOCK_HOST).test_client()

    def make(**registration) -> RelyingParty:
        return RelyingParty(web, MOCK_HOST, **registration)

    return make
