from odoo import api, models
from odoo.tools import LazyTranslate

from ..const import HOME

_lt = LazyTranslate(__name__)

#: Where the sentence for a beneficiary would lead an agent astray.
_FAILURES = {
    "not_found": (
        _lt("We did not find this page"),
        _lt("The capture may be over, or belong to somebody else. Begin a new one."),
    ),
    "not_allowed": (
        _lt("You cannot do this here"),
        _lt("Only field agents work here. Ask your office for a login of an agent."),
    ),
    "broken": (
        _lt("Something went wrong on our side"),
        _lt("Look at the list of your captures: it shows whether it was made."),
    ),
}


class G2PSparPage(models.AbstractModel):
    """The frame of the portal's pages, around those of agents."""

    _inherit = "g2p.spar.page"

    @api.model
    def _frame(self, path, person=None, flash=None):
        """Add who works here as an agent, none on a page of beneficiaries."""
        frame = super()._frame(path, person, flash)
        is_agents = path == HOME or path.startswith(f"{HOME}/")
        has_user = is_agents and not self.env.user._is_public()
        return {
            **frame,
            "is_agents": is_agents,
            "agent": self.env.user.name if has_user else None,
        }

    @api.model
    def _render_failure(self, code, path, person=None):
        """Tell an agent of a failure in words for agents."""
        if not path.startswith(HOME):
            return super()._render_failure(code, path, person)
        frame = self._frame(path)
        values = self._agent_failure(code) | {"frame": frame}
        return self.env["ir.ui.view"]._render_template(
            "g2p_spar_portal.failure", values
        )

    @api.model
    def _agent_failure(self, code):
        """The values of ``g2p_spar_portal.failure`` for an agent."""
        values = self._failure_values(code)
        if code in _FAILURES:
            title, sentence = map(self.env._, _FAILURES[code])
            values |= {"title": title, "sentence": sentence, "code": code}
        return values | {"home": HOME, "home_label": self.env._("My captures")}
