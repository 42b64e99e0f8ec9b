from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.commands import LinkItem
from ..core.dump import DumpError, read_dump
from ..core.reason import Cause
from ..core.show import changed_names, list_info


@tagged("post_install", "-at_install")
class TestShow(BaseCase):
    def test_lines_of_additional_information(self):
        cases = [
            (None, []),
            ([], []),
            ([{"name": "village", "value": "Baraka"}], ["village: Baraka"]),
            ([{"a": 1, "b": 2}], ["a: 1, b: 2"]),
            (["bare"], ["bare"]),
            ("not a list", []),
            ({"a": 1}, []),
        ]
        for info, lines in cases:
            with self.subTest(info=info):
                self.assertEqual(list_info(info), lines)

    def test_names_of_changes(self):
        old = {"name": "A", "state": "active", "phone": "1"}
        cases = [
            (None, {"name": "A"}, ["name"]),
            (old, dict(old), []),
            (old, {"name": "B", "state": "active"}, ["name", "phone"]),
            (old, old | {"valid_until": "2027"}, ["valid_until"]),
            (None, None, []),
        ]
        for before, after, names in cases:
            with self.subTest(before=before, after=after):
                self.assertEqual(changed_names(before, after), names)


@tagged("post_install", "-at_install")
class TestDump(BaseCase):
    def read(self, text):
        return list(read_dump(text.splitlines(keepends=True)))

    def test_a_row_becomes_a_link(self):
        rows = self.read(
            "id,id_value,fa_value,name,phone,additional_info,active,created_at\n"
            '7,token:a@nationalId,account:1@b,Amina,+1234567,"[{""strategy_id"": 1}]"'
            ",t,2024-01-01\n"
        )
        self.assertEqual(
            rows[0].item,
            LinkItem(
                "line 2",
                "token:a@nationalId",
                "account:1@b",
                name="Amina",
                phone_number="+1234567",
                additional_info=[{"strategy_id": 1}],
            ),
        )
        self.assertEqual((rows[0].line, rows[0].active), (2, True))

    def test_empty_cells_are_absent(self):
        (row,) = self.read("id_value,fa_value,name,phone\na,b,,\n")
        self.assertEqual(row.item, LinkItem("line 2", "a", "b"))

    def test_only_true_is_active(self):
        for word, active in [("t", True), ("f", False), ("TRUE", True), ("", True)]:
            with self.subTest(word=word):
                (row,) = self.read(f"id_value,fa_value,active\na,b,{word}\n")
                self.assertIs(row.active, active)

    def test_rows_that_cannot_be_read_keep_their_place(self):
        rows = self.read(
            "id_value,fa_value,additional_info,active\n"
            "a,b,{not json,t\n"
            "c,d,,maybe\n"
            "e,f,,t,too,many\n"
            "g,h,,t\n"
        )
        self.assertEqual(
            [row.item for row in rows[:3]],
            [Cause.INFO_INVALID, Cause.ITEM_INVALID, Cause.ITEM_INVALID],
        )
        self.assertEqual(rows[3].item.id, "g")

    def test_lines_are_those_of_the_file(self):
        rows = self.read('id_value,fa_value,name\na,b,"two\nlines"\nc,d,x\n')
        self.assertEqual([row.line for row in rows], [3, 4])

    def test_missing_columns_are_named(self):
        for text, names in [
            ("", ("id_value", "fa_value")),
            ("id_value\n", ("fa_value",)),
        ]:
            with self.subTest(text=text), self.assertRaises(DumpError) as caught:
                self.read(text)
            self.assertEqual(
                (caught.exception.code, caught.exception.names), ("columns", names)
            )

    @given(st.text(max_size=200))
    def test_nothing_but_its_own_error_leaves_the_reader(self, text):
        for start in ("", "id_value,fa_value,additional_info,active\n"):
            try:
                rows = self.read(start + text)
            except DumpError:
                continue
            self.assertTrue(all(isinstance(r.item, LinkItem | Cause) for r in rows))

    def test_what_is_not_csv_names_its_line(self):
        with self.assertRaises(DumpError) as caught:
            self.read('id_value,fa_value\na,b\n"open,c\n')
        self.assertEqual((caught.exception.code, caught.exception.line), ("form", 3))
