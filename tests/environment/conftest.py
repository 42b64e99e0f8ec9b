"""Settings whose folders are thrown away after the test."""

from pathlib import Path

import pytest

from spar_env.settings import Settings


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
