"""Two public programs that sign, at work: the connector 1.1 and G2P Bridge 1.1.

Runs in an environment of its own, in which both are installed as published, and knows
nothing of this project. The connector links a person with a JWT in ``Authorization``;
the bridge asks for the same person with a detached JWS in ``Signature``. Prints what
the two returned, as JSON.

Usage: ``signing_client.py BASE_URL`` with a JSON object on standard input: ``id``,
``fa``, ``private_key`` (PEM), ``sender_id``, ``issuer``, ``audience``.
"""

import asyncio
import json
import os
import sys

told = json.load(sys.stdin)
for name in ("private_key", "sender_id", "issuer", "audience"):
    os.environ[f"MAPPER_CONNECTOR_{name.upper()}"] = told[name]

from openg2p_g2p_bridge_celery_workers.config import Settings  # noqa: E402
from openg2p_g2p_bridge_celery_workers.helpers import ResolveHelper  # noqa: E402
from openg2p_g2pconnect_mapper_lib.client import MapperResolveClient  # noqa: E402
from openg2p_spar_g2pconnect_mapper_connector_lib.app import (  # noqa: E402
    Initializer,
)
from openg2p_spar_g2pconnect_mapper_connector_lib.connector import (  # noqa: E402
    MapperConnector,
)


async def link(base_url: str) -> dict:
    """Link as SPAR self-service 1.1 does."""
    connector = MapperConnector.get_component()
    outcome = await connector.link(
        told["id"], told["fa"], "Ana Cruz", None, None, f"{base_url}/link"
    )
    return outcome.model_dump(mode="json")


async def resolve(base_url: str) -> dict:
    """Ask as the bridge's task ``mapper_resolution`` does."""
    settings = Settings.get_config()
    settings.private_key = told["private_key"]
    settings.sender_id = told["sender_id"]
    helper = ResolveHelper.get_component()
    one = helper.construct_single_resolve_request(told["id"])
    request = helper.construct_resolve_request([one])
    token = await helper.create_jwt_token(request.model_dump(mode="json"))
    headers = {"content-type": "application/json", "Signature": token}
    client = MapperResolveClient()
    answer = await client.resolve_request(request, headers, f"{base_url}/resolve")
    return answer.model_dump(mode="json")


async def main() -> None:
    """Wire the libraries' components together, run, print."""
    Initializer()
    ResolveHelper()
    steps = {"link": await link(sys.argv[1]), "resolve": await resolve(sys.argv[1])}
    json.dump(steps, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
