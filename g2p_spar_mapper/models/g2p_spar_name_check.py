from odoo import api, models

from ..core.name_check import NameVerdict


class G2PSparNameCheck(models.AbstractModel):
    """Whoever knows the holders of accounts.

    An addon that knows such a service extends :meth:`check`; the one here asks the
    services of the register ``g2p.spar.name.service``.
    """

    _name = "g2p.spar.name.check"
    _description = "Check of Account Holders' Names"

    @api.private
    def check(
        self, fa: str, name: str | None, provider_id: int | None
    ) -> tuple[NameVerdict, str]:
        """Ask whether the holder of an address has a name.

        :param provider_id: the provider of the address, which decides who is asked
        :return: the verdict, and the other side's number of the check, or ""
        """
        # The register holds credentials; nobody but this method uses them.
        services_sudo = self.env["g2p.spar.name.service"].sudo()
        service_sudo = services_sudo._for_provider(provider_id)
        if not service_sudo or not name:
            return NameVerdict.NOT_POSSIBLE, ""
        return service_sudo._ask(fa, name)
