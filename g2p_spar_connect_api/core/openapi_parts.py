"""Parts that paths of the contract have in common."""

PREFIX = "/spar/v1"

#: What each HTTP status of a mapper path means.
_REFUSALS = {
    "400": "The body is not JSON, is incomplete, or does not follow the schema.",
    "401": "The access token is missing, not valid here, or has expired.",
    "403": "The token lacks the scope of the operation, or the purpose is not one "
    "of the sender's.",
    "405": "Only POST is served here.",
    "413": "The body is larger than the sender may send.",
    "415": "The body is not announced as a media type that is served here.",
    "429": "The sender's requests of this minute are used up; see Retry-After.",
    "500": "A fault of the registry. Nothing was changed.",
    "503": "The registry cannot answer now; see Retry-After. Nothing was changed.",
}


def refer(title: str) -> dict:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{title}"}


def describe_json(title: str, description: str, *others: str) -> dict:
    """Return a response whose body follows a schema, or one of several."""
    schema = refer(title)
    if others:
        schema = {"anyOf": [refer(name) for name in (title, *others)]}
    content = {"application/json": {"schema": schema}}
    return {"description": description, "content": content}


def describe_body(title: str) -> dict:
    """Return the body of a request that follows a schema."""
    content = {"application/json": {"schema": refer(title)}}
    return {"required": True, "content": content}


def refusals() -> dict:
    """Return the answers to a request that is refused as a whole, by status."""
    answers = {
        status: describe_json("Errors", text) for status, text in _REFUSALS.items()
    }
    for status in ("429", "503"):
        answers[status]["headers"] = {
            "Retry-After": {
                "description": "Seconds to wait",
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    return answers
