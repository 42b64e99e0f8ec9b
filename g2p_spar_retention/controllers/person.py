import json
from http import HTTPStatus

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_mapper.core.looking import only_looks

_HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]


class G2PSparPersonController(Controller):
    """What is kept of one person, for the person."""

    @route("/spar/person/<int:request_id>.json", type="http", auth="user")
    def data(self, request_id):
        """Send it to be read by programs."""

        def answer(kept):
            text = json.dumps(kept, default=_write_date, ensure_ascii=False, indent=1)
            shown = ("Content-Disposition", 'attachment; filename="person.json"')
            kind = ("Content-Type", "application/json; charset=utf-8")
            return request.make_response(text, [*_HEADERS, shown, kind])

        return self._give(request_id, answer)

    @route("/spar/person/<int:request_id>.html", type="http", auth="user")
    def page(self, request_id):
        """Show it to be printed."""

        def answer(kept):
            named = request.env["g2p.spar.data.request"].name_kept(kept)
            values = {"tables": _tables(named)}
            return request.render("g2p_spar_retention.person", values, headers=_HEADERS)

        return self._give(request_id, answer)

    def _give(self, request_id, answer):
        if only_looks(request.httprequest.method, request.httprequest.headers):
            return request.make_response("", status=HTTPStatus.SERVICE_UNAVAILABLE)
        asked = request.env["g2p.spar.data.request"].browse(request_id)
        try:
            if not asked.has_access("read") or not asked.exists():
                raise request.not_found()
            return answer(asked.collect())
        except (AccessError, UserError) as error:
            plain = ("Content-Type", "text/plain; charset=utf-8")
            return request.make_response(str(error), [*_HEADERS, plain], status=403)


def _tables(named: list[tuple]) -> list[tuple[str, list[list[tuple[str, str]]]]]:
    """Titles, and of each row the labels and texts, for a page."""
    return [
        (title, [[(labels[key], _show(row[key])) for key in row] for row in rows])
        for title, labels, rows in named
    ]


def _show(value) -> str:
    """Write a value; pictures are data URIs (RFC 2397), which the page shows."""
    if isinstance(value, dict | list):
        return json.dumps(value, default=_write_date, ensure_ascii=False)
    return str(value)


def _write_date(value) -> str:
    """Write a date, UTC, or whatever else has a text of its own."""
    return fields.Datetime.to_string(value) if hasattr(value, "hour") else str(value)
