from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ..core.oidc.examine import FAILED, OK, WARNING, Check
from ..core.said import _lt
from ..models.said import say


class G2PSparProviderTest(models.TransientModel):
    """The report of a test of a login provider, without a person."""

    _name = "g2p.spar.provider.test"
    _description = "Test of a Login Provider"

    provider_id = fields.Many2one("auth.oauth.provider", readonly=True)
    state = fields.Selection(
        [(OK, "Good"), (WARNING, "Look Here"), (FAILED, "Problem")], readonly=True
    )
    line_ids = fields.One2many("g2p.spar.provider.test.line", "test_id", readonly=True)
    redirect_uri = fields.Char(
        "Redirect Address to Register",
        readonly=True,
        help="Letter by letter, and without anything behind it.",
    )
    public_key = fields.Text(
        "Public Key to Register",
        readonly=True,
        help="It is no secret. The private half never leaves this system.",
    )

    @api.private
    def run(self, provider):
        """Try a provider and report each thing that was looked at.

        :param provider: one ``auth.oauth.provider``
        :return: the report
        """
        redirect_uri = provider._spar_redirect_uri()
        keys = provider.spar_key_ids.filtered(
            lambda key: key.purpose == "sign" and key.state != "retired"
        )
        key = keys.filtered(lambda key: key.state == "current")[:1] or keys[:1]
        public_key = key.public_text
        checks = self.env["g2p.spar.oidc.client"].examine(provider)
        checks.insert(1, _check_redirect(redirect_uri))
        outcomes = {check.outcome for check in checks}
        return self.create(
            {
                "provider_id": provider.id,
                "state": next(
                    state for state in (FAILED, WARNING, OK) if state in outcomes
                ),
                "redirect_uri": redirect_uri,
                "public_key": public_key,
                "line_ids": [
                    Command.create(
                        {
                            "code": check.code,
                            "state": check.outcome,
                            "sentence": say(self.env, check.sentence, check.values),
                        }
                    )
                    for check in checks
                ],
            }
        )

    def action_again(self):
        """Test once more."""
        self.ensure_one()
        return self.provider_id.action_spar_test()


class AuthOauthProvider(models.Model):
    _inherit = "auth.oauth.provider"

    spar_login_count = fields.Integer("Logins", compute="_compute_spar_login_count")

    def _compute_spar_login_count(self):
        groups = self.env["g2p.spar.oidc.event"]._read_group(
            [("provider_id", "in", self.ids)], ["provider_id"], ["hits:sum"]
        )
        counts = {provider.id: hits for provider, hits in groups}
        for provider in self:
            provider.spar_login_count = counts.get(provider.id, 0)

    def action_spar_test(self):
        """Fetch what the provider publishes, and show what fits and what does not."""
        self.ensure_one()
        if not self.env.user.has_group("g2p_spar_mapper.group_admin"):
            raise AccessError(
                self.env._("Only administrators of the registry test providers.")
            )
        test = self.env["g2p.spar.provider.test"].run(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test of the Provider"),
            "res_model": test._name,
            "res_id": test.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_spar_logins(self):
        """Show how the logins at this provider ended."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "g2p_spar_portal.g2p_spar_oidc_event_action"
        )
        return {**action, "domain": [("provider_id", "=", self.id)]}


def _check_redirect(uri):
    """See whether the way back is one that nobody can listen to."""
    if uri.startswith("https://"):
        return Check("redirect", OK, _lt("The redirect address uses HTTPS."))
    said = _lt("The redirect address does not use HTTPS.")
    return Check("redirect", WARNING, said)
