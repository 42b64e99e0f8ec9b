"""The demonstration's portal: Odoo and the mock eSignet made known to each other."""

import json
import re

from mock_esignet.people import PEOPLE, STORIES
from mock_esignet.words import WORDS

from . import server
from .console import SetupError, run_logged, step
from .settings import Settings

SCRIPT = "portal_script.py"
PREFIX = "SPAR_PORTAL "
CALLBACK = "/spar/oidc/callback"
RELYING_PARTY = "openg2p-auth-partner"
#: What the pages are shown in, beside English.
LANGUAGES = ("fr_FR", "tl_PH", "ar_001", "hi_IN")
#: client id -> release of eSignet that it is registered at.
CLIENTS = {"spar-portal": "1.8"}
#: What the button of the log-in page says.
BUTTON = "Log in with eSignet"
#: Story of one of the provider's people -> what a person who reads of it is told.
ABOUT = {
    "unmapped": "has no account yet",
    "bank": "has a bank account",
    "wallet": "has a mobile wallet",
    "on_hold": "waits: the payments are on hold",
    "disputed": "said that a change was not theirs: payments are stopped",
    "expired": "has an account that is no longer good",
}


def ensure(settings: Settings) -> None:
    """Set the portal up once for a database and its ports.

    :raise SetupError: when Odoo could not be set up
    """
    wanted = _facts(settings)
    if _known(settings).get("facts") == wanted:
        return
    with step("the portal and its provider"):
        keys = _set_up(settings, wanted)
    clients = {
        client_id: _registration(settings, jwk, CLIENTS[client_id])
        for client_id, jwk in keys.items()
    }
    server.write_private(settings.esignet_clients, json.dumps(clients))
    server.write_private(_stamp(settings), json.dumps({"facts": wanted}))


def forget(settings: Settings) -> None:
    """Forget what was set up: the database is made anew."""
    _stamp(settings).unlink(missing_ok=True)
    settings.esignet_clients.unlink(missing_ok=True)


def welcome(settings: Settings) -> list[str]:
    """Lines that say how to be one of the demonstration's people.

    What is to be clicked stands in quotation marks, letter by letter.
    """
    words = WORDS["en"]
    people = [
        f"       {PEOPLE[number].name:16} {ABOUT[story]}"
        for number, story in STORIES.items()
    ]
    return [
        "\nLog in as a beneficiary: three clicks. Nobody's real identity is used.",
        f"  1. Open {settings.base_url}/my/benefit-account",
        f'     and click "{BUTTON}".',
        "  2. Click a person:",
        *people,
        f'  3. Type the code 111111 and click "{words["go_on"]}".',
        f'     The first time it asks what it may tell: click "{words["allow"]}".',
        "  Before an account is changed it asks once more: click the same person, tick",
        f'  "{words["finger"]}" and click "{words["go_on"]}".',
        f"  Text messages and mails of the portal: {settings.esignet_url}/inbox",
    ]


def _facts(settings: Settings) -> dict:
    """What the script needs to know, and what a new run would have to change."""
    return {
        "db": settings.db,
        "base_url": settings.base_url,
        "esignet_url": settings.esignet_url,
        "esignet_port": settings.esignet_port,
        "mail_port": settings.mail_port,
        "languages": list(LANGUAGES),
        "clients": CLIENTS,
        "button": BUTTON,
    }


def _set_up(settings: Settings, facts: dict) -> dict[str, dict]:
    """Run the script in Odoo.

    :return: client id -> public JWK
    """
    log = settings.run / "portal-setup.log"
    log.touch(mode=0o600)
    script = settings.root / "setup" / "spar_env" / SCRIPT
    run_logged(
        [settings.odoo_bin, "shell", "-c", settings.conf, "-d", settings.db]
        + ["--no-http", "--workers=0"],
        log,
        "Is g2p_spar_portal installed? `make clean` starts from nothing.",
        env=server.environment(settings) | {"SPAR_DEMO": json.dumps(facts)},
        stdin=script.read_text(),
        cwd=settings.run,
    )
    found = re.search(rf"^.*{PREFIX}(.*)$", log.read_text(), re.MULTILINE)
    if not found:
        raise SetupError(
            f"Odoo did not set the portal up; its output is {log}.",
            "Mend what it names and run the same command again.",
        )
    return json.loads(found[1])


def _registration(settings: Settings, jwk: dict, release: str) -> dict:
    """What the mock eSignet keeps about the portal."""
    return {
        "public_key": jwk,
        "redirect_uris": [settings.base_url + CALLBACK],
        "relying_party_id": RELYING_PARTY,
        "release": release,
        "names": {"en": "The benefit registry", "fr": "Le registre des prestations"},
    }


def _known(settings: Settings) -> dict:
    if not (_stamp(settings).exists() and settings.esignet_clients.exists()):
        return {}
    return json.loads(_stamp(settings).read_text())


def _stamp(settings: Settings):
    return settings.run / "portal-setup.json"
