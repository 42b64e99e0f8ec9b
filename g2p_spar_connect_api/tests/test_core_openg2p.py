import json

import jsonschema_rs
from hypothesis import example, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_fa_reference.core.reference import Reference
from odoo.addons.g2p_spar_fa_reference.core.rules import (
    FaTypeRule,
    IdTypeRule,
    PartRule,
    ProviderRule,
)
from odoo.addons.g2p_spar_fa_reference.tests import hypothesis_profile  # noqa: F401
from odoo.addons.g2p_spar_fa_reference.tests.core_samples import (
    BANK,
    FORM_1_0,
    FORM_WALLET,
    WALLET,
    strategy,
)
from odoo.addons.g2p_spar_mapper.core.commands import Origin, Outcome
from odoo.addons.g2p_spar_mapper.core.fields import strategy_hint
from odoo.addons.g2p_spar_mapper.core.reading import Reader, Unreadable
from odoo.addons.g2p_spar_mapper.core.reason import ANSWERS, Cause, Operation

from ..core.audit import AuditLine
from ..core.errors import Failure, InvalidEnvelope, TooLarge
from ..core.json_body import write_body
from ..core.openg2p.errors import OpenG2PError
from ..core.protocol import G2P_CONNECT, OPENG2P, find_protocol
from ..core.reply import Manner, Receipt
from ..core.schema import validator
from .samples import ID, NOW, STAMP, content, item

EMAIL = FaTypeRule(
    3,
    "EMAIL_WALLET",
    "E-mail wallet",
    "email",
    parts=(
        PartRule(
            "wallet_provider_code",
            "Provider",
            "provider",
            required=True,
            aliases=("email_wallet_provider", "wallet"),
        ),
        PartRule("wallet_provider_name", "Name", "provider_name"),
        PartRule("email_address", "E-mail", "typed", check="email", required=True),
        PartRule("fa_type", "Type", "constant", constant="EMAIL_WALLET"),
    ),
)
PICTURE = Reference(
    strategies=(
        strategy(1, FORM_1_0, BANK),
        strategy(2, FORM_WALLET, WALLET),
        strategy(4, "wallet:{email_address}@{wallet}.email", EMAIL),
    ),
    providers_by_code={
        "dfsp1": ProviderRule(11, "dfsp1", "Bank 1", "bank"),
        "paypal": ProviderRule(12, "PAYPAL", "PayPal", "email"),
    },
    id_types=(IdTypeRule(24, "other"),),
    fa_types_by_code={"bank_account": BANK, "bank": BANK, "email_wallet": EMAIL},
)
MANNER = Manner.of(False, PICTURE)
RECEIPT = Receipt(NOW, "c1")
BANK_FA = {
    "strategy_id": 1,
    "fa_type": "BANK",
    "bank_name": "Bank 1",
    "bank_code": "dfsp1",
    "branch_name": "Indigo",
    "branch_code": "indigo",
    "account_number": "123",
}
FA = "account:123@indigo.dfsp1.bank_acc"

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=6,
)


def envelope(operation="link", items=None, **header):
    """A message of OpenG2P 2.x; ``header`` replaces or adds fields of its header."""
    if items is None:
        items = [item(fa=BANK_FA)]
    return {
        "request_header": {
            "sender_app_mnemonic": "g2p_bridge",
            "sender_app_url": "",
            "request_id": "req_1",
            "request_timestamp": STAMP,
            "instance_id": None,
            **header,
        },
        "request_body": {
            "pagination_request": None,
            "request_payload": {
                "transaction_id": "t1",
                f"{operation}_request": items,
            },
        },
    }


def read(operation="link", items=None, limit=2000, **header):
    """A message as it is read."""
    body = envelope(operation, items, **header)
    return OPENG2P.read(Operation(operation), body, NOW, limit)


def found(text, **values):
    """The outcome of a resolve that finds an address, as the registry gives it."""
    parsed = PICTURE.read_address(text)
    return Outcome(
        Cause.ID_ACTIVE,
        True,
        fa=text,
        fa_parts=parsed.parts and json.dumps(parsed.parts),
        strategy_id=parsed.strategy_id,
        provider_id=parsed.provider_id,
        branch_code=parsed.branch_code,
    )._replace(**values)


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


