from odoo import models

from .views import VIEWS, create_views


class G2PSparReport(models.AbstractModel):
    """Keeps the views that reporting tools read."""

    _name = "g2p.spar.report"
    _description = "Views for Reporting"

    def init(self):
        """Create the views, once the tables that they read are there."""
        self.pool.post_init(create_views, self.env.cr, self._views())

    def _views(self):
        """Return the selects of all views by name; other addons add theirs."""
        return dict(VIEWS)
