"""What the user may set, and the sentence for what cannot be set."""

import pytest

from spar_env.console import SetupError
from spar_env.settings import ROOT, Settings


def test_defaults_lie_inside_the_checkout():
    settings = Settings.from_environment({})

    assert (settings.port, settings.db, settings.workers) == (8069, "spar", 2)
    assert settings.cache == ROOT / ".cache"
    assert settings.run == ROOT / ".run"
    assert settings.base_url == "http://127.0.0.1:8069"


def test_user_settings_win(tmp_path):
    settings = Settings.from_environment(
        {"SPAR_PORT": "8170", "SPAR_DB": "my_db", "SPAR_RUN": str(tmp_path)}
    )

    assert (settings.port, settings.db, settings.run) == (8170, "my_db", tmp_path)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SPAR_PORT", "0"),
        ("SPAR_PORT", "65533"),
        ("SPAR_PORT", "http"),
        ("SPAR_PORT", "-1"),
        ("SPAR_WORKERS", "two"),
        ("SPAR_DB", "spar; drop"),
        ("SPAR_DB", 'a"b'),
        ("SPAR_DB", "x" * 64),
    ],
)
def test_a_value_that_cannot_be_is_named_with_a_way_out(variable, value):
    with pytest.raises(SetupError) as caught:
        Settings.from_environment({variable: value})

    assert variable in caught.value.problem
    assert variable in caught.value.advice


def test_only_addons_that_exist_are_installed(settings):
    (settings.root / "g2p_spar_mapper").mkdir()
    (settings.root / "g2p_spar_mapper" / "__manifest__.py").write_text("{}")

    assert settings.addons() == ["g2p_spar_mapper"]
