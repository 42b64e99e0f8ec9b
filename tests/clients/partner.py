"""A partner that sends and does not wait: its results come to its own web server."""

from dataclasses import dataclass
from http import HTTPStatus

from .api import Api
from .receiver import Received, Receiver
from .words import message

ASYNC_PATHS = ("mapper", "async")
STATUS_PATHS = ("mapper/sync", "sync", "registry/sync")
#: Path of a callback by operation (specification, paths ``/mapper/on-…``).
CALLBACK_PATHS = {
    **{name: f"/on-{name}" for name in ("link", "update", "unlink", "resolve")},
    "txn/status": "/txn/on-status",
}


@dataclass
class Partner:
    """A partner's program with its web server.

    :param api: how it sends
    :param receiver: where it is called back
    :param record: database id of the partner in the registry
    """

    api: Api
    receiver: Receiver
    record: int

    def send(
        self, operation: str, items: list, path: str = ASYNC_PATHS[0], **header
    ) -> dict:
        """Send items in one message and return how it was acknowledged."""
        return self.send_message(operation, message(operation, items, **header), path)

    def send_message(
        self, operation: str, sent: dict | bytes, path: str = ASYNC_PATHS[0]
    ) -> dict:
        """Send a message as it is and return how it was acknowledged."""
        answer = self.api.post(operation, sent, path=path)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json()["message"]

    def called_back(self, ack: dict, seconds: float = 30) -> Received:
        """Wait for the callback that an acknowledgement promised."""
        assert ack["ack_status"] == "ACK", ack
        return self.receiver.wait_for(ack["correlation_id"], seconds)

    def results(self, operation: str, items: list, **options) -> list[dict]:
        """Send items and return what became of each, as the callback tells it."""
        told = self.called_back(self.send(operation, items, **options)).message
        return told["message"][f"{operation}_response"]

    def status(
        self, kind: str, value, operation: str = "link", path: str = STATUS_PATHS[0]
    ) -> dict:
        """Ask at once what became of messages.

        :param kind: transaction_id, correlation_id or reference_id_list
        """
        sent = status_message(kind, value, operation)
        answer = self.api.post("txn/status", sent, path=path)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json()


def status_message(kind: str, value, operation: str = "link") -> dict:
    """A question about the status of messages, in the specification's shape."""
    sent = message("txnstatus", [], action="txn-status", total_count=1)
    sent["message"]["txnstatus_request"] = {
        "reference_id": "1",
        "txn_type": operation,
        "attribute_type": kind,
        "attribute_value": value,
    }
    return sent
