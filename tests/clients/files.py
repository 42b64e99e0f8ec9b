"""Files of a partner: how they are sent, and how their results are fetched."""

import base64
import csv
import hashlib
import io
import json
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from .api import TIMEOUT_SECONDS, Api
from .words import message

FORMATS = ("json", "csv")


def write_file(operation: str, items: list, format_: str) -> bytes:
    """Write items as a file.

    :param items: as in a message; their fields must be texts
    """
    if format_ == "json":
        return json.dumps(message(operation, items)).encode()
    text = io.StringIO(newline="")
    names = list(dict.fromkeys(name for item in items for name in item))
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(items)
    return text.getvalue().encode()


def post_file(
    api: Api, operation: str, content: bytes, format_: str, path="mapper", **fields
) -> requests.Response:
    """Send a file by a form, as the specification has it (schema ``FileInfo``)."""
    return requests.post(
        api.url(operation, path),
        data={"action": operation, "fileFormat": format_, **fields},
        files={"fileName": (f"items.{format_}", content)},
        headers={"Authorization": f"Bearer {api.token}"},
        timeout=TIMEOUT_SECONDS,
    )


def send_file(api: Api, operation: str, items: list, format_: str, **fields) -> dict:
    """Send items as a file and return how it was acknowledged."""
    content = write_file(operation, items, format_)
    answer = post_file(api, operation, content, format_, **fields)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.json()["message"]


def fetch(api: Api, href: str) -> requests.Response:
    """Ask for the result of a file; look whether it is what its digest is of.

    The address begins with the parameter web.base.url, which a database keeps when it
    is served at another port the next time.
    """
    answer = requests.get(
        api.base_url + urlsplit(href).path,
        headers={"Authorization": f"Bearer {api.token}"},
        timeout=TIMEOUT_SECONDS,
    )
    if answer.status_code == HTTPStatus.OK:
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        assert answer.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    return answer


def read_result(operation: str, answer: requests.Response) -> list[dict]:
    """Return the results, one for each row; empty cells as none."""
    assert answer.status_code == HTTPStatus.OK, answer.text
    if answer.headers["Content-Type"].startswith("application/json"):
        return answer.json()["message"][f"{operation}_response"]
    rows = csv.DictReader(io.StringIO(answer.text, newline=""))
    return [{name: cell or None for name, cell in row.items()} for row in rows]
