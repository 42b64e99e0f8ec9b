"""The mock eSignet of the system under test, steered and looked into by the tests."""

import re
import uuid

import requests

from mock_esignet.people import RELYING_PARTY, STORIES, subject

from .running import wait_until

TIMEOUT_SECONDS = 30
CODE = re.compile(r"\b\d{6}\b")


def new_number() -> str:
    """An ID number that nobody has yet; the mock makes a person up for it."""
    return f"bbx{uuid.uuid4().hex[:17]}"


def number_of(story: str) -> str:
    """The number of the demonstration's person with a story, such as ``on_hold``."""
    return {told: number for number, told in STORIES.items()}[story]


def subject_of(number: str) -> str:
    """What the provider calls a person."""
    return subject(number, RELYING_PARTY)


def id_of(number: str) -> str:
    """The ID under which the registry knows a person."""
    return f"token:{subject_of(number)}@nationalId"


class MockEsignet:
    """The mock, by its control address.

    :param url: its address, without a trailing slash
    """

    def __init__(self, url: str):
        self.url = url

    def switch(self, **values) -> None:
        """Let it misbehave."""
        self._send("PUT", "/control/behaviour", values)

    def reset(self) -> None:
        """Be in good health, and forget consents and calls."""
        self._send("DELETE", "/control/behaviour")

    def register(self, client_id: str, **values) -> None:
        """Register a client."""
        self._send("PUT", f"/control/clients/{client_id}", values)

    def rotate(self) -> None:
        """Sign with new keys."""
        self._send("POST", "/control/keys/rotate")

    def age(self, seconds: int) -> None:
        """Let codes, tokens and logins grow older."""
        self._send("POST", f"/control/time/{seconds}")

    def release(self, release: str) -> None:
        """Announce oneself as a release does."""
        self._send("PUT", f"/control/release/{release}")

    def calls(self) -> list[str]:
        """Which endpoints were called since the last reset, in order."""
        return [call["endpoint"] for call in self._send("GET", "/control/calls").json()]

    def messages(self, to: str) -> list[dict]:
        """Text messages and mails to somebody, the oldest first."""
        found = self._send("GET", "/inbox.json").json()
        return [message for message in found if message["to"] == to]

    def wait_for_code(self, to: str) -> str:
        """The six digits in the last message to somebody."""

        def find() -> str | None:
            told = [CODE.search(message["text"]) for message in self.messages(to)]
            return told[-1] and told[-1][0] if told else None

        return wait_until(find, f"a code for {to}")

    def _send(self, method: str, path: str, content=None) -> requests.Response:
        answer = requests.request(
            method, self.url + path, json=content, timeout=TIMEOUT_SECONDS
        )
        assert answer.ok, answer.text
        return answer
