"""What is known of a sender at one moment, as a plain value for the hot path."""

from typing import NamedTuple

from .access_token import Claims, invalid_token
from .asynchronous.callback import CallbackFacts
from .cipher import CipherFacts
from .errors import Forbidden
from .file.facts import FileFacts
from .jose.profile import AuthFacts
from .output import OutputFacts

#: Longest client id that is looked up.
CLIENT_ID_LIMIT = 64


class StoredSecret(NamedTuple):
    """A client secret as stored.

    :param digest: keyed hash
    :param expires_at: seconds since the epoch; none: does not expire
    """

    digest: str
    expires_at: float | None


class SenderFacts(NamedTuple):
    """A sender and its rights.

    :param record_id: database id
    :param sender_id: its name on the wire and in the history
    :param is_active: whether it may call at all
    :param valid_until: seconds since the epoch; none: no end
    :param tokens_from: tokens issued until then are void; seconds since the epoch
    :param scopes: as in access tokens
    :param id_type_ids: ID types it may use; none: all
    :param may_reverse: whether it may ask for the ID of an address
    :param may_prefix: whether it may ask by ``prefix@``
    :param purposes: codes it may name; none: none are registered
    :param item_limit: items in a message
    :param body_limit: bytes in a body
    :param request_limit: requests in a minute
    :param token_lifetime: seconds
    :param legacy: whether it wants the reason codes of SPAR 1.1
    :param user_id: technical user its calls run as
    :param callback: where its results are posted
    :param sandbox: name of the sandbox it is confined to; none: the registry proper
    :param output: in which form it is told addresses
    :param cipher: what is agreed about encryption
    :param auth: what it may come in with
    :param file: how large its files may be
    """

    record_id: int
    sender_id: str
    client_id: str
    is_active: bool
    valid_until: float | None
    tokens_from: int
    secrets: tuple[StoredSecret, ...]
    scopes: frozenset[str]
    id_type_ids: frozenset[int] | None
    may_reverse: bool
    may_prefix: bool
    purposes: frozenset[str] | None
    item_limit: int
    body_limit: int
    request_limit: int
    token_lifetime: int
    legacy: bool
    user_id: int
    callback: CallbackFacts = CallbackFacts()
    sandbox: str | None = None
    output: OutputFacts = OutputFacts()
    cipher: CipherFacts = CipherFacts()
    auth: AuthFacts = AuthFacts()
    file: FileFacts = FileFacts()

    def is_open(self, now: float) -> bool:
        """Whether the sender may call at ``now`` (seconds since the epoch)."""
        return self.is_active and (self.valid_until is None or now < self.valid_until)

    def digests(self, now: float) -> list[str]:
        """Return the digests of the secrets that are valid at ``now``."""
        return [
            secret.digest
            for secret in self.secrets
            if secret.expires_at is None or now < secret.expires_at
        ]

    def check_purpose(self, purpose: str | None) -> None:
        """Refuse a purpose that is not registered for the sender.

        :raise Forbidden: it is another one
        """
        if purpose and self.purposes is not None and purpose not in self.purposes:
            raise Forbidden(
                "header.meta.purpose is not a purpose that is registered for this "
                "sender."
            )


def admit(claims: Claims, facts: SenderFacts | None, now: float) -> SenderFacts:
    """Say whether the holder of a verified token may call now.

    :raise Unauthorized: the sender is gone, shut out or over, or its tokens of
        that time were called back
    """
    if facts is None or not facts.is_open(now):
        raise invalid_token()
    # A token of the same second may be older than the calling back.
    if claims.issued_at <= facts.tokens_from:
        raise invalid_token()
    return facts
