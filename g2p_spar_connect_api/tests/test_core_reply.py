import json

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import ANSWERS, Cause, Operation

from ..core.json_body import write_body
from ..core.reply import Manner, Receipt, accept, reject
from ..core.schema import validator
from .samples import FA, ID, NOW, item, message

RECEIPT = Receipt(NOW, "c1")
MANNER = Manner(False, {7: ("Bank", "BNK")}.__getitem__, {3: 1}.get)
FOUND = Outcome(
    Cause.ID_ACTIVE, True, None, FA, '{"a":"1"}', 3, 7, "indigo", '[{"name":"x"}]'
)


def causes_of(operation):
    """Causes an operation can end with."""
    return [cause for cause in Cause if (operation, cause) in ANSWERS]


@tagged("post_install", "-at_install")
class TestReply(BaseCase):
    def _reply(self, asked, outcomes, manner=MANNER):
        reply = accept(asked, outcomes, manner, RECEIPT)
        content = json.loads(write_body(reply.body))
        self._check_contract(asked.operation, content)
        return reply, content

    def _check_contract(self, operation, content):
        try:
            validator(f"{operation.capitalize()}Response").validate(content)
        except jsonschema_rs.ValidationError as error:
            self.fail(f"{error.message} at {error.instance_path}")

    def _resolve(self, outcome, manner=MANNER, **values):
        asked = message("resolve", [item(**{"scope": "details"} | values)])
        content = self._reply(asked, [outcome], manner)[1]
        return content["message"]["resolve_response"][0]

    def test_details(self):
        self.assertEqual(
            self._resolve(FOUND),
            {
                "reference_id": "r1",
                "timestamp": "2026-03-01T12:00:00.000Z",
                "id": ID,
                "fa": FA,
                "account_provider_info": {
                    "name": "Bank",
                    "code": "BNK",
                    "subcode": "indigo",
                    "additional_info": None,
                },
                "status": "succ",
                "status_reason_code": "succ.id.active",
                "status_reason_message": None,
                "additional_info": [
                    {"name": "strategy_id", "value": 1, "strategy_id": 1},
                    {"name": "x"},
                ],
                "locale": "en",
            },
        )

    def test_yes_no_tells_no_address(self):
        result = self._resolve(FOUND, scope="yes_no")

        self.assertIsNone(result["fa"])
        self.assertIsNone(result["account_provider_info"])
        self.assertIsNone(result["additional_info"])

    def test_yes_no_repeats_the_address_that_was_sent(self):
        self.assertEqual(self._resolve(FOUND, scope="yes_no", fa=FA)["fa"], FA)

    def test_what_must_not_be_paid_is_never_sent(self):
        """Known payers pay whoever comes back with an fa."""
        for cause in causes_of(Operation.RESOLVE):
            for scope in ("details", "yes_no"):
                outcome = FOUND._replace(cause=cause, payable=False)
                with self.subTest(cause=cause, scope=scope):
                    result = self._resolve(outcome, scope=scope, fa=FA)
                    self.assertIsNone(result["fa"])
                    self.assertIsNone(result["account_provider_info"])

    def test_id_is_repeated_as_sent(self):
        odd = "Token:ABC é@NationalID"

        self.assertEqual(self._resolve(FOUND, id=odd)["id"], odd)

    def test_id_found_by_address(self):
        found = FOUND._replace(cause=Cause.FA_ACTIVE, id="token:found@nationalId")

        self.assertEqual(
            self._resolve(found, id=None, fa=FA)["id"], "token:found@nationalId"
        )

    def test_unknown_provider_and_strategy(self):
        for values, info in (
            ({"strategy_id": None, "additional_info": None}, []),
            ({"strategy_id": 99, "additional_info": "[]"}, []),
            ({"strategy_id": None}, [{"name": "x"}]),
        ):
            with self.subTest(values=values):
                result = self._resolve(FOUND._replace(provider_id=None, **values))
                self.assertEqual(result["additional_info"], info)
                self.assertIsNone(result["account_provider_info"])

    def test_institution_without_an_address(self):
        result = self._resolve(FOUND._replace(fa=None, detail="Not the account."))

        self.assertIsNone(result["fa"])
        self.assertEqual(result["account_provider_info"]["name"], "Bank")
        self.assertEqual(result["status_reason_code"], "succ.id.active")
        self.assertEqual(result["status_reason_message"], "Not the account.")

    def test_codes_of_spar_1_1(self):
        manner = MANNER._replace(legacy=True)

        result = self._resolve(Outcome(Cause.ID_NOT_FOUND), manner)

        self.assertEqual(result["status_reason_code"], "succ.fa.not_linked_to_id")

    def test_detail_replaces_the_sentence(self):
        result = self._resolve(Outcome(Cause.FA_INVALID, detail="The IBAN is wrong."))

        self.assertEqual(result["status_reason_message"], "The IBAN is wrong.")

    def test_granted_write_repeats_the_address(self):
        for operation in ("link", "update", "unlink"):
            for cause, fa in ((Cause.DONE, FA), (Cause.ID_INVALID, None)):
                with self.subTest(operation, cause=cause):
                    asked = message(operation, [item(fa=FA)])
                    content = self._reply(asked, [Outcome(cause)])[1]
                    result = content["message"][f"{operation}_response"][0]
                    self.assertEqual((result["id"], result["fa"]), (ID, fa))

    def test_every_cause_has_words(self):
        for operation in Operation:
            for cause in causes_of(operation):
                with self.subTest(operation, cause=cause):
                    self._reply(message(operation), [Outcome(cause)])

    def test_header(self):
        asked = message(items=[item("a"), item("b")], receiver_id="spar")
        for outcomes, status, code, succeeded in (
            ((Cause.DONE, Cause.UNCHANGED), "succ", None, 2),
            ((Cause.DONE, Cause.ID_INVALID), "succ", None, 1),
            ((Cause.ID_INVALID,) * 2, "rjct", "rjct.errors.too_many", 0),
        ):
            with self.subTest(outcomes=outcomes):
                reply, content = self._reply(asked, [Outcome(c) for c in outcomes])
                header = content["header"]
                self.assertEqual(
                    (header["status"], header["status_reason_code"]), (status, code)
                )
                self.assertEqual(
                    (header["total_count"], header["completed_count"]), (2, 2)
                )
                self.assertEqual(
                    (header["sender_id"], header["receiver_id"]), ("spar", "pbms")
                )
                self.assertEqual(reply.tally, (2, succeeded))

    def test_rejected_message_lists_its_items(self):
        for operation in Operation:
            asked = message(operation, [item("a"), item("b")], version="9")
            with self.subTest(operation):
                reply = reject(asked, RECEIPT)
                content = json.loads(write_body(reply.body))
                self._check_contract(operation, content)
                results = content["message"][f"{operation}_response"]
                self.assertEqual([r["reference_id"] for r in results], ["a", "b"])
                self.assertEqual({r["status"] for r in results}, {"rjct"})
                self.assertEqual(reply.code, "rjct.version.invalid")
                self.assertEqual(content["header"]["completed_count"], 0)

    @given(
        st.sampled_from(Operation).flatmap(
            lambda operation: st.tuples(
                st.just(operation),
                st.lists(st.sampled_from(causes_of(operation)), min_size=1, max_size=8),
            )
        )
    )
    def test_one_result_for_each_item_in_order(self, case):
        operation, causes = case
        asked = message(operation, [item(str(n), fa=FA) for n in range(len(causes))])

        content = self._reply(asked, [Outcome(cause) for cause in causes])[1]

        results = content["message"][f"{operation}_response"]
        self.assertEqual(
            [r["reference_id"] for r in results], [str(n) for n in range(len(causes))]
        )
