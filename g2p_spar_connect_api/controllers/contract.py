import psycopg2

from odoo.http import Controller, request, route
from odoo.modules import Manifest

from odoo.addons.g2p_spar_fa_reference.core.seal import SealError, seal

from ..core.errors import UnknownPath
from ..core.openapi import build_contract
from ..http import respond

_PAGE = {
    "type": "g2p_connect",
    "auth": "none",
    "csrf": False,
    "save_session": False,
    "readonly": True,
    "g2p_verb": "GET",
}


class G2PSparContractController(Controller):
    """What the service is and how it fares."""

    @route("/spar/v1/health", **_PAGE)
    def health(self):
        """Tell a load balancer whether requests can be answered here."""
        checks = {"database": self._database_answers(), "key": self._key_opens()}
        fit = all(checks.values())
        body = {
            "status": "pass" if fit else "fail",
            "checks": {name: "pass" if ok else "fail" for name, ok in checks.items()},
        }
        return respond(body, 200 if fit else 503)

    def _database_answers(self) -> bool:
        try:
            request.env.cr.execute("SELECT 1")
        except psycopg2.Error:
            return False
        return True

    def _key_opens(self) -> bool:
        try:
            seal(b"", "health")
        except SealError:
            return False
        return True

    @route("/spar/v1/openapi.json", **_PAGE)
    def contract(self):
        """Publish the contract, made from the schemas that are enforced."""
        version = Manifest.for_addon("g2p_spar_connect_api")["version"]
        server = request.httprequest.host_url.rstrip("/")
        return respond(build_contract(server, version))

    @route("/spar/v1/<path:rest>", **{**_PAGE, "g2p_verb": "ANY"})
    def nothing(self, rest):
        """Answer unknown addresses in the protocol's own words."""
        raise UnknownPath(
            "Nothing is served at this address; see /spar/v1/openapi.json."
        )
