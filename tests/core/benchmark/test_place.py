"""The benchmark keeps to its own place."""

from dataclasses import replace

import place
import pytest

from spar_env.console import SetupError
from spar_env.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(root=tmp_path, cache=tmp_path / ".cache", run=tmp_path / ".run")


def test_it_never_uses_the_demonstration(settings):
    for stored, name in ((1_000_000, "spar_bench"), (5_000, "spar_bench_5000")):
        own = place.own_settings(settings, stored)

        assert own.db == name
        assert own.run == settings.run / "bench"
        assert len({own.port, own.esignet_port, own.mail_port, settings.port}) == 4
        ports = dict.fromkeys(("port", "esignet_port", "mail_port"), 1)
        assert replace(own, db="", run=settings.run, **ports) == replace(
            settings, db="", **ports
        )


def test_two_at_once_are_refused(tmp_path):
    folder = tmp_path / ".run" / "bench"
    with (
        place._alone(folder),
        pytest.raises(SetupError, match="Another benchmark"),
        place._alone(folder),
    ):
        pass

    with place._alone(folder):
        assert (folder / "lock").exists()
