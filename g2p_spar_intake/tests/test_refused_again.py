import io
from datetime import date

import openpyxl

from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID

from .common import IntakeCase


@tagged("post_install", "-at_install")
class TestRefusedAgain(IntakeCase):
    """The file of refused rows comes back, mended, half mended or not at all."""

    def bring_back(self, intake):
        """Take in the rows of the file of refused rows. :return: its intake, run"""
        # The same file would not be worked off twice.
        empty = b"\r\n" * intake.id
        again = self.upload(blocks=[*intake.read_refused(), empty])
        self.run_all(again)
        return again

    def test_file_may_come_back_often(self):
        first = self.upload(self.row("a"), "x,", "y,")
        self.run_all(first)
        second = self.bring_back(first)
        third = self.bring_back(second)

        for intake in (second, third):
            with self.subTest(intake=intake.filename):
                self.assertEqual(self.refused(intake), self.refused(first))
                self.assertEqual(intake.tally, second.tally)

    def test_what_nobody_mended_is_refused_again(self):
        book = openpyxl.Workbook()
        fa = BANK_FA % "001"
        for row in (
            ["name", "fa", "phone", "id"],
            ["a", fa, None, 1234567890123456],
            ["=A1", fa, None, NATIONAL_ID % "b"],
            ["#REF!", fa, None, NATIONAL_ID % "c"],
            ["d", fa, date(2026, 3, 1), NATIONAL_ID % "d"],
            ["e", 1.5, None, NATIONAL_ID % "e"],
            ["f", True, None, NATIONAL_ID % "f"],
        ):
            book.active.append([str(cell) if cell == "#REF!" else cell for cell in row])
        book.active["A4"].data_type = "e"
        stream = io.BytesIO()
        book.save(stream)
        first = self.upload(blocks=[stream.getvalue()], filename="list.xlsx")
        self.run_all(first)
        self.assertEqual((first.completed, first.succeeded), (6, 0))
        second = self.bring_back(first)
        self.assertEqual(second.tally, first.tally)
        self.assertEqual(self.bring_back(second).tally, first.tally)

    def test_cells_that_a_row_does_not_have_are_no_empty_ones(self):
        rows = f"{NATIONAL_ID % 'a'},{BANK_FA % '1'}", "x,y,z,more"
        first = self.upload(*rows, names="id,fa,name")
        self.run_all(first)
        self.assertEqual(first.tally, {"cells_fewer": 1, "cells_more": 1})
        second = self.bring_back(first)
        self.assertEqual(second.tally, {"empty": 1, "cells_more": 1})
        self.assertEqual(self.bring_back(second).tally, second.tally)

    def test_reasons_may_stand_in_any_column(self):
        first = self.upload("why,x,", names="not_taken_in_because,id,fa")
        self.run_all(first)
        [row] = self.refused(first)
        self.assertEqual(list(row), ["id", "fa", "not_taken_in_because"])
        self.assertEqual(row["id"], "x")
