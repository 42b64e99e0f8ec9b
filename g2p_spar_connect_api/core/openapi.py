"""The published contract: OpenAPI 3.1, made from the schemas that are enforced."""

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from .schema import bundle
from .scope import SCOPE_OF, SCOPES
from .token_request import FORM_TYPE

PREFIX = "/spar/v1"
TOKEN_PATH = f"{PREFIX}/oauth2/client/token"

#: What each HTTP status of a mapper path means.
_REFUSALS = {
    "400": "The body is not JSON, is incomplete, or does not follow the schema.",
    "401": "The access token is missing, not valid here, or has expired.",
    "403": "The token lacks the scope of the operation, or the purpose is not one "
    "of the sender's.",
    "405": "Only POST is served here.",
    "413": "The body is larger than the sender may send.",
    "415": "The body is not announced as application/json.",
    "429": "The sender's requests of this minute are used up; see Retry-After.",
    "500": "A fault of the registry. Nothing was changed.",
    "503": "The registry cannot answer now; see Retry-After. Nothing was changed.",
}
_SUMMARIES = {
    Operation.LINK: "Link IDs to financial addresses",
    Operation.UPDATE: "Change the financial addresses of linked IDs",
    Operation.UNLINK: "End the links of IDs",
    Operation.RESOLVE: "Ask for the financial addresses of IDs",
}


#: Envelopes that an operation speaks besides the first, in requests and answers.
_OTHER_ENVELOPES = (
    "The same address takes messages in two further envelopes, which are told by "
    "their members: encrypted ones (schema `EncryptedRequest`), and those of OpenG2P "
    "2.x (schema `OpenG2P{title}Request`), whose refusals are answers with HTTP 200 "
    "and `response_status` ERROR."
)


def build_contract(server: str, version: str) -> dict:
    """Return the OpenAPI document.

    :param server: base address of this registry, without a trailing slash
    :param version: version of the implementation
    """
    paths = {}
    for operation in Operation:
        paths[f"{PREFIX}/mapper/sync/{operation}"] = {"post": _verb(operation)}
        alias = _verb(operation, "_alias") | {
            "summary": f"{_SUMMARIES[operation]} (short address)"
        }
        paths[f"{PREFIX}/sync/{operation}"] = {"post": alias}
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Social Payments Account Registry: G2P Connect mapper",
            "version": version,
            "description": "Which account should a person's benefit be paid to? "
            "Messages follow the G2P Connect mapper API 1.0.0 and are answered at "
            "once, item by item.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": paths | _service_paths(),
        "components": {
            "schemas": bundle("#/components/schemas/"),
            "securitySchemes": {"token": _security_scheme(server + TOKEN_PATH)},
        },
    }


def _security_scheme(token_url: str) -> dict:
    return {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {
                "tokenUrl": token_url,
                "scopes": {scope: f"Use {scope.partition('.')[2]}" for scope in SCOPES},
            }
        },
    }


def _json(title: str, description: str, *others: str, **more: dict) -> dict:
    """Return a response whose body follows a schema, or one of several."""
    references = [{"$ref": f"#/components/schemas/{name}"} for name in (title, *others)]
    schema = {"anyOf": references} if others else references[0]
    content = {"application/json": {"schema": schema}}
    return {"description": description, "content": content} | more


def _verb(operation: Operation, suffix: str = "") -> dict:
    """Return the path item of an operation."""
    title = operation.capitalize()
    schema = {"$ref": f"#/components/schemas/{title}Request"}
    refusals = {status: _json("Errors", text) for status, text in _REFUSALS.items()}
    for status in ("429", "503"):
        refusals[status]["headers"] = {
            "Retry-After": {
                "description": "Seconds to wait",
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    return {
        "operationId": f"{operation}{suffix}",
        "summary": _SUMMARIES[operation],
        "description": _OTHER_ENVELOPES.format(title=title),
        "security": [{"token": [SCOPE_OF[operation]]}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        },
        "responses": {
            "200": _json(
                f"{title}Response",
                "The message was read; header and results say what became of it.",
                "EncryptedResponse",
                f"OpenG2P{title}Response",
            )
        }
        | refusals,
    }


def _service_paths() -> dict:
    """Return the paths around the mapper."""
    form = {FORM_TYPE: {"schema": {"$ref": "#/components/schemas/TokenRequest"}}}
    return {
        TOKEN_PATH: {
            "post": {
                "operationId": "token",
                "summary": "Get an access token (OAuth 2.0 client credentials)",
                "security": [],
                "requestBody": {"required": True, "content": form},
                "responses": {
                    "200": _json("TokenResponse", "The token."),
                    **{
                        status: _json("TokenError", "The request was refused.")
                        for status in (
                            *("400", "401", "403", "405", "413", "429"),
                            *("500", "503"),
                        )
                    },
                },
            }
        },
        f"{PREFIX}/oauth2/jwks.json": _get("jwks", "KeySet", "Keys of the registry"),
        f"{PREFIX}/health": _get("health", "Health", "State of the service", "503"),
    }


def _get(name: str, title: str, summary: str, *failures: str) -> dict:
    """Return the path item of a page anybody may read."""
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "security": [],
            "responses": {
                status: _json(title, summary) for status in ("200", *failures)
            },
        }
    }
