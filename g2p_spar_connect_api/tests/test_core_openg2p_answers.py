import json

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import ANSWERS, Cause, Operation

from ..core.audit import AuditLine
from ..core.errors import Failure, InvalidEnvelope, TooLarge
from ..core.json_body import write_body
from ..core.openg2p.errors import OpenG2PError
from ..core.protocol import OPENG2P
from ..core.reply import Manner, Receipt
from ..core.schema import validator
from .openg2p_samples import BANK_FA, FA, PICTURE, read
from .samples import ID, NOW, item

MANNER = Manner.of(False, PICTURE)
RECEIPT = Receipt(NOW, "c1")


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
