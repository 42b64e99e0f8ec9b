"""The contract of messages that are worked off later, and of their status."""

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from .asynchronous.callback import PATHS
from .asynchronous.status import ACTION
from .openapi_files import describe_form
from .openapi_parts import PREFIX, describe_body, describe_json, refusals
from .scope import SCOPE_OF, STATUS_SCOPE

_DESCRIPTION = (
    "The message is stored and acknowledged; it is worked off later, in the order in "
    "which messages about the same person came. The result is posted to the callback "
    "address of the sender, signed with a key of {prefix}/oauth2/jwks.json, until it "
    "is answered with a status 2xx, for a day. It may arrive twice, with the same "
    "`header.message_id`. An encrypted message (schema `EncryptedRequest`) is taken "
    "as well; one of OpenG2P 2.x (schema `OpenG2P{title}Request`) is answered at once. "
    "Many items may come as a file; its rows are done in their order, and other "
    "messages about the same person may be done in between. Its callback has counts "
    "and, in `header.meta.file`, the address of the result."
)
_ASKS = (
    "Only messages of the sender itself are known here, for 30 days; by reference ids "
    "the 5,000 newest of the operation."
)


def later_paths() -> dict:
    """Return the paths, by address."""
    paths = {}
    for operation in Operation:
        verb = _take(operation)
        paths[f"{PREFIX}/mapper/{operation}"] = {"post": verb}
        paths[f"{PREFIX}/async/{operation}"] = _alias(verb)
    return paths | _status_paths()


def _alias(verb: dict, number: str = "") -> dict:
    """Return another address of the same."""
    name = f"{verb['operationId']}_alias{number}"
    summary = f"{verb['summary']} (another address)"
    return {"post": verb | {"operationId": name, "summary": summary}}


def _take(operation: Operation) -> dict:
    """Return what an address of an operation does."""
    title = operation.capitalize()
    others = (f"OpenG2P{title}Response", "EncryptedResponse")
    return {
        "operationId": f"{operation}_later",
        "summary": f"Take a message of {operation}, to be worked off later",
        "description": _DESCRIPTION.format(prefix=PREFIX, title=title),
        "security": [{"token": [SCOPE_OF[operation]]}],
        "requestBody": _body(operation),
        "responses": {
            "200": describe_json(
                "Acknowledgement", "The message was read; see ack_status.", *others
            ),
            **refusals(),
        },
        "callbacks": _callback(operation.value, f"{title}Response"),
    }


def _body(operation: Operation) -> dict:
    """Return what is sent: a message, or a file with many items."""
    body = describe_body(f"{operation.capitalize()}Request")
    body["content"] |= {"multipart/form-data": describe_form(operation)}
    return body


def _status_paths() -> dict:
    """Return the addresses that tell statuses."""
    asked = {
        "security": [{"token": [STATUS_SCOPE]}],
        "requestBody": describe_body("TxnStatusRequest"),
    }
    later = asked | {
        "operationId": "status_later",
        "summary": "Ask what became of earlier messages, to be told by callback",
        "description": _ASKS,
        "responses": {
            "200": describe_json("Acknowledgement", "The question was read."),
            **refusals(),
        },
        "callbacks": _callback(ACTION, "TxnStatusResponse"),
    }
    at_once = asked | {
        "operationId": "status",
        "summary": "Ask what became of earlier messages",
        "description": _ASKS,
        "responses": {
            "200": describe_json(
                "TxnStatusResponse", "The question was read.", "EncryptedResponse"
            ),
            **refusals(),
        },
    }
    return {
        f"{PREFIX}/mapper/txn/status": {"post": later},
        f"{PREFIX}/async/txn/status": _alias(later),
        f"{PREFIX}/mapper/sync/txn/status": {"post": at_once},
        f"{PREFIX}/sync/txn/status": _alias(at_once),
        f"{PREFIX}/registry/sync/txn/status": _alias(at_once, "_2"),
    }


def _callback(operation: str, title: str) -> dict:
    """Return what is posted to the sender."""
    path = PATHS[operation]
    post = {
        "operationId": path.replace("/", "_"),
        "summary": f"The result; by default below the registered address, at /{path}",
        "requestBody": describe_body(title),
        "responses": {"2XX": {"description": "The sender has it."}},
    }
    expression = f"{{$request.body#/header/sender_uri}}/{path}"
    return {path: {expression: {"post": post}}}
