"""The published contract: OpenAPI 3.1, made from the schemas that are enforced."""

from odoo.addons.g2p_spar_mapper.core.reason import Notice, Operation

from .openapi_files import file_paths
from .openapi_later import later_paths
from .openapi_parts import PREFIX, describe_body, describe_json, refusals
from .schema import bundle
from .scope import SCOPE_OF, SCOPES
from .token_request import FORM_TYPE

TOKEN_PATH = f"{PREFIX}/oauth2/client/token"

_SUMMARIES = {
    Operation.LINK: "Link IDs to financial addresses",
    Operation.UPDATE: "Change the financial addresses of linked IDs",
    Operation.UNLINK: "End the links of IDs",
    Operation.RESOLVE: "Ask for the financial addresses of IDs",
    Notice.REPORT: "Tell how payments to the addresses of IDs ended",
}


#: Envelopes that an operation speaks besides the first, in requests and answers.
_OTHER_ENVELOPES = (
    "The same address takes messages in two further envelopes, which are told by "
    "their members: encrypted ones (schema `EncryptedRequest`), and those of OpenG2P "
    "2.x (schema `OpenG2P{title}Request`), whose refusals are answers with HTTP 200 "
    "and `response_status` ERROR."
)


_SIGNATURE_SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "Signature",
    "description": "A detached JWS over the body, with a key registered for the "
    "sender. Its profile says whether it comes beside a token or in its place; the "
    "field `signature` of a message does the same.",
}


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
    paths[f"{PREFIX}/mapper/sync/{Notice.REPORT}"] = {"post": _notice(Notice.REPORT)}
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Social Payments Account Registry: G2P Connect mapper",
            "version": version,
            "description": "Which account should a person's benefit be paid to? "
            "Messages follow the G2P Connect mapper API 1.0.0 and are answered item by "
            "item, at once or by callback.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": paths | later_paths() | file_paths() | _service_paths(),
        "components": {
            "schemas": bundle("#/components/schemas/"),
            "securitySchemes": {
                "token": _security_scheme(server + TOKEN_PATH),
                "signature": _SIGNATURE_SCHEME,
            },
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


def _verb(operation: Operation, suffix: str = "") -> dict:
    """Return the path item of an operation."""
    title = operation.capitalize()
    item = _exchange(operation, f"OpenG2P{title}Response")
    return item | {
        "operationId": f"{operation}{suffix}",
        "description": _OTHER_ENVELOPES.format(title=title),
    }


def _notice(notice: Notice) -> dict:
    """Return the path item of what only G2P Connect's envelope carries."""
    return {"operationId": notice.value, **_exchange(notice)}


def _exchange(operation: Operation | Notice, *others: str) -> dict:
    """Return what all messages that are answered at once have in common.

    :param others: schemas of further answers
    """
    title = operation.capitalize()
    return {
        "summary": _SUMMARIES[operation],
        "security": [{"token": [SCOPE_OF[operation]]}],
        "requestBody": describe_body(f"{title}Request"),
        "responses": {
            "200": describe_json(
                f"{title}Response",
                "The message was read; header and results say what became of it.",
                "EncryptedResponse",
                *others,
            ),
            **refusals(),
        },
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
                    "200": describe_json("TokenResponse", "The token."),
                    **{
                        status: describe_json("TokenError", "The request was refused.")
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
                status: describe_json(title, summary) for status in ("200", *failures)
            },
        }
    }
