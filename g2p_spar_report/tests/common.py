from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.tests.common import MapperCase

NOON = 12


class ReportCase(MapperCase):
    """Mappings that change on days of the past, and counts of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.env["g2p.spar.tally.address"].search([]).unlink()
        # What another addon or its demonstration data brought is counted first.
        cls.count()
        cls.before = cls.totals()

    @classmethod
    def moment(cls, days_ago, hour=NOON):
        """A moment on a day of the past, naive UTC."""
        day = cls.today - timedelta(days=days_ago)
        return datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)

    def on(self, days_ago, hour=NOON):
        """Context in which a day of the past is today."""
        return freeze_time(self.moment(days_ago, hour))

    @classmethod
    def count(cls):
        """Count all days anew, from nothing."""
        for model in ("g2p.spar.tally", "g2p.spar.tally.change", "g2p.spar.tally.day"):
            table = SQL.identifier(cls.env[model]._table)
            cls.env.cr.execute(SQL("DELETE FROM %s", table))
            cls.env[model].invalidate_model()
        days = cls.env["g2p.spar.tally.day"]
        while days._count_open()[1]:
            pass

    @classmethod
    def totals(cls, days_ago=0):
        """Mappings by state at the end of a day, as the view says."""
        cls.env.cr.execute(
            "SELECT state, mappings FROM g2p_spar_report_mapping_day WHERE day = %s",
            [cls.today - timedelta(days=days_ago)],
        )
        return dict(cls.env.cr.fetchall())

    def rows(self, view, columns="*", where="true"):
        """Rows of a view as dicts. All parts are plain SQL of the test."""
        view = SQL.identifier(f"g2p_spar_report_{view}")
        self.env.cr.execute(
            SQL("SELECT %s FROM %s WHERE %s", SQL(columns), view, SQL(where))
        )
        return self.env.cr.dictfetchall()

    def said(self, ask):
        """Texts of the statements of a call."""
        self.env.flush_all()
        said = []
        execute = type(self.env.cr).execute

        def listen(cr, query, *args, **kwargs):
            said.append(getattr(query, "code", query))
            return execute(cr, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", listen):
            ask()
        self.assertTrue(said)
        return said
