"""The question to a service that knows account holders, and its answer.

The contract is docs/name-check.md: one account and one name go out, one word comes
back. The service's own name of the holder is neither asked for nor kept: whoever
could try names out would otherwise learn it.
"""

import json
from enum import StrEnum

from .ladder import Result

#: Bytes of an answer: it is one word.
ANSWER_LIMIT = 4096
EVIDENCE_LIMIT = 64


class NameVerdict(StrEnum):
    """How a name fits an account."""

    MATCH = "match"
    CLOSE = "close"
    NONE = "none"
    NOT_POSSIBLE = "not_possible"


#: What a verdict is on the ladder. A close name passes nothing and excludes
#: nobody: order, spelling and script of names differ between lists.
RESULTS = {
    NameVerdict.MATCH: Result.PASSED,
    NameVerdict.CLOSE: Result.UNCLEAR,
    NameVerdict.NONE: Result.FAILED,
    NameVerdict.NOT_POSSIBLE: Result.UNCLEAR,
}


def write_question(reference: str, fa: str, name: str) -> bytes:
    """The body of a request.

    >>> write_question("1", "account:1@b", "Ana")
    b'{"reference":"1","account":"account:1@b","name":"Ana"}'
    """
    question = {"reference": reference, "account": fa, "name": name}
    return json.dumps(question, separators=(",", ":"), ensure_ascii=False).encode()


def read_answer(status: int, body: bytes, reference: str) -> tuple[NameVerdict, str]:
    """Read an answer: the verdict, and the service's own number of the check.

    Whatever is not understood is "not possible": a service that misbehaves must
    neither confirm an account nor throw one out.

    >>> read_answer(200, b'{"reference":"1","outcome":"match","check_id":"c7"}', "1")
    (<NameVerdict.MATCH: 'match'>, 'c7')
    >>> read_answer(500, b"", "1")[0].value
    'not_possible'
    """
    try:
        return _read(status, body, reference)
    except (ValueError, RecursionError):
        return NameVerdict.NOT_POSSIBLE, ""


def _read(status: int, body: bytes, reference: str) -> tuple[NameVerdict, str]:
    if status != 200 or len(body) > ANSWER_LIMIT:
        raise ValueError("status")
    answer = json.loads(body.decode())
    if not isinstance(answer, dict) or answer.get("reference") != reference:
        raise ValueError("reference")
    outcome, check_id = answer.get("outcome"), answer.get("check_id", "")
    if not isinstance(outcome, str) or not isinstance(check_id, str):
        raise ValueError("outcome")
    if len(check_id) > EVIDENCE_LIMIT or not (check_id + "-").isprintable():
        raise ValueError("check_id")
    return NameVerdict(outcome), check_id
