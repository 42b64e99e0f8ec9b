"""A certified provider of others' making (npm's oidc-provider), as a process.

Portal and mock eSignet could agree by having the same mistakes; this one is certified
by the OpenID Foundation, and knows neither.
"""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from spar_env.server import free_port

from .portal import CODE
from .providers import CALLBACK, Providers

PROGRAM = Path(__file__).parents[1] / "npm" / "provider.mjs"
RELEASE = "1.8"
BY_FINGER = "mosip:idp:acr:biometrics"
STOP_SECONDS = 10


class Kind(NamedTuple):
    """A client, at both ends.

    :param record: fields of the portal's record of the provider
    :param client: how the client is registered there
    """

    record: dict
    client: dict


SEALED = {
    "userinfo_encrypted_response_alg": "RSA-OAEP-256",
    "userinfo_encrypted_response_enc": "A256GCM",
}
#: Each demands at the provider what it is named for.
KINDS = {
    "signed": Kind({}, {}),
    "sealed": Kind(
        {"spar_userinfo_encrypted": True, "spar_userinfo_signed": False}, SEALED
    ),
    "pushed": Kind(
        {"spar_use_par": True}, {"require_pushed_authorization_requests": True}
    ),
    "bound": Kind({"spar_use_dpop": True}, {"dpop_bound_access_tokens": True}),
}


class Independent:
    """The provider, with the portal as one client of each kind.

    :param Providers providers: what the administrator does
    :param node: the program
    :param node_modules: folder of its packages
    :param log: file of what it complains of
    """

    def __init__(self, providers: Providers, node: Path, node_modules: Path, log: Path):
        self.providers, self.log = providers, log
        self._command = [str(node), str(PROGRAM), str(node_modules)]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        #: Kind -> id of the portal's record.
        self.records: dict[str, int] = {}
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Enter it at the portal, with new keys, and start it with their publics."""
        self.providers.admin.allow_loopback(self.port)
        clients = [self._enter(name, kind) for name, kind in KINDS.items()]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        settings = json.dumps({"port": self.port, "clients": clients})
        self._process.stdin.write(f"{settings}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "ready\n", self.log.read_text()

    def stop(self) -> None:
        """End it; the portal offers it no more."""
        self.providers.close()
        self.providers.admin.forbid_loopback(self.port)
        if self._process:
            self._process.communicate(timeout=STOP_SECONDS)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def complaints(self) -> list[str]:
        """What it has refused, or failed at, since it was started."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if "WARNING" not in line]

    def _enter(self, name: str, kind: Kind) -> dict:
        """Make the portal's record and return the client as it is registered."""
        client_id = f"portal-{name}-{self.port}"
        record = self.providers.at(
            self.url,
            RELEASE,
            client_id=client_id,
            body=f"Log in ({name})",
            spar_step_up_acr_values=BY_FINGER,
            **kind.record,
        )
        self.records[name] = record
        purposes = ["sign", *["decrypt"] * ("sealed" in name)]
        keys = [self.providers.with_key(record, client_id, one) for one in purposes]
        return {
            "client_id": client_id,
            "redirect_uris": [self.providers.base_url + CALLBACK],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "PS256",
            "id_token_signed_response_alg": "PS256",
            "userinfo_signed_response_alg": "RS256",
            "subject_type": "pairwise",
            "require_auth_time": True,
            "jwks": {"keys": keys},
            **kind.client,
        }


def prove(page: Page, number: str, *, finger: bool = False) -> None:
    """Say who one is, on the provider's page; it asks at each login anew."""
    page.fill("#number", number)
    page.fill("#code", CODE)
    page.set_checked("#finger", finger)
    page.click("#go-on")


def consent(page: Page, *, allowed: bool = True) -> None:
    """Let the provider tell the portal what it asks for, or not."""
    page.click("#allow" if allowed else "#deny")
