from hypothesis import example, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_mapper.core.commands import Origin
from odoo.addons.g2p_spar_mapper.core.fields import strategy_hint
from odoo.addons.g2p_spar_mapper.core.reading import Reader, Unreadable
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation

from ..core.errors import InvalidEnvelope
from ..core.protocol import G2P_CONNECT, OPENG2P, find_protocol
from .openg2p_samples import BANK_FA, FA, PICTURE, envelope, read
from .samples import ID, NOW, STAMP, content, item

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=6,
)


@tagged("post_install", "-at_install")
class TestReadOpenG2P(BaseCase):
    def test_told_by_its_envelope(self):
        self.assertIs(find_protocol(envelope()), OPENG2P)
        self.assertIs(find_protocol(content()), G2P_CONNECT)
        self.assertIs(find_protocol({}), G2P_CONNECT)

    def test_message(self):
        message = read()

        self.assertEqual(
            (message.message_id, message.transaction_id, message.sender_id),
            ("req_1", "t1", "g2p_bridge"),
        )
        self.assertEqual((message.count, message.rejection), (1, None))
        [asked] = message.items.asked
        self.assertEqual((asked.id, asked.fa, asked.fa_type), (ID, None, "BANK"))
        self.assertEqual(asked.fa_parts["account_number"], "123")
        self.assertEqual(strategy_hint(asked.additional_info), 1)

    def test_the_registry_builds_the_address(self):
        reader = Reader(PICTURE, Origin())
        paypal = {"wallet_provider_code": "PAYPAL", "email_address": "a@b.org"}
        for fa, written in (
            (BANK_FA, FA),
            ({**BANK_FA, "strategy_id": 2}, FA),
            ({**BANK_FA, "strategy_id": "1"}, FA),
            ({**BANK_FA, "email_wallet_provider": ""}, FA),
            ({**paypal, "fa_type": "EMAIL_WALLET"}, "wallet:a@b.org@PAYPAL.email"),
            (
                {
                    **paypal,
                    "fa_type": "EMAIL_WALLET",
                    "email_wallet_provider": "PAYPAL",
                },
                "wallet:a@b.org@PAYPAL.email",
            ),
            ({**BANK_FA, "account_number": 123}, None),
            ({**BANK_FA, "account_number": ""}, None),
            ({**BANK_FA, "iban": "x"}, None),
            ({**BANK_FA, "fa_type": "GOLD"}, None),
            ({}, None),
            ("text:1@x", "text:1@x"),
        ):
            [asked] = read(items=[item(fa=fa)]).items.asked
            with self.subTest(fa=fa):
                if written is None:
                    with self.assertRaises(Unreadable) as caught:
                        reader.link(0, asked)
                    self.assertEqual(caught.exception.cause, Cause.FA_INVALID)
                else:
                    self.assertEqual(reader.link(0, asked).fa.fa_value, written)

    def test_name_of_a_message_that_is_none(self):
        for header, name in (
            ({"request_id": "req_1"}, "req_1"),
            ({"request_id": 5}, None),
            ({"request_id": "a\nb"}, None),
            ({"request_id": "x" * 256}, None),
            ({}, None),
            (None, None),
            ("text", None),
        ):
            with self.subTest(header=header):
                self.assertEqual(OPENG2P.find_name({"request_header": header}), name)

    def test_bad_items_are_refused_in_their_place(self):
        items = [
            item("a", fa=BANK_FA),
            None,
            item("c", fa={**BANK_FA, "fa_type": 5}),
            item("d", fa=BANK_FA, id=5),
            item("e", fa=5),
            item("f", fa=BANK_FA, timestamp="yesterday"),
            item("g", fa=BANK_FA, additional_info="x"),
        ]

        message = read(items=items)

        self.assertEqual(
            message.items.refused,
            {
                1: Cause.ITEM_INVALID,
                2: Cause.FA_INVALID,
                3: Cause.ID_INVALID,
                4: Cause.FA_INVALID,
                5: Cause.TIMESTAMP_INVALID,
            },
        )
        self.assertEqual(message.items.asked[6].additional_info, "x")

    def test_refused_as_a_whole(self):
        ask = [item(scope="details")]
        for items, limit, header, code in (
            ([], 9, {}, "rjct.action.not_supported"),
            (ask * 3, 2, {}, "rjct.request.validation"),
            (ask, 9, {"request_timestamp": "soon"}, "rjct.request.validation"),
            (
                ask,
                9,
                {"request_timestamp": "2999-01-01"},
                "rjct.request.validation",
            ),
        ):
            with self.subTest(code, header=header):
                message = read("resolve", items, limit, **header)
                self.assertEqual(message.rejection.code, code)

    def test_envelopes_that_are_none(self):
        for change in (
            {"request_header": None},
            {"request_header": {"request_timestamp": STAMP}},
            {"request_header": {"request_id": "", "request_timestamp": STAMP}},
            {"request_header": {"request_id": 5, "request_timestamp": STAMP}},
            {"request_body": {}},
            {"request_body": {"request_payload": {"transaction_id": "t"}}},
            {"request_body": {"request_payload": {"link_request": []}}},
        ):
            with self.subTest(change=change), self.assertRaises(InvalidEnvelope):
                OPENG2P.read(Operation.LINK, envelope() | change, NOW, 9)

    @example({"request_payload": {"transaction_id": "t", "link_request": [{}]}})
    @given(anything)
    def test_whatever_the_body_is(self, body):
        try:
            OPENG2P.read(Operation.LINK, envelope() | {"request_body": body}, NOW, 9)
        except InvalidEnvelope:
            return

    @given(st.lists(anything, max_size=3), st.sampled_from(Operation))
    def test_whatever_the_items_are(self, things, operation):
        items = things + [item(fa=thing) for thing in things]
        message = read(operation.value, items)

        self.assertEqual(len(message.items.asked), len(items))
        for asked in message.items.for_registry():
            self.assertIsInstance(asked, tuple | Cause)
