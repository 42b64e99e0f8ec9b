import base64
import hashlib

from odoo.tests import tagged

from odoo.addons.g2p_spar_intake.models import g2p_spar_file_mixin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, account_of

from .file_common import FileCase


@tagged("post_install", "-at_install")
class TestFile(FileCase):
    """From the file to its result."""

    def test_csv_file_is_linked_and_told_of_row_by_row(self):
        file = self.send("link", self.csv("a", "b") + b"ref-c,nonsense,\r\n")

        self.work_off()

        self.assertEqual(
            (file.state, file.total, file.completed, file.succeeded),
            ("done", 3, 3, 2),
        )
        self.assertTrue(self.mapping("a") and self.mapping("b"))
        first, second, third = self.rows(self.fetch(file))
        self.assertEqual(
            (first["row"], first["reference_id"], first["id"], first["status"]),
            ("1", "ref-a", NATIONAL_ID % "a", "succ"),
        )
        self.assertEqual(second["fa"], BANK_FA % account_of("b"))
        self.assertEqual(
            (third["status"], third["status_reason_code"], third["fa"]),
            ("rjct", "rjct.fa.invalid", ""),
        )

    def test_json_file_is_answered_like_its_message(self):
        items = [self.link_item("a"), self.item("b", fa=5), self.item("c", fa="")]
        content = self.message("link", items)
        file = self.send("link", content, "json")

        self.work_off()

        told = self.fetch(file).json()
        asked = self.post(
            "link", content | {"header": content["header"] | {"message_id": "other"}}
        ).json()
        for answer in (told, asked):
            for result in answer["message"]["link_response"]:
                result.pop("timestamp")
        self.assertEqual(
            told["message"]["link_response"], asked["message"]["link_response"]
        )
        self.assertEqual(told["header"].keys(), asked["header"].keys())
        self.assertEqual(
            (told["header"]["status"], told["header"]["total_count"]), ("succ", 3)
        )
        self.assertEqual(told["message"]["correlation_id"], file.correlation_id)

    def test_all_four_operations(self):
        for operation, status in (
            ("link", "succ"),
            ("update", "succ"),
            ("resolve", "succ"),
            ("unlink", "succ"),
        ):
            content = self.csv("a", operation=operation)
            file = self.send(operation, content)
            self.work_off()
            [row] = self.rows(self.fetch(file))
            with self.subTest(operation):
                self.assertEqual(row["status"], status, row)
        self.assertEqual(self.mapping("a").state, "unlinked")

    def test_rows_are_done_in_their_order_over_parts(self):
        self.patch(g2p_spar_file_mixin, "PART_ROWS", 2)
        rows = [
            f"{n},{NATIONAL_ID % 'a'},{BANK_FA % account_of(str(n))}" for n in range(5)
        ]
        file = self.send("link", "\n".join(["reference_id,id,fa", *rows]).encode())

        self.work_off()

        codes = [row["status"] for row in self.rows(self.fetch(file))]
        self.assertEqual(codes, ["succ", "rjct", "rjct", "rjct", "rjct"])
        self.assertEqual(self.mapping("a").fa_value, BANK_FA % account_of("0"))
        parts = self.env["g2p.spar.file.part"].search_count([("file_id", "=", file.id)])
        self.assertEqual(parts, 3)

    def test_reference_repeated_in_another_part_is_refused(self):
        self.patch(g2p_spar_file_mixin, "PART_ROWS", 2)
        content = self.csv("a", "b", "c", "d").replace(b"ref-d", b"ref-a")

        file = self.send("link", content)
        self.work_off()

        codes = [row["status_reason_code"] for row in self.rows(self.fetch(file))]
        self.assertEqual(codes, ["", "", "", "rjct.reference_id.duplicate"])

    def test_header_of_a_csv_file_comes_from_the_form(self):
        file = self.send("link", self.csv("a"), message_id="m-7", transaction_id="t-7")

        self.assertEqual((file.message_id, file.transaction_id), ("m-7", "t-7"))
        self.assertEqual(file.message_record_id.mode, "file")

    def test_same_file_again_does_nothing_and_is_answered_the_same(self):
        for format_, content in (
            ("csv", self.csv("a")),
            ("json", self.message("link", [self.link_item("b")])),
        ):
            first = self.upload("link", content, format_).json()["message"]
            self.work_off()
            again = self.upload("link", content, format_).json()["message"]
            with self.subTest(format_):
                self.assertEqual(again, first)
        self.assertEqual(len(self.files()), 2)
        self.assertEqual(len(list(self.folder.iterdir())), 2)

    def test_same_name_for_another_file_is_refused(self):
        self.send("link", self.csv("a"), message_id="m-7")

        response = self.upload("link", self.csv("b"), message_id="m-7")

        message = response.json()["message"]
        self.assertEqual(message["ack_status"], "ERR")
        self.assertIn("used before", message["error"]["message"])
        self.assertEqual(len(list(self.folder.iterdir())), 1)

    def test_same_rows_for_another_operation_are_another_file(self):
        content = self.csv("a")
        self.send("link", content, message_id="m-7")

        response = self.upload("unlink", content, message_id="m-7")

        self.assertEqual(response.json()["message"]["ack_status"], "ERR")
        self.assertTrue(self.send("unlink", content))

    def test_resolve_without_a_name_is_done_anew_each_time(self):
        content = self.csv("a", operation="resolve")
        before = self.send("resolve", content)
        self.results("link", [self.link_item("a")])
        after = self.send("resolve", content)
        self.work_off()

        codes = [
            self.rows(self.fetch(file))[0]["status_reason_code"]
            for file in (before, after)
        ]

        self.assertNotEqual(before, after)
        self.assertEqual(codes, ["succ.id.active", "succ.id.active"])

    def test_address_that_is_no_longer_to_be_paid_is_not_given_out(self):
        self.results("link", [self.link_item("a"), self.link_item("b")])
        content = f"id,scope\n{NATIONAL_ID % 'a'},details\n{NATIONAL_ID % 'b'},details"
        file = self.send("resolve", content.encode())
        self.work_off()
        before = [row["fa"] for row in self.rows(self.fetch(file))]

        self.results("unlink", [self.item("a")])
        response = self.fetch(file)

        first, second = self.rows(response)
        self.assertEqual(before[0], BANK_FA % account_of("a"))
        self.assertEqual(
            (first["fa"], first["status_reason_code"]), ("", "succ.id.inactive")
        )
        self.assertEqual(second["fa"], before[1])
        self.assertDigest(response)

    def test_result_carries_its_digest_and_length(self):
        for format_, content in (
            ("csv", self.csv("a")),
            ("json", self.message("link", [self.link_item("b")])),
        ):
            file = self.send("link", content, format_)
            self.work_off()
            response = self.fetch(file)
            with self.subTest(format_):
                self.assertDigest(response)
                self.assertEqual(
                    file.result_digest, hashlib.sha256(response.content).hexdigest()
                )

    def assertDigest(self, response):
        """The response is as long as it says, and what its digest is of."""
        digest = base64.b64encode(hashlib.sha256(response.content).digest()).decode()
        self.assertEqual(response.headers["Repr-Digest"], f"sha-256=:{digest}:")
        self.assertEqual(response.headers["Content-Length"], str(len(response.content)))

    def test_file_without_rows(self):
        for content in (b"id,fa\r\n", self.message("link", [])):
            format_ = "csv" if isinstance(content, bytes) else "json"
            response = self.upload("link", content, format_)
            with self.subTest(format_):
                self.assertEqual(response.json()["message"]["ack_status"], "ERR")

    def test_nothing_of_the_file_is_to_be_seen_on_disk_or_in_the_database(self):
        file = self.send("link", self.csv("secret"))
        stored = b"".join(path.read_bytes() for path in self.folder.iterdir())
        self.work_off()
        self.env.cr.execute(
            "SELECT string_agg(content, '') FROM g2p_spar_file_part WHERE file_id = %s",
            [file.id],
        )
        kept = bytes(self.env.cr.fetchone()[0])

        shown = str(file.read()).encode()

        for place in (stored, kept, shown):
            for private in (NATIONAL_ID % "secret", account_of("secret"), "ref-secret"):
                self.assertNotIn(str(private).encode(), place)

    def test_stamp_of_rows_without_one_is_that_of_the_receipt(self):
        file = self.send("link", b"id,fa,timestamp\n" + b",,\n" + b",,2999-01-01\n")
        self.work_off()

        codes = [row["status_reason_code"] for row in self.rows(self.fetch(file))]

        self.assertEqual(codes, ["rjct.id.invalid", "rjct.timestamp.invalid"])
