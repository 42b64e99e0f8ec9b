from odoo import fields, models
from odoo.fields import Domain


class G2PSparSandboxMixin(models.AbstractModel):
    """Keeps what partners try out in sandboxes out of everybody's lists and counts.

    As with archived records, a search finds what belongs to a sandbox only when
    it asks for it, by a condition on ``is_sandbox`` or with
    ``sandbox_test=False`` in the context. That a partner cannot get at another
    room's data does not depend on this: their keys differ (``core.sandbox``).
    """

    _name = "g2p.spar.sandbox.mixin"
    _description = "Belongs to a sandbox or not"

    is_sandbox = fields.Boolean(
        "Sandbox",
        compute="_compute_is_sandbox",
        search="_search_is_sandbox",
        compute_sudo=True,
        help="Made by a partner who is trying things out; nothing is ever paid to it.",
    )

    def _compute_is_sandbox(self):
        """Compute it; each model knows where its key is."""
        raise NotImplementedError

    def _sandbox_sql(self, alias, query):
        """Return the SQL condition that a row belongs to a sandbox, for each model."""
        raise NotImplementedError

    def _search_is_sandbox(self, operator, value):
        if operator != "in":
            return NotImplemented
        sandboxed = Domain.custom(
            to_sql=lambda model, alias, query: model._sandbox_sql(alias, query)
        )
        found = Domain.FALSE
        if True in value:
            found |= sandboxed
        if False in value:
            found |= ~sandboxed
        return found

    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Leave sandboxes out unless they are asked for.

        ``active_test=False`` is how the ORM and the screens read records that they
        know.
        """
        domain = Domain(domain)
        context = self.env.context
        wanted = all(
            (
                kwargs.get("active_test", True),
                context.get("active_test", True),
                context.get("sandbox_test", True),
            )
        )
        asked = any(one.field_expr == "is_sandbox" for one in domain.iter_conditions())
        if wanted and not asked:
            domain &= Domain("is_sandbox", "=", False)
        return super()._search(domain, offset, limit, order, **kwargs)
