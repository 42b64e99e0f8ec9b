from datetime import date, datetime, timezone

from odoo.tests import BaseCase

from odoo.addons.g2p_spar_mapper.core.commands import CheckItem, ReportItem
from odoo.addons.g2p_spar_mapper.core.reason import LEGACY_ANSWERS, Cause, Notice

from ..core.errors import InvalidEnvelope
from ..core.items import read_items
from ..core.protocol import OPENG2P
from ..core.schema import load_schemas
from .openg2p_samples import envelope
from .samples import FA, ID

LATEST = datetime(2026, 3, 2, 8, 30, tzinfo=timezone.utc)
STAMP = "2026-03-01T08:30:00Z"


def read(**values):
    """Read one item. :return: what the registry gets"""
    raw = {"reference_id": "r1", "timestamp": STAMP, "id": ID, **values}
    [item] = read_items(Notice.REPORT, [raw], LATEST).for_registry()
    return item


class TestReport(BaseCase):
    def test_a_failed_payment(self):
        for fa in (None, "", FA):
            for text, day in (
                (None, None),
                ("", None),
                ("2026-02-27", date(2026, 2, 27)),
                ("2026-03-01", date(2026, 3, 1)),
            ):
                with self.subTest(fa=fa, date=text):
                    values = {"event": "payment_failed", "reason": "closed"}
                    self.assertEqual(
                        read(fa=fa, date=text, **values),
                        ReportItem("r1", ID, "closed", day, fa or None),
                    )

    def test_the_day_of_the_payer_is_no_day_to_come(self):
        """It is morning in Manila, and the day before still in UTC."""
        failed = {"event": "payment_failed", "reason": "closed", "date": "2026-03-02"}
        for stamp in ("2026-03-02T07:00:00+08:00", "2026-03-01T23:00:00Z"):
            with self.subTest(stamp):
                item = read(timestamp=stamp, **failed)
                self.assertEqual(item.failed_on, date(2026, 3, 2))
        for stamp in ("2026-03-01T09:59:59Z", "2026-03-01T17:00:00+08:00"):
            with self.subTest(stamp):
                self.assertEqual(read(timestamp=stamp, **failed), Cause.DATE_INVALID)

    def test_checks(self):
        table = [
            ("payment_arrived", 5, "passed"),
            ("test_transfer_arrived", 4, "passed"),
            ("test_transfer_failed", 4, "failed"),
        ]
        for event, rung, result in table:
            with self.subTest(event):
                self.assertEqual(
                    read(event=event, evidence=" pay-7 ", fa=FA),
                    CheckItem("r1", ID, rung, result, "pay-7", FA),
                )

    def test_bad_input(self):
        failed = {"event": "payment_failed", "reason": "closed"}
        table = [
            ({}, Cause.EVENT_INVALID),
            ({"event": None}, Cause.EVENT_INVALID),
            ({"event": ["payment_failed"]}, Cause.EVENT_INVALID),
            ({"event": "paid"}, Cause.EVENT_INVALID),
            ({"event": "payment_failed"}, Cause.FAILURE_INVALID),
            (failed | {"reason": 7}, Cause.FAILURE_INVALID),
            (failed | {"id": None}, Cause.ID_INVALID),
            (failed | {"fa": 7}, Cause.FA_INVALID),
            (failed | {"timestamp": "today"}, Cause.TIMESTAMP_INVALID),
            (failed | {"reference_id": ""}, Cause.REFERENCE_INVALID),
            ({"event": "payment_arrived", "evidence": 7}, Cause.EVIDENCE_INVALID),
            ({"event": "payment_arrived", "evidence": "a\nb"}, Cause.EVIDENCE_INVALID),
            (
                {"event": "payment_arrived", "evidence": "x" * 201},
                Cause.EVIDENCE_INVALID,
            ),
        ]
        bad_days = ("2026-03-02", "27/02/2026", "2026-02-30", "2026-02-27T10:00", 7)
        table += [(failed | {"date": day}, Cause.DATE_INVALID) for day in bad_days]
        for values, cause in table:
            with self.subTest(**values):
                self.assertEqual(read(**values), cause)

    def test_published_reason_codes_are_those_that_are_used(self):
        schema = load_schemas()["ReportResult"]
        published = set(schema["properties"]["status_reason_code"]["enum"])
        used = {
            answer.code
            for (operation, _cause), answer in LEGACY_ANSWERS.items()
            if operation == Notice.REPORT
        }
        self.assertEqual(published, used)

    def test_the_other_envelope_has_no_reports(self):
        with self.assertRaisesRegex(InvalidEnvelope, "envelope of G2P Connect"):
            OPENG2P.read(Notice.REPORT, envelope(), LATEST, 10)
