from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.keeping import LONGEST, Target, border

NOW = datetime.fromisoformat("2026-05-04 12:00")


class TestCoreKeeping(BaseCase):
    @given(days=st.integers(-5, LONGEST + 5), least=st.integers(0, 900))
    def test_nothing_needed_goes(self, days, least):
        kind = Target("t", "at", "true", least)
        if least <= days <= LONGEST:
            self.assertEqual(border(days, kind, NOW), NOW - timedelta(days=days))
        else:
            with self.assertRaises(ValueError):
                border(days, kind, NOW)
