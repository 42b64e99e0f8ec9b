"""What every refusal has: a code for a program, a sentence for a person, no harm."""

import re
from contextlib import contextmanager

import requests

from .running import Running
from .words import PRIVATE

_SENTENCE = re.compile(r"^\w\S*( \S+){3,}\.( |$)")
_INSIDES = re.compile(r'Traceback|File "|psycopg|odoo\.|<html|werkzeug')


def assert_sentence(text: str | None) -> None:
    """Fail when a text is no sentence, or tells insides or what was sent."""
    assert text
    assert _SENTENCE.search(text), text
    assert not _INSIDES.search(text), text
    assert not PRIVATE.search(text), text


def assert_refused(answer: requests.Response, status: int, code: str) -> None:
    """Fail when a request was not refused as a whole, with this status and code."""
    assert answer.status_code == status, (answer.status_code, answer.text[:500])
    assert answer.headers["Content-Type"].startswith("application/json")
    [error] = answer.json()["errors"]
    assert error["code"] == code
    assert_sentence(error["message"])


@contextmanager
def unchanged(running: Running):
    """Fail when anything is stored otherwise after the block than before."""
    before = running.effects()
    yield
    assert running.effects() == before
