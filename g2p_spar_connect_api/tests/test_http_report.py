from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, account_of

from ..core.schema import validator
from .common import ConnectCase


@tagged("post_install", "-at_install")
class TestHttpReport(ConnectCase):
    """Payers and banks tell how payments ended."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender.may_report = True

    def failed(self, person, **values):
        values = {"event": "payment_failed", "reason": "closed"} | values
        return self.item(person, **values)

    def fa_of(self, person):
        """The address to which a person is paid now."""
        return self.results("resolve", [self.item(person, scope="details")])[0]["fa"]

    def levels(self, *people):
        return [self.mapping(person).verification_level for person in people]

    def linked(self, *people):
        self.results("link", [self.link_item(person) for person in people])

    def test_each_event_has_its_effect(self):
        self.linked("Ana", "Ben", "Cem", "Dan")
        sent = self.message(
            "report",
            [
                self.failed("Ana", date="2026-02-27", fa=BANK_FA % account_of("Ana")),
                self.item("Ben", event="payment_arrived", evidence="pay-7"),
                self.item("Cem", event="test_transfer_arrived"),
                self.item("Dan", event="test_transfer_failed"),
            ],
        )
        validator("ReportRequest").validate(sent)
        answer = self.post("report", sent).json()

        validator("ReportResponse").validate(answer)
        self.assertEqual(
            [
                (one["status"], one["status_reason_code"])
                for one in answer["message"]["report_response"]
            ],
            [("succ", None)] * 4,
        )
        self.assertIsNone(self.fa_of("Ana"))
        self.assertTrue(self.fa_of("Dan"))
        self.assertEqual(self.levels("Ben", "Cem", "Dan"), ["5", "4", "1"])
        mapping = self.mapping("Ana")
        self.assertEqual((mapping.state, mapping.channel), ("suspended", "api"))
        found = [("mapping_id", "=", mapping.id)]
        report = self.env["g2p.spar.failure.report"].search(found)
        self.assertEqual(report.sender, self.sender.mnemonic)
        self.assertEqual(self.mapping("Ben").verification_ids.evidence, "pay-7")

    def test_each_bad_item_is_refused_in_its_place(self):
        self.linked("Ana", "Ben")
        results = self.results(
            "report",
            [
                self.failed("Ana", reason="bored"),
                self.failed("Ana", event="paid", reference_id="2"),
                self.failed("Ana", date="2999-01-01", reference_id="3"),
                self.failed("Ana", fa=BANK_FA % "1", reference_id="4"),
                self.failed("Nobody"),
                "no item",
                self.item("Ben", event="payment_arrived", evidence="x" * 201),
                self.item("Ben", event="payment_arrived", reference_id="8"),
                self.failed("Ben", reference_id="8"),
            ],
        )
        self.assertEqual(
            [one["status_reason_code"] for one in results],
            [
                "rjct.reason.invalid",
                "rjct.event.invalid",
                "rjct.date.invalid",
                "rjct.fa.invalid",
                "rjct.id.invalid",
                "rjct.reference_id.invalid",
                "rjct.evidence.invalid",
                None,
                "rjct.reference_id.duplicate",
            ],
        )
        self.assertTrue(self.fa_of("Ana"))
        self.assertTrue(self.fa_of("Ben"))

    def test_a_partner_without_the_scope_is_refused(self):
        self.linked("Ana")
        self.sender.may_report = False

        response = self.post("report", self.message("report", [self.failed("Ana")]))

        self.assertEqual(response.status_code, 403)
        self.assertIn('scope="mapper.report"', response.headers["WWW-Authenticate"])
        self.assertTrue(self.fa_of("Ana"))

    def test_a_token_without_the_scope_is_refused(self):
        self.linked("Ana")
        token = self.token(scope="mapper.link mapper.update")
        sent = self.message("report", [self.failed("Ana")])

        self.assertEqual(self.post("report", sent, token).status_code, 403)
        self.assertTrue(self.fa_of("Ana"))

    def test_ids_of_other_types_are_refused(self):
        self.linked("Ana")
        self.sender.all_id_types = False

        [result] = self.results("report", [self.failed("Ana")])

        self.assertEqual(result["status_reason_code"], "rjct.id.invalid")
        self.assertEqual(self.mapping("Ana").state, "active")

    def test_the_same_message_again_does_nothing(self):
        """Also after somebody decided that payments go on."""
        self.linked("Ana", "Ben")
        arrived = self.item("Ben", event="payment_arrived")
        sent = self.message("report", [self.failed("Ana"), arrived])
        first = self.post("report", sent)
        self.step("reinstate", "Ana", user=self.manager)

        again = self.post("report", sent)

        self.assertEqual(again.content, first.content)
        self.assertTrue(self.fa_of("Ana"))
        self.assertEqual(len(self.mapping("Ben").verification_ids), 1)

    def test_other_words_and_envelopes_are_refused(self):
        self.linked("Ana")
        sent = self.message("report", [self.failed("Ana")], action="link")
        header = self.post("report", sent).json()["header"]
        self.assertEqual(header["status_reason_code"], "rjct.action.invalid")
        openg2p = {"request_header": {"request_id": "1"}, "request_body": {}}
        header = self.post("report", openg2p).json()["response_header"]
        self.assertEqual(header["response_error_code"], "rjct.request.validation")
        self.assertIn("no report", header["response_error_message"])
        sent = self.message("link", [self.failed("Ana")])
        self.assertRefused(self.post("report", sent), 400, "err.request.bad")
        self.assertTrue(self.fa_of("Ana"))
