"""The examples in the docstrings of every ``core/`` are run, so they stay true."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _modules_with_examples() -> list[str]:
    paths = sorted(ROOT.glob("g2p_spar_*/core/**/*.py"))
    return [
        ".".join(("odoo", "addons", *path.relative_to(ROOT).with_suffix("").parts))
        for path in paths
        if ">>> " in path.read_text()
    ]


@pytest.mark.parametrize("name", _modules_with_examples())
def test_examples(name):
    module = importlib.import_module(name)

    outcome = doctest.testmod(module)

    assert outcome.attempted > 0
    assert outcome.failed == 0
