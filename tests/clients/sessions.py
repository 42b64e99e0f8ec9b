"""The sessions that the server keeps, as the passing of time changes them."""

import json

from playwright.sync_api import BrowserContext

from spar_env.settings import Settings

COOKIE = "session_id"
PERSON = "g2p_spar_person"


def leave_alone(settings: Settings, browser: BrowserContext, minutes: int) -> None:
    """Let a person's session be as one that nobody touched for some time.

    :param settings: of the server
    :param browser: the person's
    :param minutes: how long nobody asked for anything
    """
    [name] = [one["value"] for one in browser.cookies() if one["name"] == COOKIE]
    path = settings.run / "data" / "sessions" / name[:2] / name
    kept = json.loads(path.read_text())
    kept[PERSON]["seen"] -= minutes * 60 + 1
    path.write_text(json.dumps(kept))
