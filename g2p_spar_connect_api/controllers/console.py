import time
from datetime import datetime, timezone

from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

from ..core.audit import AuditLine
from ..core.console import read_way
from ..core.errors import Refusal
from ..core.json_body import write_body
from ..http import boundary, respond, to_refusal
from ..usage import write_audit
from .page import render_page

_GET = {"type": "http", "auth": "user", "methods": ["GET"], "readonly": True}


class G2PSparConsoleController(Controller):
    """The partner console: a page, and what it asks for."""

    @route("/spar/v1/console", **_GET)
    def page(self):
        """Show the console, or say how to get one."""
        sender_sudo = self._sender()
        values = {"lang": request.env.lang, "has_console": bool(sender_sudo)}
        return render_page("console_page", values, 200 if sender_sudo else 403)

    @route("/spar/v1/console/partner", **_GET)
    def partner(self):
        """Tell what the partner may know of itself."""
        return self._tell(lambda console, sender: console.describe(sender))

    @route("/spar/v1/console/log", **_GET)
    def log(self):
        """Tell the latest callbacks and refusals."""
        return self._tell(lambda console, sender: console.read_log(sender))

    @route("/spar/v1/console/callback/<int:delivery_id>", **_GET)
    def callback(self, delivery_id):
        """Tell what a callback says."""
        return self._tell(
            lambda console, sender: console.read_callback(sender, delivery_id)
        )

    @route("/spar/v1/console/send", type="http", auth="user", methods=["POST"])
    def send(self, name="", mode="", body="", **_others):
        """Answer a message that is tried out."""
        sender_sudo, way = self._sender(), read_way(name, mode)
        if not sender_sudo or way is None:
            return respond({}, 403 if way else 400)
        started = time.perf_counter()
        audit = AuditLine(
            at=datetime.now(timezone.utc),
            op=way.name,
            ip=request.httprequest.remote_addr,
        )
        answer = self._answer(sender_sudo, way, body.encode(), audit)
        audit.status = answer["status"]
        audit.ms = (time.perf_counter() - started) * 1000
        write_audit(request.db, audit)
        return respond(answer | {"ms": round(audit.ms)})

    def _answer(self, sender_sudo, way, raw, audit) -> dict:
        """What a program would get: status, headers and body."""
        try:
            with boundary():
                console = request.env["g2p.spar.partner.console"]
                sent = console.send(sender_sudo, way, raw, audit)
        except (Refusal, HTTPException, AccessError) as fault:
            request.env.cr.rollback()
            refusal = to_refusal(fault)
            audit.code = refusal.code
            return {
                "status": int(refusal.status),
                "headers": dict(refusal.headers),
                "body": write_body(refusal.body()).decode(),
            }
        return {"status": 200, "headers": sent.headers, "body": sent.body.decode()}

    def _sender(self):
        """The sandboxed partner of whoever is logged in, or none."""
        user = request.env.user
        return request.env["g2p.spar.sender"].find_console_sender(user)

    def _tell(self, ask):
        """Answer with what the console knows of the partner."""
        sender_sudo = self._sender()
        if not sender_sudo:
            return respond({}, 403)
        content = ask(request.env["g2p.spar.partner.console"], sender_sudo)
        return respond({} if content is None else content, 200 if content else 404)
