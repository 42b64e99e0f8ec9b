"""Read answers of the registry with the models of a version of the public library.

Usage: ``read_answers.py FOLDER`` with the library's version installed in ``FOLDER``,
and pairs of an operation and an answer as a JSON list on standard input. Prints, for
each, what the library read: header status and code, and status and code by item.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

from openg2p_g2pconnect_mapper_lib import schemas


def read(operation: str, answer: dict) -> dict:
    """Read one answer.

    :raise ValueError: the library does not understand it
    """
    model = getattr(schemas, f"{operation.capitalize()}Response")
    known = model.model_validate(answer).model_dump(mode="json")
    results = known["message"][f"{operation}_response"]
    return {
        "header": known["header"]["status"],
        "code": known["header"]["status_reason_code"],
        "items": [[one["status"], one["status_reason_code"]] for one in results],
    }


if __name__ == "__main__":
    if not schemas.__file__.startswith(sys.argv[1]):
        sys.exit(f"read from {schemas.__file__}")
    json.dump([read(*pair) for pair in json.load(sys.stdin)], sys.stdout)
