"""The public client library at work: link, update, resolve, unlink.

Runs in an environment of its own, in which the library is installed as published, and
knows nothing of this project. Prints what the library returned, as JSON.

Usage: ``public_client.py BASE_URL`` with a JSON object on standard input: ``id``,
``fa``, ``new_fa``, ``name``, ``phone_number``.
"""

import asyncio
import json
import sys

from openg2p_g2pconnect_mapper_lib.app import Initializer as MapperInitializer
from openg2p_spar_g2pconnect_mapper_connector_lib.app import Initializer
from openg2p_spar_g2pconnect_mapper_connector_lib.connector import MapperConnector


async def run(base_url: str, person: dict) -> dict:
    """Do the four operations in a row and ask after each.

    :return: what the library returned, by step
    """
    connector = MapperConnector.get_component()
    who = (person["name"], person["phone_number"], None)

    async def resolve():
        return await connector.resolve(person["id"], f"{base_url}/resolve")

    steps = {}
    steps["link"] = await connector.link(
        person["id"], person["fa"], *who, f"{base_url}/link"
    )
    steps["resolve linked"] = await resolve()
    steps["update"] = await connector.update(
        person["id"], person["new_fa"], *who, f"{base_url}/update"
    )
    steps["resolve updated"] = await resolve()
    steps["unlink"] = await connector.unlink(person["id"], f"{base_url}/unlink")
    steps["resolve unlinked"] = await resolve()
    steps["unlink again"] = await connector.unlink(person["id"], f"{base_url}/unlink")
    return {name: step.model_dump(mode="json") for name, step in steps.items()}


def main() -> None:
    """Wire the library's components together, run, print."""
    MapperInitializer()
    Initializer()
    outcome = asyncio.run(run(sys.argv[1], json.load(sys.stdin)))
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    main()
