"""Which of the signatures of a message count, and whether it is fresh."""

from collections.abc import Mapping

from ..moment import read_moment
from . import body_signature, jws
from .errors import SignatureInvalid
from .profile import AuthFacts


def check_signatures(
    header: str | None, raw: bytes, content: Mapping, auth: AuthFacts, now: float
) -> bool:
    """Verify every signature of a message that the sender's profile looks at.

    :param header: value of the HTTP header ``Signature``, if any
    :param raw: the body as it came
    :param content: the JSON object of the body; empty for what is not JSON
    :param now: seconds since the epoch
    :return: whether there was one
    :raise SignatureInvalid: one of them is not right, or the message is too old
    """
    written = read_field(content) if auth.body_form else None
    header = header if auth.header_form else None
    if header:
        jws.verify(jws.read_parts(header), raw, auth, now)
    if written:
        body_signature.verify(
            body_signature.read_signature(written), content, auth, now
        )
    if not (header or written):
        return False
    if content:
        check_fresh(content, auth.window, now)
    return True


def read_field(content: Mapping) -> str | None:
    """Return the field ``signature`` of an envelope, none where it says nothing."""
    written = content.get("signature")
    if written is None or (isinstance(written, str) and not written.strip()):
        return None
    if not isinstance(written, str):
        raise SignatureInvalid("malformed")
    return written


def check_fresh(content: Mapping, window: int, now: float) -> None:
    """Refuse a signed message that may have been kept and sent again.

    Public clients send local time without a zone, so a window under a day keeps
    some of them out; the time is only looked at where it is signed.

    :param window: seconds; 0: any age
    :param now: seconds since the epoch
    :raise SignatureInvalid: ``header.message_ts`` is missing or outside
    """
    if not window:
        return
    moment = read_moment(_read_time(content))
    if moment is None or abs(now - moment.timestamp()) > window:
        raise SignatureInvalid("stale")


def _read_time(content: Mapping) -> object:
    """Return when a message says it was written, in either envelope."""
    for header, name in (
        ("header", "message_ts"),
        ("request_header", "request_timestamp"),
    ):
        if isinstance(content.get(header), Mapping):
            return content[header].get(name)
    return None
