"""Whether installed packages are what was published: compares their files' digests.

Reads ``{"prefix": "name"}`` from standard input and prints how many files the packages
with that prefix have and which of them differ from what their wheel lists (``RECORD``).
"""

import base64
import hashlib
import json
import sys
from importlib.metadata import distributions
from pathlib import Path


def altered(prefix: str) -> tuple[int, list[str]]:
    """Number of files, and those that were altered or are missing."""
    count, wrong = 0, []
    for package in distributions():
        if not package.name.startswith(prefix):
            continue
        for file in package.files or ():
            if file.hash is None:
                continue
            count += 1
            path = Path(file.locate())
            digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
            text = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if text != file.hash.value:
                wrong.append(str(file))
    return count, wrong


if __name__ == "__main__":
    files, names = altered(json.load(sys.stdin)["prefix"])
    json.dump({"files": files, "altered": names}, sys.stdout)