@tagged("post_install", "-at_install")
class TestWriteOpenG2P(BaseCase):
    def _accept(self, operation, items, outcomes, manner=MANNER):
        reply = OPENG2P.accept(read(operation, items), outcomes, manner, RECEIPT)
        return self._checked(operation, reply)

    def _checked(self, operation, reply):
        body = json.loads(write_body(reply.body))
        try:
            validator(f"OpenG2P{operation.capitalize()}Response").validate(body)
        except jsonschema_rs.ValidationError as error:
            self.fail(f"{error.message} at {error.instance_path}")
        return body

    def _resolve(self, outcome, manner=MANNER, scope="details"):
        body = self._accept("resolve", [item(scope=scope)], [outcome], manner)
        [result] = body["response_body"]["response_payload"]["resolve_response"]
        return result

    def test_bank_account(self):
        result = self._resolve(found(FA))

        self.assertEqual(
            result["fa"],
            {
                "strategy_id": 1,
                "fa_type": "BANK_ACCOUNT",
                "account_number": "123",
                "bank_code": "dfsp1",
                "bank_name": "Bank 1",
                "branch_code": "indigo",
                "branch_name": "",
                "type": "bank_acc",
            },
        )
        self.assertEqual((result["id"], result["status"]), (ID, "succ"))
        self.assertEqual(result["status_reason_code"], "succ.id.active")
        self.assertEqual(result["account_provider_info"]["name"], "Bank 1")

    def test_both_names_of_the_wallet_provider(self):
        fa = self._resolve(found("wallet:a@b.org@PAYPAL.email"))["fa"]

        self.assertEqual(fa["wallet_provider_code"], "PAYPAL")
        self.assertEqual(fa["email_wallet_provider"], "PAYPAL")
        self.assertEqual(fa["wallet_provider_name"], "PayPal")
        self.assertEqual(fa["fa_type"], "EMAIL_WALLET")
        self.assertNotIn("wallet", fa)

    def test_type_that_is_no_part_of_the_address(self):
        fa = self._resolve(found("account:+254712123456@pink.wallet"))["fa"]

        self.assertEqual(fa["fa_type"], "MOBILE_WALLET")
        self.assertEqual(fa["mobile_number"], "+254712123456")

    def test_an_answer_can_be_sent_back(self):
        for text in (FA, "wallet:a@b.org@PAYPAL.email"):
            fa = self._resolve(found(text))["fa"]
            [asked] = read("update", [item(fa=fa)]).items.asked
            with self.subTest(text):
                built = PICTURE.build_address(asked.fa_parts, asked.fa_type)
                self.assertEqual(built.fa_value, text)

    def test_nothing_of_an_address_that_must_not_be_paid(self):
        for outcome in (
            Outcome(Cause.ID_INACTIVE),
            Outcome(Cause.ID_NOT_FOUND),
            Outcome(Cause.FA_NOT_LINKED),
            Outcome(Cause.ID_ACTIVE, True),
            found(FA, payable=False),
        ):
            with self.subTest(outcome=outcome):
                self.assertIsNone(self._resolve(outcome)["fa"])

    def test_address_without_parts(self):
        result = self._resolve(found("some other text"))

        self.assertEqual((result["fa"], result["status"]), (None, "rjct"))
        self.assertEqual(result["status_reason_code"], "rjct.fa.invalid")

    def test_strategy_that_is_out_of_use(self):
        result = self._resolve(found(FA, strategy_id=99))

        self.assertEqual(result["fa"]["account_number"], "123")
        self.assertIsNone(result["fa"]["strategy_id"])

    def test_link_tells_the_address_as_text(self):
        items = [item("a", fa=BANK_FA), item("b", fa=BANK_FA), item("c", fa="x:1")]
        done = Outcome(Cause.DONE)

        body = self._accept("link", items, [done, Outcome(Cause.ID_INVALID), done])

        results = body["response_body"]["response_payload"]["link_response"]
        self.assertEqual([one["fa"] for one in results], [FA, None, "x:1"])

    def test_envelope(self):
        items = [item("a"), item("b")]
        causes = [Outcome(Cause.DONE), Outcome(Cause.ID_UNKNOWN)]

        body = self._accept("unlink", items, causes)

        self.assertEqual(
            body["response_header"],
            {
                "request_id": "req_1",
                "response_status": "SUCCESS",
                "response_error_code": None,
                "response_error_message": None,
                "response_timestamp": "2026-03-01T12:00:00.000Z",
            },
        )
        self.assertEqual(
            body["response_body"]["pagination_response"],
            {"number_of_items": 2, "number_of_pages": 1},
        )
        payload = body["response_body"]["response_payload"]
        self.assertEqual(
            (payload["transaction_id"], payload["correlation_id"]), ("t1", "c1")
        )

    def test_all_items_refused_is_no_error(self):
        body = self._accept("unlink", [item()], [Outcome(Cause.ID_UNKNOWN)])

        self.assertEqual(body["response_header"]["response_status"], "SUCCESS")

    def test_refused_as_a_whole(self):
        reply = OPENG2P.reject(read("resolve", []), RECEIPT)

        header = self._checked("resolve", reply)["response_header"]
        self.assertEqual(header["response_status"], "ERROR")
        self.assertEqual(header["response_error_code"], "rjct.action.not_supported")
        self.assertTrue(header["response_error_message"])
        self.assertEqual(reply.tally, (0, 0))

    def test_refusals_of_the_request(self):
        for refusal, code in (
            (InvalidEnvelope("It is not right."), "rjct.request.validation"),
            (TooLarge("It is too large."), "rjct.request.validation"),
            (Failure("It broke."), "rjct.internal.error"),
        ):
            line = AuditLine(NOW, "resolve", None, message_id="req_1")
            error = OpenG2PError(refusal, line)
            with self.subTest(code):
                validator("OpenG2PResolveResponse").validate(error.body())
                header = error.body()["response_header"]
                self.assertEqual((int(error.status), error.code), (200, code))
                self.assertEqual(header["response_error_code"], code)
                self.assertEqual(header["response_error_message"], refusal.sentence)

    @given(st.lists(st.sampled_from(Cause), max_size=5), st.sampled_from(Operation))
    def test_every_outcome_can_be_said(self, causes, operation):
        known = [cause for cause in causes if (operation, cause) in ANSWERS]
        items = [item(f"r{n}") for n in range(len(known))]
        if items:
            self._accept(operation.value, items, [Outcome(cause) for cause in known])
