import json
import re
from dataclasses import replace

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_fa_reference.tests.core_samples import (
    BANK,
    FORM_1_0,
    FORM_1_1,
    FORM_BRIDGE,
    FORM_WALLET,
    WALLET,
    reference,
    strategy,
)
from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause

from ..core.output import CHOSEN, INSTITUTION, LINKED, OutputFacts, present

IBAN = "GB33BUKB20201555555555"
PICTURE = reference(
    strategies=(
        strategy(1, FORM_1_0, BANK),
        strategy(2, FORM_WALLET, WALLET),
        strategy(3, FORM_1_1, BANK),
        replace(strategy(5, FORM_BRIDGE, BANK), answers_only=True),
        replace(
            strategy(6, "{account_number}", BANK),
            answers_only=True,
            answer_check="iban",
        ),
    )
)
#: What G2P Bridge 1.1 reads a bank account with, and the names it knows.
BRIDGE = re.compile(
    r"^account_number:(?P<account_number>.*)\.branch_code:(?P<branch_code>.*)"
    r"\.bank_code:(?P<bank_code>.*)\.mobile_number:(?P<mobile_number>.*)"
    r"\.email_address:(?P<email_address>.*)\.fa_type:(?P<fa_type>.*)$"
)


def found(text, **values):
    """The outcome of a resolve that finds an address."""
    parsed = PICTURE.read_address(text)
    return Outcome(
        Cause.ID_ACTIVE,
        True,
        fa=text,
        fa_parts=parsed.parts and json.dumps(parsed.parts),
        strategy_id=parsed.strategy_id,
        provider_id=parsed.provider_id,
        additional_info=f'[{{"name":"said","value":"{IBAN}"}}]',
        **values,
    )


BANK_FOUND = found("account:123@indigo.dfsp1.bank_acc")
IBAN_FOUND = found(f"account:{IBAN}@indigo.dfsp1.bank_acc")
WALLET_FOUND = found("account:+254712123456@pink.wallet")
OPAQUE_FOUND = found("some other text")
UNKNOWN = Outcome(Cause.ID_NOT_FOUND)
ON_HOLD = Outcome(Cause.ID_INACTIVE, provider_id=11)
MATCHED = Outcome(Cause.ID_ACTIVE, True)


@tagged("post_install", "-at_install")
class TestOutput(BaseCase):
    def _present(self, outcome, form, *strategies):
        [shown] = present([outcome], OutputFacts(form, strategies), PICTURE)
        return shown

    def test_as_linked(self):
        outcomes = [BANK_FOUND, UNKNOWN]

        self.assertIs(present(outcomes, OutputFacts(LINKED), PICTURE), outcomes)

    def test_g2p_bridge_reads_its_form(self):
        shown = self._present(BANK_FOUND, CHOSEN, 5)

        self.assertTrue(shown.fa.endswith("BANK_ACCOUNT"))
        self.assertEqual(
            BRIDGE.match(shown.fa).groupdict(),
            {
                "account_number": "123",
                "branch_code": "indigo",
                "bank_code": "dfsp1",
                "mobile_number": "",
                "email_address": "",
                "fa_type": "BANK_ACCOUNT",
            },
        )
        self.assertEqual((shown.strategy_id, shown.provider_id), (55, 11))

    def test_form_of_spar_1_1(self):
        shown = self._present(BANK_FOUND, CHOSEN, 3)

        self.assertEqual(
            PICTURE.read_address(shown.fa, 3).parts["account_number"], "123"
        )
        self.assertEqual(shown.strategy_id, 53)

    def test_iban_alone(self):
        for outcome in (IBAN_FOUND, found(IBAN), found("gb33 bukb 2020 1555 5555 55")):
            shown = self._present(outcome, CHOSEN, 6)
            with self.subTest(outcome.fa):
                self.assertEqual(shown.fa, IBAN)
                self.assertEqual(json.loads(shown.fa_parts), {"account_number": IBAN})

    def test_a_form_for_each_type(self):
        for outcome, text in ((BANK_FOUND, "account_number:"), (WALLET_FOUND, "acc")):
            shown = self._present(outcome, CHOSEN, 2, 5)
            with self.subTest(text):
                self.assertTrue(shown.fa.startswith(text))

    def test_what_the_form_cannot_carry_is_not_told(self):
        """Not in another form either, and nothing about the account."""
        for outcome, numbers in (
            (BANK_FOUND, (6,)),
            (WALLET_FOUND, (5,)),
            (WALLET_FOUND, (6,)),
            (OPAQUE_FOUND, (6,)),
            (OPAQUE_FOUND, (5,)),
            (BANK_FOUND, (77,)),
            (BANK_FOUND, ()),
        ):
            with self.subTest(outcome.fa, numbers=numbers):
                shown = self._present(outcome, CHOSEN, *numbers)
                self.assertEqual(shown.cause, Cause.FA_INVALID)
                self.assertFalse(shown.payable)
                self.assertIn("cannot be written in the form", shown.detail)
                self.assertEqual(shown._replace(detail=None), Outcome(Cause.FA_INVALID))

    def test_institution(self):
        for outcome in (BANK_FOUND, WALLET_FOUND, OPAQUE_FOUND):
            shown = self._present(outcome, INSTITUTION)
            with self.subTest(outcome.fa):
                self.assertEqual(shown.cause, Cause.ID_ACTIVE)
                self.assertEqual(shown.provider_id, outcome.provider_id)
                for told in (shown.fa, shown.fa_parts, shown.additional_info):
                    self.assertIsNone(told)

    def test_outcomes_without_an_address_stay_as_they_are(self):
        for outcome in (UNKNOWN, ON_HOLD, MATCHED):
            for form in (CHOSEN, INSTITUTION):
                with self.subTest(outcome.cause, form=form):
                    self.assertIs(self._present(outcome, form, 5), outcome)
