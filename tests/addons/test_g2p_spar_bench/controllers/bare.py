import orjson

from odoo.http import Controller, Response, request, route


class TestG2PSparBenchController(Controller):
    """The least that Odoo does for a request: what a resolve is measured against."""

    @route(
        "/test_g2p_spar_bench/bare",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=True,
    )
    def bare(self):
        """Read one row by an index and return it as JSON.

        No token, no checks, no rights, no rules, no audit: whoever reaches this
        address reads any mapping, so this addon must never be installed where
        mappings are real.
        """
        asked = orjson.loads(request.httprequest.get_data())
        request.env.cr.execute(
            "SELECT id_key, fa_value, state, version FROM g2p_spar_mapping"
            " WHERE id_key = %s",
            (asked["id"],),
        )
        row = request.env.cr.fetchone()
        return Response(orjson.dumps(row), content_type="application/json")
