import io
import zipfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core import spar_tables
from ..core.spar_dump import convert_files
from ..core.spar_rows import guess_fa_type

DEMO = Path(__file__).parent.parent / "demo"


#: Folder, table, what stands there, what shall stand there, line and column of the
#: problem that follows.
BAD_ROWS = (
    ("spar_1_0", "dfsp_providers", ",dfsp1,1,", ",,1,", 2, "code"),
    ("spar_1_0", "dfsp_providers", ",dfsp1,1,", ",a.b,1,", 2, "code"),
    ("spar_1_0", "dfsp_providers", ",dfsp1,1,", ",dfsp2,1,", 3, "code"),
    ("spar_1_0", "dfsp_providers", ",mpesa,3,", ",mpesa,9,", 5, "strategy_id"),
    ("spar_1_0", "dfsp_levels", "type,0", "type,zero", 2, "level"),
    (
        "spar_1_0",
        "dfsp_level_values",
        "rhino,4,4",
        "rhino,77,4",
        9,
        "parent_id",
    ),
    ("spar_1_0", "dfsp_level_values", "rhino,4,4", "rhino,4,44", 9, "level_id"),
    ("spar_1_0", "fa_construct_strategy", "email:{", "email:", 4, "strategy"),
    ("spar_1_0", "id_providers", "Id,4", "Id,5", 2, "strategy_id"),
    (
        "spar_1_0",
        "dfsp_level_values",
        ",4,2023",
        ",9,2023",
        4,
        "dfsp_provider_id",
    ),
    (
        "spar_2_x",
        "strategy",
        "email_address:{email_address}.wallet_provider_name:{wallet_provider_name}.wallet_provider_code:{wallet_provider_code}.fa_type:{fa_type}",
        "{thing}",
        4,
        "construct_strategy",
    ),
    ("spar_2_x", "branches", "HDFC_PUNE,2", "HDFC_PUNE,22", 5, "bank_id"),
    ("spar_1_1", "strategy", "Bank,FA", "Bank,XX", 3, "strategy_type"),
    (
        "spar_1_1",
        "strategy",
        "token:{sub}@",
        "token:x{sub}@",
        2,
        "construct_strategy",
    ),
    (
        "spar_1_1",
        "dfsp_level_values",
        "OLAM,Ola Money,0,4",
        "OLAM,,0,9",
        9,
        "level_id",
    ),
    ("spar_1_1", "dfsp_level_values", '670002",2000', '670002",1', 6, "parent"),
    ("spar_2_x", "branches", "ICIC_DELHI,1", "ICIC_DELHI,x", 2, "bank_id"),
    (
        "spar_2_x",
        "wallet_service_providers",
        "MOBILE",
        "OTHER",
        4,
        "wallet_type",
    ),
    ("spar_2_x", "banks", ",t,SBI", ",maybe,SBI", 4, "active"),
    ("spar_2_x", "banks", "3,2026", "2,2026", 4, "id"),
    ("spar_2_x", "banks", ",SBI,State", ",SBI,Sta\x01te", 4, "bank_name"),
)


