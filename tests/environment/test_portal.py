"""The demonstration's portal is set up once, with a small program in Odoo's place."""

import json
import re
import stat
import sys
from dataclasses import replace

import pytest

from mock_esignet.people import PEOPLE, STORIES
from spar_env import portal
from spar_env.console import SetupError
from spar_env.settings import ROOT

PUBLIC_KEY = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}
#: Answers as the script does, and keeps what it was told.
ODOO = f"""
import json, os, pathlib, sys
told = {{
    "arguments": sys.argv[1:],
    "facts": json.loads(os.environ["SPAR_DEMO"]),
    "script": sys.stdin.read(),
}}
with pathlib.Path("told").open("a") as file:
    file.write(json.dumps(told) + "\\n")
print(">>> SPAR_PORTAL " + json.dumps({{"spar-portal": {PUBLIC_KEY!r}}}))
"""
SILENT = "print('something else')"


@pytest.fixture
def make(settings):
    """Factory: settings whose "Odoo" is the given Python program."""

    def put(program: str = ODOO):
        own = replace(settings, root=ROOT)
        own.odoo_bin.parent.mkdir(parents=True, exist_ok=True)
        own.odoo_bin.write_text(f"#!{sys.executable}\n{program}")
        own.odoo_bin.chmod(0o755)
        own.run.mkdir(exist_ok=True)
        return own

    return put


def told(settings) -> list[dict]:
    """What Odoo was told, each time it was started."""
    path = settings.run / "told"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_odoo_reads_the_script_and_the_addresses(make):
    settings = make()

    portal.ensure(settings)

    [one] = told(settings)
    assert one["arguments"][0] == "shell"
    assert "--no-http" in one["arguments"]
    assert one["script"] == (ROOT / "setup/spar_env/portal_script.py").read_text()
    assert one["facts"]["base_url"] == settings.base_url
    assert one["facts"]["esignet_url"] == settings.esignet_url
    assert one["facts"]["mail_port"] == settings.mail_port


def test_the_mock_is_told_the_client_and_nobody_else_is(make):
    settings = make()

    portal.ensure(settings)

    [(name, client)] = json.loads(settings.esignet_clients.read_text()).items()
    assert name == "spar-portal"
    assert client["public_key"] == PUBLIC_KEY
    assert client["redirect_uris"] == [f"{settings.base_url}/spar/oidc/callback"]
    mode = settings.esignet_clients.stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_it_is_done_once_for_the_same_addresses(make):
    settings = make()

    portal.ensure(settings)
    portal.ensure(settings)
    assert len(told(settings)) == 1

    portal.ensure(replace(settings, mail_port=settings.mail_port + 1))
    portal.ensure(replace(settings, port=settings.port + 1))
    assert len(told(settings)) == 3


@pytest.mark.parametrize("lost", ["esignet-clients.json", "portal-setup.json"])
def test_it_is_done_again_when_a_file_was_lost(make, lost):
    settings = make()
    portal.ensure(settings)
    (settings.run / lost).unlink()

    portal.ensure(settings)

    assert len(told(settings)) == 2
    assert settings.esignet_clients.exists()


def test_it_is_done_again_for_a_new_database(make):
    settings = make()
    portal.ensure(settings)

    portal.forget(settings)
    assert not settings.esignet_clients.exists()
    portal.forget(settings)
    portal.ensure(settings)

    assert len(told(settings)) == 2


@pytest.mark.parametrize("program", [SILENT, "raise SystemExit(3)"])
def test_an_odoo_that_does_not_do_it_is_noticed(make, program):
    settings = make(program)

    with pytest.raises(SetupError):
        portal.ensure(settings)

    assert not settings.esignet_clients.exists()
    settings = make()
    portal.ensure(settings)
    assert settings.esignet_clients.exists()


def test_a_newcomer_reads_three_clicks(settings):
    """Each of the demonstration's people is named, so that one can be clicked."""
    text = "\n".join(portal.welcome(settings))

    assert "Log in as a beneficiary" in text
    assert re.findall(r"^ +(\d)\. ", text, re.MULTILINE) == ["1", "2", "3"]
    assert f"{settings.base_url}/my/benefit-account" in text
    assert "111111" in text
    assert f"{settings.esignet_url}/inbox" in text
    first_names = [PEOPLE[number].name.split()[0] for number in STORIES]
    assert not [name for name in first_names if name not in text]
