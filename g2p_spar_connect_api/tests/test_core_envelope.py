from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.envelope import ECHO_LIMIT, read_message
from ..core.errors import EncryptionRefused, InvalidEnvelope, MalformedBody
from ..core.json_body import read_body
from .samples import NOW, content, item, message
from .test_core_json_body import JSON


@tagged("post_install", "-at_install")
class TestEnvelope(BaseCase):
    def _read(self, json_content, operation=Operation.LINK):
        return read_message(operation, json_content, NOW, 2000)

    def _code(self, *args, **kw):
        rejection = message(*args, **kw).rejection
        return rejection and rejection.code

    def test_message(self):
        read = message(
            items=[item("a"), item("b")], receiver_id="spar", meta={"purpose": "cash"}
        )

        self.assertEqual(
            (read.message_id, read.transaction_id, read.sender_id, read.receiver_id),
            ("m1", "t1", "pbms", "spar"),
        )
        self.assertEqual((read.count, read.purpose), (2, "cash"))
        self.assertEqual([i.reference_id for i in read.items.asked], ["a", "b"])
        self.assertIsNone(read.rejection)

    def test_what_public_clients_send(self):
        """Connector library 1.0.0, load test and earlier drafts."""
        for header in (
            {"sender_id": "", "sender_uri": "", "receiver_id": "", "meta": None},
            {"is_msg_encrypted": False, "message_ts": "2026-03-01 11:00:00.123456"},
            {"is_encrypted": False, "version": "0.1.0"},
            {"total_count": 0},
            {"total_count": None, "version": None},
            {"version": "1.1.0"},
            {"action": "mapper/link"},
        ):
            with self.subTest(header=header):
                self.assertIsNone(self._code(**header))

    def test_spec_names_link_for_all(self):
        for operation in Operation:
            with self.subTest(operation):
                self.assertIsNone(self._code(operation, action="link"))

    def test_rejected_by_header(self):
        for header, code in (
            ({"version": "2.0.0"}, "rjct.version.invalid"),
            ({"version": "0.2"}, "rjct.version.invalid"),
            ({"action": "update"}, "rjct.action.invalid"),
            ({"action": "resolve"}, "rjct.action.invalid"),
            ({"action": "dance"}, "rjct.action.not_supported"),
            ({"action": ""}, "rjct.action.not_supported"),
            ({"message_ts": "now"}, "rjct.message_ts.invalid"),
            ({"message_ts": "2027-01-01T00:00:00Z"}, "rjct.message_ts.invalid"),
            ({"total_count": 2}, "rjct.total_count.invalid"),
            ({"total_count": -1}, "rjct.total_count.invalid"),
            ({"items": []}, "rjct.total_count.invalid"),
        ):
            with self.subTest(header=header):
                self.assertEqual(self._code(**header), code)

    def test_item_limit(self):
        items = [item(str(n)) for n in range(ECHO_LIMIT + 5)]

        self.assertIsNone(self._code(items=items, limit=len(items)))
        refused = message(items=items, limit=len(items) - 1)

        self.assertEqual(refused.rejection.code, "rjct.total_count.limit_exceeded")
        self.assertIn(str(len(items) - 1), refused.rejection.sentence)
        self.assertEqual(refused.count, len(items))
        self.assertEqual(len(refused.items.asked), ECHO_LIMIT)

    def test_invalid(self):
        whole = content()
        header, body = whole["header"], whole["message"]
        bad = [
            {},
            {"header": header},
            {"message": body},
            {"header": [], "message": body},
            {"header": header, "message": []},
            {"header": header, "message": None},
            {"header": header, "message": {"link_request": []}},
            {"header": header, "message": {"transaction_id": "t"}},
            {"header": header, "message": body | {"link_request": {}}},
            {"header": header, "message": body | {"link_request": None}},
            {"header": header, "message": body | {"transaction_id": ""}},
            {"header": header, "message": body | {"transaction_id": "t" * 100}},
            {"header": header, "message": body | {"transaction_id": 5}},
        ]
        for field, values in {
            "message_id": (None, "", 5, "a\0b", "a\nb", "x" * 256),
            "message_ts": (None, 5),
            "action": (None, 5),
            "version": (1,),
            "total_count": ("1", 1.5, []),
            "meta": ("a", []),
            "sender_id": (5,),
        }.items():
            bad += [
                {"header": header | {field: value}, "message": body} for value in values
            ]
        for wrong in bad:
            with self.subTest(wrong=wrong), self.assertRaises(InvalidEnvelope):
                self._read(wrong)

    def test_sentence_names_the_place_and_not_the_value(self):
        with self.assertRaises(InvalidEnvelope) as caught:
            message(message_id="secret\0value")

        self.assertIn("header/message_id", caught.exception.sentence)
        self.assertNotIn("secret", caught.exception.sentence)

    def test_missing_field_is_named(self):
        wrong = content()
        del wrong["header"]["message_ts"]

        with self.assertRaisesRegex(InvalidEnvelope, "message_ts is missing"):
            self._read(wrong)

    def test_encrypted(self):
        for wrong in (
            content(is_msg_encrypted=True),
            content(is_encrypted=True),
            content() | {"message": {"ciphertext": "x"}},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(EncryptionRefused):
                self._read(wrong)

    def test_surrogate_in_header(self):
        raw = b'{"header": {"message_id": "\\ud800"}, "message": {}}'

        with self.assertRaises(InvalidEnvelope):
            read_message(Operation.LINK, read_body(raw).content, NOW, 10)

    @given(st.sampled_from(Operation), st.dictionaries(st.text(), JSON))
    def test_any_object(self, operation, json_content):
        with self.assertRaises(InvalidEnvelope):
            read_message(operation, json_content, NOW, 10)

    @given(
        st.sampled_from(Operation),
        st.dictionaries(
            st.sampled_from(sorted(content()["header"])) | st.text(), JSON, max_size=3
        ),
        st.lists(JSON, max_size=3),
        JSON,
    )
    def test_any_field(self, operation, header, items, transaction_id):
        wrong = content(operation, items)
        wrong["header"] |= header
        wrong["message"]["transaction_id"] = transaction_id

        try:
            read = read_message(operation, wrong, NOW, 10)
        except (InvalidEnvelope, EncryptionRefused, MalformedBody):
            return
        self.assertEqual(read.count, len(items))
