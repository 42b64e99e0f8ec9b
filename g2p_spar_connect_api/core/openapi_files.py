"""The contract of files: the form that brings one, and where its result is."""

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from .file.form import FIELDS, FILE_PART
from .file.kind import FORMATS
from .openapi_parts import PREFIX, describe_json, refer, refusals
from .scope import SCOPE_OF

_FIELDS = {
    "action": "Repeats the operation of the address.",
    "fileFormat": "How the file is written.",
    "message_id": "For CSV. Left out: made of the operation and the SHA-256 of the "
    "file, for a resolve always a new one.",
    "message_ts": "For CSV. Left out: now.",
    "transaction_id": "For CSV. Left out: the message id.",
    "total_count": "For CSV, number of rows. Left out: not compared.",
    "version": "For CSV. Left out: 1.0.0.",
}
_FILE = (
    "For json one whole message, with its items in message.<operation>_request. For "
    "csv UTF-8 with a first row that names the columns: id, fa, reference_id, "
    "timestamp; for link and update also name, phone_number and info:<name>; for "
    "resolve also scope. An apostrophe in front of a cell is not part of it."
)
_RESULT = (
    "The result in the format of the file, in the order of its rows. The header "
    "Repr-Digest (RFC 9530) has its SHA-256. In CSV a cell that a spreadsheet would "
    "run as a formula has an apostrophe in front."
)


def describe_form(operation: Operation) -> dict:
    """Return the media type object of a form with a file (schema ``FileInfo``)."""
    properties = {name: {"type": "string"} for name in FIELDS}
    for name, text in _FIELDS.items():
        properties[name]["description"] = text
    properties["action"]["enum"] = [operation.value]
    properties["fileFormat"] |= {"enum": list(FORMATS), "default": FORMATS[0]}
    properties[FILE_PART] = {
        "type": "string",
        "format": "binary",
        "description": _FILE,
    }
    return {
        "schema": {
            "title": "FileInfo",
            "type": "object",
            "required": ["action", FILE_PART],
            "additionalProperties": False,
            "properties": properties,
        }
    }


def file_paths() -> dict:
    """Return the paths around files, by address."""
    name = {
        "name": "correlation_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f-]{36}$"},
        "description": "As in the acknowledgement of the file.",
    }
    answers = [refer(f"{operation.capitalize()}Response") for operation in Operation]
    there = {
        "description": _RESULT,
        "content": {
            "application/json": {"schema": {"anyOf": answers}},
            "text/csv": {"schema": {"type": "string"}},
        },
        "headers": {"Repr-Digest": {"schema": {"type": "string"}}},
    }
    kept = {
        status: answer
        for status, answer in refusals().items()
        if status not in ("400", "413", "415")
    }
    kept["405"] = describe_json("Errors", "Only GET is served here.")
    get = {
        "operationId": "file_result",
        "summary": "Fetch the result of a file",
        "description": "Only the sender of the file gets it, with the scope of its "
        "operation, until it expires.",
        # One of the scopes: which one depends on the file.
        "security": [{"token": [SCOPE_OF[operation]]} for operation in Operation],
        "parameters": [name],
        "responses": {
            "200": there,
            "404": describe_json("Errors", "None of the sender's files has this name."),
            "409": describe_json("Errors", "The file is still being worked off."),
            "410": describe_json("Errors", "The result has been deleted."),
            **kept,
        },
    }
    return {f"{PREFIX}/files/{{correlation_id}}/result": {"get": get}}
