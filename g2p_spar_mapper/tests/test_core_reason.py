from odoo.tests import BaseCase

from ..core.reason import (
    ANSWERS,
    LEGACY_ANSWERS,
    MESSAGES,
    SUCCESSES,
    Cause,
    Notice,
    Operation,
    answer,
)

# The enums of the public client libraries, which raise on any other code.
_CLIENTS = {
    Operation.LINK: {
        "rjct.reference_id.invalid",
        "rjct.reference_id.duplicate",
        "rjct.timestamp.invalid",
        "rjct.id.invalid",
        "rjct.fa.invalid",
        "rjct.name.invalid",
        "rjct.mobile_number.invalid",
        "rjct.unknown.retry",
        "rjct.other.error",
    },
    Operation.UPDATE: {
        "rjct.reference_id.invalid",
        "rjct.reference_id.duplicate",
        "rjct.timestamp.invalid",
        "rjct.beneficiary_name.invalid",
        "rjct.id.invalid",
        "rjct.fa.invalid",
    },
    Operation.RESOLVE: {
        "rjct.reference_id.invalid",
        "rjct.reference_id.duplicate",
        "rjct.timestamp.invalid",
        "rjct.id.invalid",
        "rjct.fa.invalid",
        "rjct.resolve_type.not_supported",
        "succ.fa.active",
        "succ.fa.inactive",
        "succ.fa.not_found",
        "succ.fa.not_linked_to_id",
        "succ.id.active",
        "succ.id.inactive",
        "succ.id.not_found",
    },
}
_CLIENTS[Operation.UNLINK] = _CLIENTS[Operation.UPDATE]


class TestReason(BaseCase):
    def test_every_code_is_known_to_the_clients(self):
        for table in (ANSWERS, LEGACY_ANSWERS):
            for (operation, cause), said in table.items():
                if operation not in _CLIENTS:
                    # No client library knows reports.
                    self.assertEqual(operation, Notice.REPORT)
                    continue
                with self.subTest(operation=operation, cause=cause):
                    self.assertIn(said.code, _CLIENTS[operation] | {None})

    def test_status_and_code_agree(self):
        for (operation, cause), said in ANSWERS.items():
            with self.subTest(operation=operation, cause=cause):
                is_done = cause in SUCCESSES and cause != Cause.WAITING
                self.assertEqual(said.status == "succ", is_done)
                if said.code:
                    self.assertTrue(said.code.startswith(said.status + "."))

    def test_what_waits_is_pending(self):
        for operation in (Operation.LINK, Operation.UPDATE):
            said = answer(operation, Cause.WAITING)
            self.assertEqual((said.status, said.code), ("pdng", None))
            self.assertIn("waits", said.message)
        for operation in (Operation.UNLINK, Operation.RESOLVE):
            with self.assertRaises(KeyError):
                answer(operation, Cause.WAITING)

    def test_every_refusal_says_what_is_wrong(self):
        for cause in Cause:
            with self.subTest(cause=cause):
                self.assertIn(cause, MESSAGES)
                if cause not in SUCCESSES:
                    self.assertRegex(MESSAGES[cause], r"^.{10,}\.$")

    def test_legacy_codes_of_1_1(self):
        linked = (Operation.LINK, Cause.ALREADY_LINKED)
        self.assertEqual(answer(*linked).code, "rjct.id.invalid")
        self.assertEqual(
            answer(*linked, legacy=True).code, "rjct.reference_id.duplicate"
        )
        self.assertEqual(
            answer(Operation.RESOLVE, Cause.ID_NOT_FOUND, legacy=True).code,
            "succ.fa.not_linked_to_id",
        )

    def test_an_impossible_cause_is_an_error_of_ours(self):
        with self.assertRaises(KeyError):
            answer(Operation.RESOLVE, Cause.ALREADY_LINKED)