def demo_files(folder, **changes):
    """Return the files of a demo folder; ``changes`` replace text in tables.

    :param changes: table -> (old text, new text), or None to leave the table out
    """
    files = []
    for path in sorted((DEMO / folder).glob("*.csv")):
        change = changes.get(path.stem, ("", ""))
        if change is not None:
            text = path.read_text().replace(*change) if change[0] else path.read_text()
            files.append((path.name, text.encode()))
    return files


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files:
            archive.writestr(f"dump/{name}", content)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestSparDump(BaseCase):
    def places(self, result):
        return [(one.file, one.line, one.column) for one in result.problems]

    def test_spar_1_0(self):
        result = convert_files(demo_files("spar_1_0"))
        self.assertEqual((result.version, result.problems), ("1.0", []))
        self.assertEqual(
            [(one.code, one.kind) for one in result.providers],
            [
                ("dfsp1", "bank"),
                ("dfsp2", "bank"),
                ("testingtoolkitdfsp", "mobile_wallet"),
                ("mpesa", "email_wallet"),
            ],
        )
        self.assertEqual(
            [(one.provider, one.code) for one in result.branches],
            [
                ("dfsp1", "indigo"),
                ("dfsp1", "rhino"),
                ("dfsp2", "purple"),
                ("dfsp2", "rainbow"),
            ],
        )
        self.assertEqual(
            [(one.number, one.fa_type, one.name) for one in result.strategies],
            [
                (1, "BANK_ACCOUNT", "Bank Account"),
                (2, "MOBILE_WALLET", "Wallet"),
                (3, "EMAIL_WALLET", "MPesa"),
            ],
        )
        self.assertEqual(
            [one.template for one in result.id_types], ["token:{sub}@nationalId"]
        )

    def test_spar_1_0_chains_say_what_a_part_is(self):
        parts = convert_files(demo_files("spar_1_0")).parts
        self.assertEqual(
            [
                (one.fa_type, one.name, one.canonical, one.source, one.constant)
                for one in parts
            ],
            [
                ("BANK_ACCOUNT", "account_no", "account_number", "typed", ""),
                ("BANK_ACCOUNT", "branch", "branch_code", "branch", ""),
                ("BANK_ACCOUNT", "bank", "bank_code", "provider", ""),
                ("BANK_ACCOUNT", "type", "type", "constant", "bank_acc"),
                ("MOBILE_WALLET", "phone", "mobile_number", "typed", ""),
                ("MOBILE_WALLET", "wallet", "wallet_provider_code", "provider", ""),
                ("MOBILE_WALLET", "type", "type", "constant", "wallet"),
                ("EMAIL_WALLET", "email", "email_address", "typed", ""),
                # MPesa is a provider and a type at once.
                ("EMAIL_WALLET", "type", "wallet_provider_code", "provider", ""),
            ],
        )

    def test_spar_1_1(self):
        result = convert_files(demo_files("spar_1_1"))
        self.assertEqual((result.version, result.problems), ("1.1", []))
        self.assertEqual(len(result.providers), 6)
        self.assertEqual(len(result.branches), 4)
        self.assertEqual(
            [(one.number, one.fa_type) for one in result.strategies],
            [(2, "BANK_ACCOUNT"), (3, "EMAIL_WALLET"), (4, "MOBILE_WALLET")],
        )

    def test_patterns_of_the_typed_levels_of_1_1(self):
        parts = convert_files(demo_files("spar_1_1")).parts
        self.assertEqual(
            [(one.fa_type, one.name, one.pattern) for one in parts if one.pattern],
            [
                ("BANK_ACCOUNT", "account_number", r"^\d{9,18}$"),
                ("MOBILE_WALLET", "mobile_number", r"^\d{10}$"),
                (
                    "EMAIL_WALLET",
                    "email_address",
                    r"[A-Za-z0-9\._%+\-]+@[A-Za-z0-9\.\-]+\.[A-Za-z]{2,}",
                ),
            ],
        )
        names = [one.name for one in parts if one.fa_type == "MOBILE_WALLET"]
        self.assertEqual(len(names), 5)

    def test_the_level_says_the_type_where_the_template_does_not(self):
        change = ("mobile_number:{mobile_number}", "number:{number}")
        result = convert_files(demo_files("spar_1_1", strategy=change))
        self.assertEqual(
            [(one.number, one.fa_type) for one in result.strategies][-1],
            (4, "MOBILE_WALLET"),
        )

    def test_a_strategy_without_description_is_called_by_its_template(self):
        change = ("Phone,FA", ",FA")
        strategies = convert_files(demo_files("spar_1_1", strategy=change)).strategies
        self.assertEqual(strategies[-1].name, strategies[-1].template)

    def test_values_of_an_unknown_level_of_1_1(self):
        change = ("email_wallet_provider", "shop")
        result = convert_files(demo_files("spar_1_1", dfsp_levels=change))
        self.assertEqual(
            self.places(result),
            [
                ("dfsp_level_values.csv", 10, "level_id"),
                ("dfsp_level_values.csv", 11, "level_id"),
            ],
        )

    def test_a_chain_with_a_region_before_the_branch(self):
        files = dict(demo_files("spar_1_0"))
        files["dfsp_levels.csv"] += b"8,Region,region,2,,,,,t\n"
        values = files["dfsp_level_values.csv"].decode()
        values = values.replace("dfsp1,1,2,4,1", "dfsp1,1,2,8,1")
        values = values.replace("indigo,4,4", "indigo,20,4")
        values = values.replace("rhino,4,4", "rhino,20,4")
        values += "20,North,north,4,8,4,,,,t\n"
        files["dfsp_level_values.csv"] = values.encode()
        files["dfsp_providers.csv"] = files["dfsp_providers.csv"].replace(
            b"dfsp2,1", b"dfsp2,3"
        )
        result = convert_files(files.items())
        self.assertEqual(result.problems, [])
        branches = [one.code for one in result.branches if one.provider == "dfsp1"]
        self.assertEqual(branches, ["indigo", "rhino"])

    def test_spar_2_x(self):
        result = convert_files(demo_files("spar_2_x"))
        self.assertEqual((result.version, result.problems), ("2.x", []))
        self.assertEqual(len(result.providers), 7)
        self.assertEqual(len(result.branches), 4)
        self.assertEqual(result.strategies[-1].number, 5)
        self.assertEqual(result.strategies[-1].fa_type, "BANK_ACCOUNT")

    def test_a_zip_is_as_good_as_its_files(self):
        files = demo_files("spar_1_0")
        self.assertEqual(
            convert_files([("dump.zip", zipped(files))]).providers,
            convert_files(files).providers,
        )

    def test_other_files_are_passed_over_and_named(self):
        files = demo_files("spar_2_x") + [("id_fa_mappings.csv", b"id,fa\n1,x\n")]
        result = convert_files(files)
        self.assertEqual((result.problems, result.unused), ([], ["id_fa_mappings.csv"]))

    def test_each_bad_row_is_named(self):
        for folder, table, old, new, line, column in BAD_ROWS:
            with self.subTest(f"{table} {new}"):
                result = convert_files(demo_files(folder, **{table: (old, new)}))
                self.assertIn((f"{table}.csv", line, column), self.places(result))

    def test_bad_files(self):
        for name, content, line, sentence in (
            ("strategy.csv", b"", 0, "This file is empty."),
            ("strategy.csv", b"\xff\xfe", 0, "This file is not written in UTF-8."),
            (
                "strategy.csv",
                b'id\n"x',
                0,
                "This file is not a CSV file with commas.",
            ),
            ("strategy.csv", b"id,active\n1,t\n", 0, "This column is missing."),
            (
                "strategy.csv",
                b"id,active\n1\n",
                2,
                "This row has 1 cells instead of 2.",
            ),
            (
                "dump.zip",
                b"PK",
                0,
                "This is not a readable zip file, or it holds more than 100 million "
                "bytes.",
            ),
            (
                "",
                b"hello",
                0,
                "None of the files is a table of SPAR. Name each file as its table, "
                "such as strategy.csv.",
            ),
        ):
            with self.subTest(content):
                result = convert_files([(name, content)])
                found = [(one.file, one.line, str(one)) for one in result.problems]
                self.assertIn((name, line, sentence), found)

    def test_a_zip_that_unpacks_to_too_much(self):
        archive = zipped([("strategy.csv", b"x" * 200)])
        for limit, refused in ((199, True), (200, False)):
            with patch.object(spar_tables, "MAX_BYTES", limit):
                problems = convert_files([("dump.zip", archive)]).problems
            sentences = [one.sentence for one in problems]
            with self.subTest(limit):
                self.assertEqual("readable zip" in sentences[0], refused)

    def test_archived_rows_stay_archived(self):
        change = ("dfsp2,1,2023-12-01 09:00:00,,t", "dfsp2,1,2023-12-01 09:00:00,,f")
        result = convert_files(demo_files("spar_1_0", dfsp_providers=change))
        self.assertEqual(
            [one.active for one in result.providers], [True, False, True, True]
        )

    def test_a_table_given_twice(self):
        files = demo_files("spar_2_x")
        result = convert_files(files + files[:1])
        self.assertIn(("banks.csv", 0, ""), self.places(result))

    def test_a_circle_of_parents_ends(self):
        change = ("Wallet,wallet,,1", "Wallet,wallet,6,1")
        result = convert_files(demo_files("spar_1_0", dfsp_level_values=change))
        self.assertEqual(len(result.strategies), 3)

    def test_a_second_chain_of_one_kind_becomes_its_own_type(self):
        strategies = ("4,token", "5,save:{account_no}@{bank}.{type},,,,t\n4,token")
        files = dict(demo_files("spar_1_0", fa_construct_strategy=strategies))
        files["dfsp_providers.csv"] += b"9,Savings,,sav,5,,,t\n"
        files["dfsp_level_values.csv"] += (
            b"20,Savings,savings,,1,2,,,,t\n21,Savings,sav,20,2,6,9,,,t\n"
        )
        result = convert_files(files.items())
        self.assertEqual(result.problems, [])
        self.assertEqual([one.code for one in result.fa_types], ["SAVINGS"])
        constants = {
            one.fa_type: one.constant for one in result.parts if one.name == "type"
        }
        self.assertEqual(constants["BANK_ACCOUNT"], "bank_acc")
        self.assertEqual(constants["SAVINGS"], "savings")

    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_reported(self, content):
        result = convert_files([("strategy.csv", content)])
        self.assertTrue(result.problems or result.version == "2.x")

    def test_guess_fa_type(self):
        for names, wanted in (
            (["account_no", "mobile_number"], "BANK_ACCOUNT"),
            (["email_address", "wallet_provider_name"], "EMAIL_WALLET"),
            (["mobile_wallet_provider", "x"], None),
            (["voucher_number"], "VOUCHER"),
        ):
            with self.subTest(names):
                self.assertEqual(guess_fa_type(names), wanted)
