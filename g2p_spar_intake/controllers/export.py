from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, Response, request, route


class G2PSparExportController(Controller):
    """Lists of mappings, streamed out."""

    @route("/spar/export/<int:export_id>.csv", type="http", auth="user")
    def export(self, export_id):
        """Send a list that was asked for, once."""
        export = request.env["g2p.spar.export"].browse(export_id)
        try:
            if not export.has_access("read") or not export.exists():
                raise request.not_found()
            blocks = export.open()
        except (AccessError, UserError) as error:
            return request.make_response(
                str(error), [("Content-Type", "text/plain; charset=utf-8")], status=403
            )
        return Response(
            blocks,
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": 'attachment; filename="mappings.csv"',
                "X-Content-Type-Options": "nosniff",
            },
            content_type="text/csv; charset=utf-8",
            direct_passthrough=True,
        )
