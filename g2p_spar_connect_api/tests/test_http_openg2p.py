from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, account_of

from ..core.schema import validator
from ..models.g2p_spar_connect import G2PSparConnect
from .common import ConnectCase
from .samples import STAMP


@tagged("post_install", "-at_install")
class TestOpenG2P(ConnectCase):
    """The envelope of OpenG2P 2.x over real routes."""

    def envelope(self, operation, items, request_id=None, **header):
        """A message as the clients of 2.x send it."""
        name = request_id or f"req_{self.id()}_{operation}_{len(items)}"
        return {
            "request_header": {
                "sender_app_mnemonic": "g2p_bridge",
                "sender_app_url": "",
                "request_id": name[-200:],
                "request_timestamp": STAMP,
                **header,
            },
            "request_body": {
                "pagination_request": {"current_page": 1, "page_size": 10},
                "request_payload": {
                    "transaction_id": "t1",
                    f"{operation}_request": items,
                },
            },
        }

    def exchange(self, operation, items, **kw):
        """Send items. :return: header and results of the answer"""
        response = self.post(operation, self.envelope(operation, items, **kw))
        return self.read(operation, response)

    def read(self, operation, response):
        """Return header and results of an answer that follows the contract."""
        self.assertEqual(response.status_code, 200, response.text)
        body = response.json()
        validator(f"OpenG2P{operation.capitalize()}Response").validate(body)
        payload = body["response_body"]["response_payload"]
        return body["response_header"], payload[f"{operation}_response"]

    def fa(self, person, **values):
        """The address of a person as an object."""
        return {
            "strategy_id": 1,
            "fa_type": "TEST_ACCOUNT",
            "bank": "testbank",
            "branch": "indigo",
            "number": account_of(person),
            **values,
        }

    def test_journey(self):
        ask = [self.item("Ana", scope="details", fa="")]

        _header, [linked] = self.exchange("link", [self.item("Ana", fa=self.fa("Ana"))])
        header, [found] = self.exchange("resolve", ask)
        _header, [updated] = self.exchange(
            "update", [self.item("Ana", fa=self.fa("Ana", number="777"))]
        )
        _header, [changed] = self.exchange("resolve", ask)
        _header, [unlinked] = self.exchange("unlink", [self.item("Ana", fa=None)])
        _header, [gone] = self.exchange("resolve", ask)

        self.assertEqual(linked["fa"], BANK_FA % account_of("Ana"))
        self.assertEqual(header["response_status"], "SUCCESS")
        self.assertEqual(found["id"], NATIONAL_ID % "Ana")
        self.assertEqual(found["fa"]["number"], account_of("Ana"))
        self.assertEqual(found["fa"]["strategy_id"], 9001)
        self.assertEqual(found["account_provider_info"]["name"], "Test Bank")
        self.assertEqual((updated["status"], changed["fa"]["number"]), ("succ", "777"))
        self.assertEqual(unlinked["status"], "succ")
        self.assertEqual(
            (gone["status_reason_code"], gone["fa"]), ("succ.id.not_found", None)
        )

    def test_an_answer_can_be_sent_back(self):
        self.exchange("link", [self.item("Bo", fa=self.fa("Bo"))])
        _header, [found] = self.exchange("resolve", [self.item("Bo", scope="details")])

        _header, [again] = self.exchange("update", [self.item("Bo", fa=found["fa"])])

        self.assertEqual(again["status"], "succ", again)
        self.assertEqual(self.mapping("Bo").fa_value, BANK_FA % account_of("Bo"))

    def test_address_that_must_not_be_paid(self):
        self.exchange("link", [self.item("Cy", fa=self.fa("Cy"))])
        self.step("suspend", "Cy")

        _header, [found] = self.exchange("resolve", [self.item("Cy", scope="details")])

        self.assertEqual(found["status_reason_code"], "succ.id.inactive")
        self.assertIsNone(found["fa"])
        self.assertNotIn(account_of("Cy"), str(found))

    def test_repeated_message_changes_once(self):
        items = [self.item("Di", fa=self.fa("Di"))]
        message = self.envelope("link", items, request_id="again")

        first, second = (self.post("link", message) for _time in range(2))

        self.assertEqual(first.content, second.content)
        self.assertEqual(len(self.mapping("Di").version_ids), 1)

    def test_name_used_for_something_else(self):
        self.exchange("link", [self.item("Ed", fa=self.fa("Ed"))], request_id="once")

        header, results = self.exchange(
            "link", [self.item("Flo", fa=self.fa("Flo"))], request_id="once"
        )

        self.assertEqual((header["response_status"], results), ("ERROR", []), header)
        self.assertFalse(self.mapping("Flo"))

    def test_refusals(self):
        ask = [self.item("x", scope="details")]
        good = self.envelope("resolve", ask)
        for body, code in (
            (self.envelope("resolve", []), "rjct.action.not_supported"),
            (self.envelope("resolve", ask * 2001), "rjct.request.validation"),
            (
                self.envelope("resolve", ask, request_timestamp="x"),
                "rjct.request.validation",
            ),
            (good | {"request_header": {}}, "rjct.request.validation"),
            (good | {"request_body": None}, "rjct.request.validation"),
            ({"request_header": None}, "rjct.request.validation"),
        ):
            with self.subTest(code=code, header=body["request_header"]):
                header, results = self.read("resolve", self.post("resolve", body))
                self.assertEqual(header["response_status"], "ERROR")
                self.assertEqual(header["response_error_code"], code)
                self.assertTrue(header["response_error_message"].endswith("."))
                self.assertEqual(results, [])

    @mute_logger("odoo.addons.g2p_spar_connect_api.http")
    def test_failure(self):
        with patch.object(G2PSparConnect, "_resolve", side_effect=ZeroDivisionError):
            header, results = self.exchange("resolve", [self.item("x")])

        self.assertEqual(header["response_error_code"], "rjct.internal.error")
        self.assertTrue(header["request_id"].startswith("req_"))
        self.assertEqual(results, [])

    def test_without_a_token(self):
        response = self.post("resolve", self.envelope("resolve", []), token="none")

        self.assertRefused(response, 401, "err.request.unauthorized")

    def test_form_of_addresses(self):
        self.exchange("link", [self.item("Gus", fa=self.fa("Gus"))])
        ask = [self.item("Gus", scope="details")]
        form = self.strategy.copy(
            {"number": 9003, "template": "{number}", "answers_only": True}
        )
        iban = form.copy({"number": 9004, "answer_check": "iban"})
        for values, fa in (
            (
                {"output_form": "chosen", "output_strategy_ids": [(6, 0, form.ids)]},
                account_of("Gus"),
            ),
            ({"output_strategy_ids": [(6, 0, iban.ids)]}, None),
            ({"output_form": "institution"}, None),
        ):
            self.sender.write(values)
            with self.subTest(values=values):
                _header, [found] = self.exchange("resolve", ask)
                self.assertEqual((found["fa"] or {}).get("number"), fa)
                if fa is None:
                    self.assertNotIn(account_of("Gus"), str(found))
        self.assertEqual(found["account_provider_info"]["code"], "testbank")

    def test_bad_items(self):
        good = self.item("Hal", fa=self.fa("Hal"))
        items = [
            good,
            None,
            self.item("I", fa=self.fa("I", fa_type="GOLD")),
            self.item("J", fa=self.fa("J", number=5)),
            self.item("K", fa=self.fa("K", shoe_size="44")),
            self.item("L", fa={}),
            good,
        ]

        before = self.mappings()

        _header, results = self.exchange("link", items)

        self.assertEqual(
            [one["status_reason_code"] for one in results],
            [
                None,
                "rjct.reference_id.invalid",
                "rjct.fa.invalid",
                "rjct.fa.invalid",
                "rjct.fa.invalid",
                "rjct.fa.invalid",
                "rjct.reference_id.duplicate",
            ],
        )
        self.assertEqual(self.mappings(), before + 1)
