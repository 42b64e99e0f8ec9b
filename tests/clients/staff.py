"""A member of staff at a desk: logs in and does what the screens do (JSON-RPC)."""

import json

import requests

TIMEOUT_SECONDS = 60
#: The list of addresses inside the own network that may be called.
ALLOWED = "g2p.spar.outgoing.address"
LOOPBACK = "127.0.0.1"


class Refused(Exception):
    """The server refused a call; the text is what the screen would show."""


class Staff:
    """A logged-in user.

    :param base_url: address of the server, without a trailing slash
    """

    def __init__(self, base_url: str, database: str, login: str, password: str):
        self.base_url = base_url
        self.session = requests.Session()
        user = self._rpc(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )
        assert user["uid"], login

    def call(self, model: str, method: str, *args, **kwargs):
        """Call a method of a model, as a button or a list does.

        :raise Refused: the server does not want it
        """
        return self._rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def register_key(self, partner: int, jwk: dict) -> None:
        """Paste a public key of a partner.

        :param partner: database id
        :param jwk: the key, which says what it is for
        """
        pasted = {"sender_id": partner, "pasted": json.dumps(jwk)}
        [dialog] = self.call("g2p.spar.partner.key.add", "create", [pasted])
        self.call("g2p.spar.partner.key.add", "action_add", [dialog])

    def allow_loopback(self, port: int) -> None:
        """Let the registry call a port of this machine.

        A test before may have had the same port: the system gives them out again.
        """
        self.forbid_loopback(port)
        entry = {"ip": LOOPBACK, "port": port, "note": "A server of the tests"}
        self.call(ALLOWED, "create", [entry])

    def forbid_loopback(self, port: int) -> None:
        """Let the registry call a port of this machine no more."""
        place = [["ip", "=", LOOPBACK], ["port", "=", port]]
        self.call(ALLOWED, "unlink", self.call(ALLOWED, "search", place))

    def _rpc(self, path: str, params: dict):
        answer = self.session.post(
            self.base_url + path,
            json={"jsonrpc": "2.0", "id": 1, "method": "call", "params": params},
            timeout=TIMEOUT_SECONDS,
        ).json()
        if "error" in answer:
            raise Refused(answer["error"]["data"]["message"])
        return answer.get("result")
