"""Text messages and mails of the demonstration: taken, shown, sent nowhere."""

from datetime import datetime, timezone
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from flask import Blueprint, jsonify, render_template, request

from .store import Message, Store
from .words import WORDS, language_of

SMTP_BYTES = 5_000_000
#: Path of the sending address in the contract of Odoo's ``sms`` addon.
SMS_PATH = "/sms/api/sms/3/send"


def make_blueprint(store: Store) -> Blueprint:
    """The page of messages, the same as JSON, and the SMS gateway."""
    inbox, part = Inbox(store), Blueprint("inbox", __name__)
    part.get("/inbox")(inbox.page)
    part.get("/inbox.json", endpoint="messages")(inbox.messages)
    part.delete("/inbox.json", endpoint="forget")(inbox.forget)
    part.post(SMS_PATH)(inbox.sms)
    return part


class Inbox:
    """One method for each address."""

    def __init__(self, store: Store):
        self.store = store

    def page(self):
        """The last messages, the newest first; the page looks again by itself."""
        language = language_of(request.args.get("ui_locales", ""))
        return render_template(
            "inbox.html",
            messages=reversed(self.store.messages),
            language=language,
            words=WORDS[language],
        )

    def messages(self):
        """The last messages, the oldest first."""
        return jsonify([vars(message) for message in self.store.messages])

    def forget(self):
        """Forget all messages."""
        self.store.messages.clear()
        return jsonify([])

    def sms(self):
        """Odoo's SMS contract: JSON-RPC with contents and their numbers."""
        call = request.get_json()
        state, results = self.store.behaviour.sms, []
        for batch in call["params"]["messages"]:
            for number in batch["numbers"]:
                results.append({"uuid": number["uuid"], "state": state, "credit": 0})
                if state == "success":
                    self._take(number["number"], batch["content"])
        return jsonify(jsonrpc="2.0", id=call.get("id"), result=results)

    def _take(self, number: str, content: str) -> None:
        self.store.messages.append(Message("sms", number, "", content, _now()))


class Sink:
    """What aiosmtpd asks when a mail comes."""

    def __init__(self, store: Store):
        self.store = store

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep the mail, once for each who gets it."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain", "html"))
        text = body.get_content() if body else ""
        for recipient in envelope.rcpt_tos:
            subject = str(mail["subject"] or "")
            self.store.messages.append(
                Message("mail", recipient, subject, text, _now())
            )
        return "250 OK"


def smtp_server(store: Store, host: str, port: int) -> Controller:
    """A mail server that keeps what it gets and sends nothing on."""
    return Controller(Sink(store), hostname=host, port=port, data_size_limit=SMTP_BYTES)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
