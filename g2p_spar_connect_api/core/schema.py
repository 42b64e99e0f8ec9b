"""The published JSON Schemas (draft 2020-12): one source for check and contract.

The files under ``static/schema`` refer to each other by file name. They are
bundled into one document, once for the validators and once for OpenAPI.
"""

import json
from functools import cache
from pathlib import Path

import jsonschema_rs

from .errors import InvalidEnvelope

FOLDER = Path(__file__).parent.parent / "static" / "schema"
_SHORTEN_AT = 200


@cache
def load_schemas() -> dict[str, dict]:
    """Return all schemas by title, as they stand in their files."""
    schemas = [json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")]
    return {schema["title"]: schema for schema in schemas}


def bundle(prefix: str) -> dict[str, dict]:
    """Return all schemas by title, with references below ``prefix``.

    :param prefix: for example ``#/components/schemas/``
    """
    places = {schema["$id"]: prefix + title for title, schema in load_schemas().items()}
    return {
        title: {
            key: _refer(value, places)
            for key, value in schema.items()
            if key not in ("$id", "$schema")
        }
        for title, schema in load_schemas().items()
    }


def _refer(value: object, places: dict[str, str]) -> object:
    if isinstance(value, list):
        return [_refer(element, places) for element in value]
    if not isinstance(value, dict):
        return value
    return {
        key: places[element] if key == "$ref" else _refer(element, places)
        for key, element in value.items()
    }


@cache
def validator(title: str) -> jsonschema_rs.Draft202012Validator:
    """Return the compiled validator of one schema.

    :raise KeyError: no schema has this title
    """
    definitions = bundle("#/$defs/")
    return jsonschema_rs.Draft202012Validator(
        definitions[title] | {"$defs": definitions}, validate_formats=False
    )


def check(title: str, content: object) -> None:
    """Check ``content`` against a schema.

    :raise InvalidEnvelope: with the place and the rule, never the value
    """
    compiled = validator(title)
    if compiled.is_valid(content):
        return
    error = next(compiled.iter_errors(content))
    place = "/".join(str(step) for step in error.instance_path) or "the body"
    raise InvalidEnvelope(
        f"{place[:_SHORTEN_AT]} does not follow the contract: {_rule(error)}."
    )


def _rule(error: jsonschema_rs.ValidationError) -> str:
    """Name the rule that failed, in words that hold nothing of the value."""
    if error.kind.name == "required":
        return f"the field {error.kind.property} is missing"
    return _RULES.get(error.kind.name, "see the published schema")


_RULES = {
    "type": "it has the wrong type",
    "minLength": "it is too short",
    "maxLength": "it is too long",
    "pattern": "it contains characters that are not allowed",
    "enum": "it is none of the allowed values",
    "anyOf": "it is none of the allowed values",
    "const": "it is not the only allowed value",
}
