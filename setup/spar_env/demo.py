"""The demonstration's API client, and what ``make demo`` prints."""

import json
import re
import shlex

from . import portal, server
from .console import SetupError, run_logged, say, step
from .settings import Settings

PREFIX = "SPAR_CLIENT "
SCRIPT = f"""
import json
senders, addresses = env["g2p.spar.sender"], env["g2p.spar.outgoing.address"]
client_id, client_secret = senders.issue_demo_client()
senders.search([("client_id", "=", client_id)]).callback_url = "@url@"
place = dict(ip="127.0.0.1", port=@port@)
if not addresses.search([(name, "=", value) for name, value in place.items()]):
    addresses.create(dict(place, note="Callbacks of the demonstration partner"))
env.cr.commit()
print({PREFIX!r} + json.dumps([client_id, client_secret]))
"""
STAFF = {
    "spar_viewer": "looks up, account numbers masked",
    "spar_officer": "links, updates, holds, unlinks, with a reason",
    "spar_manager": "also releases holds and edits banks, wallets, strategies",
    "spar_admin": "also onboards partners and login providers, with their keys",
    "spar_auditor": "reads all with its history, changes nothing",
    "admin": "Odoo's own administrator",
}
AGENT = "spar_agent"

MESSAGE_ID, TIME, PERSON = "@message_id@", "@time@", "@person@"
ADDRESS = "account:123456@indigo.dfsp1.bank_acc"


def ensure_client(settings: Settings) -> dict[str, str]:
    """Id and secret of the demonstration client, issued once for a database.

    :return: the variables of ``.run/demo-client.env``
    :raise SetupError: when Odoo did not issue one
    """
    known = read_client(settings)
    if known.get("SPAR_DB") != settings.db or "SPAR_CALLBACK_URL" not in known:
        known = {"SPAR_DB": settings.db, **_issue(settings)}
    known["SPAR_BASE_URL"] = settings.base_url
    known["SPAR_ESIGNET_URL"] = settings.esignet_url
    text = "".join(f"{key}={value}\n" for key, value in known.items())
    server.write_private(settings.client_env, text)
    return known


def read_client(settings: Settings) -> dict[str, str]:
    """The variables of ``.run/demo-client.env``; {} when there is no such file."""
    if not settings.client_env.exists():
        return {}
    lines = settings.client_env.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def forget_client(settings: Settings) -> None:
    """Remove the file: the database whose client it held is made anew."""
    settings.client_env.unlink(missing_ok=True)


def _issue(settings: Settings) -> dict[str, str]:
    """Make the client; it may be called back on the port after Odoo's."""
    port = settings.port + 1
    callback_url = f"http://127.0.0.1:{port}"
    log = settings.run / "demo-client.log"
    log.touch(mode=0o600)
    with step("demonstration API client"):
        run_logged(
            [settings.odoo_bin, "shell", "-c", settings.conf, "-d", settings.db]
            + ["--no-http", "--workers=0"],
            log,
            "Is g2p_spar_connect_api installed? `make clean` starts from nothing.",
            env=server.environment(settings),
            stdin=SCRIPT.replace("@url@", callback_url).replace("@port@", str(port)),
            cwd=settings.run,
        )
    found = re.search(rf"^.*{PREFIX}(.*)$", log.read_text(), re.MULTILINE)
    if not found:
        raise SetupError(
            f"Odoo issued no demonstration client; its output is {log}.",
            "Mend what it names and run the same command again.",
        )
    log.unlink()
    client_id, secret = json.loads(found[1])
    return {
        "SPAR_CLIENT_ID": client_id,
        "SPAR_CLIENT_SECRET": secret,
        "SPAR_CALLBACK_URL": callback_url,
    }


def print_welcome(settings: Settings, client: dict[str, str]) -> None:
    """Print address, log-ins of staff and people, the API client, lines of curl."""
    say(f"\nSPAR runs at {settings.base_url}   (log: {settings.log})\n")
    say(f"Log in as a member of staff at {settings.base_url}/odoo")
    say("(the password is the log-in; demonstration only):")
    for login, what in STAFF.items():
        say(f"  {login:14} {what}")
    for line in [*agent_lines(settings), *portal.welcome(settings)]:
        say(line)
    say("\nDemonstration API client:")
    say(f"  client_id     {client['SPAR_CLIENT_ID']}")
    say(f"  client_secret {client['SPAR_CLIENT_SECRET']}")
    say("\nPaste these three lines, in this order, into another terminal:\n")
    for line in curl_lines(settings.base_url, client):
        say(line + "\n")
    say("docs/connect-your-pbms.md goes on from there,")
    say("docs/connect-your-esignet.md with a login provider.\n")


def agent_lines(settings: Settings) -> list[str]:
    """Lines that say how to be the field agent, at a device that is paired first.

    What is to be clicked stands in quotation marks, letter by letter.
    """
    return [
        "\nLog in as a field agent, who takes down accounts for others:",
        f"  1. At {settings.base_url}/odoo/spar-agent-devices, as spar_manager,",
        '     click "Tablet 1 (demonstration)", then "New pairing code".',
        f"  2. In a private window open {settings.base_url}/spar/agent",
        f"     Log in as {AGENT} (the password is the log-in) and type that code.",
    ]


def curl_lines(base_url: str, client: dict[str, str]) -> list[str]:
    """Three shell lines that work when pasted: get a token, link, resolve.

    A person of the moment is linked, so that pasting them again works again.

    :param base_url: address of the system, for example ``http://127.0.0.1:8069``
    :param client: the variables of ``.run/demo-client.env``
    """
    account = shlex.quote(f"{client['SPAR_CLIENT_ID']}:{client['SPAR_CLIENT_SECRET']}")
    token = (
        f"TOKEN=$(curl -s -u {account} -d grant_type=client_credentials "
        f"{base_url}/spar/v1/oauth2/client/token "
        """| sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/'); """
        'PERSON="token:demo-$(date +%s)@nationalId"; echo "$PERSON"'
    )
    item = {"reference_id": "1", "timestamp": TIME, "id": PERSON}
    link = {**item, "fa": ADDRESS, "name": "Demonstration person"}
    resolve = {**item, "scope": "details"}
    return [
        token,
        _curl(base_url, "link", link),
        _curl(base_url, "resolve", resolve),
    ]


def _curl(base_url: str, operation: str, item: dict) -> str:
    message = {
        "signature": "",
        "header": {
            "version": "1.0.0",
            "message_id": MESSAGE_ID,
            "message_ts": TIME,
            "action": operation,
            "sender_id": "demo",
            "total_count": 1,
        },
        "message": {
            "transaction_id": MESSAGE_ID,
            f"{operation}_request": [item],
        },
    }
    body = f"'{json.dumps(message, separators=(',', ':'))}'"
    body = body.replace(MESSAGE_ID, "'$(date +%s%N)'")
    body = body.replace(TIME, "'$(date -u +%Y-%m-%dT%H:%M:%SZ)'")
    body = body.replace(PERSON, "'$PERSON'")
    return (
        f"curl -s {base_url}/spar/v1/mapper/sync/{operation} "
        '-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" '
        f"-d {body}; echo"
    )
