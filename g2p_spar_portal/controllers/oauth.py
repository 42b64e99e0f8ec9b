from odoo.http import request

from odoo.addons.auth_oauth.controllers.main import OAuthLogin

from ..core.paths import LOGIN

#: What Odoo's log-in page prints of a provider.
_SHOWN = ("id", "name", "body", "css_class", "list_item_class", "auth_link", "sequence")


class G2PSparOAuthLogin(OAuthLogin):
    """Odoo's log-in page: beneficiaries who got lost find their way from there."""

    def list_providers(self):
        """Return what the page prints of each provider, and nothing else.

        Odoo hands over whole records, with whatever other addons keep in them.
        """
        listed = [
            {name: one[name] for name in _SHOWN if name in one}
            for one in super().list_providers()
        ]
        return listed + [
            {
                "id": provider.id,
                "name": provider.name,
                "body": provider.body,
                "css_class": "fa fa-fw fa-id-card-o",
                "auth_link": LOGIN,
            }
            for provider in request.env["g2p.spar.login"].open_providers()
        ]
