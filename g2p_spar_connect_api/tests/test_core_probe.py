from datetime import datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.probe import Step, judge_failure, judge_status, kind_of_status, write_probe
from ..core.schema import check

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


def _written(findings):
    marks = {True: "+", False: "-", None: "."}
    return "".join(marks[one.is_good] for one in findings)


class TestProbe(BaseCase):
    def test_it_follows_the_schema_of_a_callback(self):
        check("TxnStatusResponse", write_probe("pbms", "x1", NOW))

    def test_how_far_a_call_came(self):
        table = {
            "address_invalid": "-.....",
            "address_forbidden": "+-....",
            "name_unknown": "+-....",
            "unreachable": "++-...",
            "tls_failed": "+++-..",
            "timeout": "++++-.",
            "broken": "++++-.",
            "redirected": "++++-.",
            "answer_too_large": "++++-.",
        }
        for code, expected in table.items():
            with self.subTest(code=code):
                self.assertEqual(_written(judge_failure(code)), expected)

    def test_what_a_status_means(self):
        table = {
            200: "good",
            204: "good",
            400: "refused",
            401: "denied",
            403: "denied",
            404: "missing",
            405: "missing",
            422: "refused",
            500: "fault",
            503: "fault",
        }
        for status, kind in table.items():
            with self.subTest(status=status):
                self.assertEqual(kind_of_status(status), kind)
                good = "++++++" if kind == "good" else "+++++-"
                self.assertEqual(_written(judge_status(status)), good)

    @given(st.text())
    def test_one_step_at_most_fails(self, code):
        findings = judge_failure(code)
        self.assertEqual([one.step for one in findings], list(Step))
        self.assertEqual(_written(findings).count("-"), 1)
