"""What is known of another mapper, as a plain value, and of how mappers differ."""

from typing import NamedTuple

from ..outgoing.breaker import Rules

#: Path of an operation below the base address, by name of the style.
PATHS = {
    "mapper_sync": ("mapper", "sync"),
    "sync": ("sync",),
    "mapper": ("mapper",),
    "plain": (),
}


class Dialect(NamedTuple):
    """How a family of mappers speaks.

    :param is_openg2p: envelope and addresses of OpenG2P 2.x
    :param takes_no_code: a found address comes without a reason code
    :param unknown_code: a refusal that says that an ID is not linked
    """

    is_openg2p: bool = False
    takes_no_code: bool = False
    unknown_code: str | None = None


#: What the public mappers were seen to do. SPAR 1.0 follows the specification.
DIALECTS = {
    "g2p_connect": Dialect(),
    "spar_1_1": Dialect(takes_no_code=True),
    "openg2p_2": Dialect(is_openg2p=True),
    "sunbird": Dialect(takes_no_code=True, unknown_code="rjct.id.invalid"),
}


class RemoteFacts(NamedTuple):
    """Another mapper and how it is called.

    :param record_id: database id
    :param revision: changes with the credentials, so that no stale token is used
    :param base_url: what all its addresses begin with
    :param path: parts of the path between base and operation
    :param sender_id: what the registry calls itself there
    :param receiver_id: what that mapper is called
    :param item_limit: most items in a message
    :param token_url: where tokens are given; none: no token is sent
    :param secret_sealed: the client secret, as stored
    :param scope: demanded with a token; none: all
    :param is_signed: whether messages are signed with the registry's key
    :param connect_seconds: to connect
    :param total_seconds: for a whole call
    """

    record_id: int
    revision: str
    base_url: str
    path: tuple[str, ...]
    dialect: Dialect
    sender_id: str
    receiver_id: str
    item_limit: int
    token_url: str | None
    client_id: str | None
    secret_sealed: str | None
    scope: str | None
    is_signed: bool
    connect_seconds: int
    total_seconds: int
    rules: Rules
