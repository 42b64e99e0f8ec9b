from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, account_of

from ..core.schema import validator
from .common import ConnectCase
from .samples import FA


@tagged("post_install", "-at_install")
class TestMapper(ConnectCase):
    def test_journey(self):
        """Link, resolve, update, resolve, unlink, resolve."""
        new = BANK_FA % "777"
        ask = [self.item("Ana", scope="details")]

        [linked] = self.results("link", [self.link_item("Ana", name="Ana")])
        [found] = self.results("resolve", ask)
        [updated] = self.results("update", [self.item("Ana", fa=new)])
        [changed] = self.results("resolve", ask)
        [unlinked] = self.results("unlink", [self.item("Ana", fa=new)])
        [gone] = self.results("resolve", ask)

        self.assertEqual(
            (linked["status"], linked["id"]), ("succ", NATIONAL_ID % "Ana")
        )
        self.assertEqual(found["fa"], BANK_FA % account_of("Ana"))
        self.assertEqual(found["status_reason_code"], "succ.id.active")
        self.assertEqual(
            found["account_provider_info"],
            {
                "name": "Test Bank",
                "code": "testbank",
                "subcode": "indigo",
                "additional_info": None,
            },
        )
        self.assertEqual(
            found["additional_info"],
            [{"name": "strategy_id", "value": 9001, "strategy_id": 9001}],
        )
        self.assertEqual((updated["status"], changed["fa"]), ("succ", new))
        self.assertEqual(unlinked["status"], "succ")
        self.assertEqual((gone["status"], gone["fa"]), ("succ", None))

    def test_a_change_that_waits_is_pending(self):
        policies = self.env["g2p.spar.change.policy"]
        policies.create({"name": "Wait", "sequence": -1, "hours": 24, "by_api": True})
        new = BANK_FA % "777"
        response = self.post(
            "link", self.message("link", [self.link_item("Ana", name="Ana")])
        )
        self.assertEqual(response.json()["header"]["status"], "succ")

        request = self.message("update", [self.item("Ana", fa=new)])
        answer = self.post("update", request).json()
        [found] = self.results("resolve", [self.item("Ana", scope="details")])

        validator("UpdateResponse").validate(answer)
        [waits] = answer["message"]["update_response"]
        self.assertEqual(answer["header"]["status"], "succ")
        self.assertEqual((waits["status"], waits["status_reason_code"]), ("pdng", None))
        self.assertIn("waits", waits["status_reason_message"])
        self.assertEqual(found["fa"], BANK_FA % account_of("Ana"))

    def test_answers_follow_the_contract(self):
        for operation in ("link", "update", "unlink", "resolve"):
            items = [self.link_item("Bo", scope="details"), None, {"id": 5}]
            response = self.post(operation, self.message(operation, items))
            with self.subTest(operation):
                title = f"{operation.capitalize()}Response"
                validator(title).validate(response.json())

    def test_one_bad_item_does_not_spoil_the_others(self):
        items = [
            self.link_item("a"),
            self.item("b", fa=5),
            "not an object",
            self.item("c", fa="account:\0@x"),
            self.link_item("a", id=NATIONAL_ID % "other"),
            self.link_item("d", timestamp="2999-01-01T00:00:00Z"),
            self.link_item("e"),
        ]

        results = self.results("link", items)

        self.assertEqual(
            [result["status_reason_code"] for result in results],
            [
                None,
                "rjct.fa.invalid",
                "rjct.reference_id.invalid",
                "rjct.fa.invalid",
                "rjct.reference_id.duplicate",
                "rjct.timestamp.invalid",
                None,
            ],
        )
        self.assertEqual(results[2]["reference_id"], "")
        self.assertTrue(self.mapping("e"))

    def test_lone_surrogate_spoils_its_item_only(self):
        token = self.token()
        good, bad = self.link_item("good"), self.link_item("bad", id="\ud800")

        response = self.post("link", self.message("link", [good, bad]), token)

        results = response.json()["message"]["link_response"]
        self.assertEqual([r["status"] for r in results], ["succ", "rjct"])

    def test_all_items_refused(self):
        response = self.post("update", self.message("update", [self.link_item("x")]))

        header = response.json()["header"]
        self.assertEqual(
            (header["status"], header["status_reason_code"]),
            ("rjct", "rjct.errors.too_many"),
        )

    def test_short_address(self):
        response = self.url_open(
            "/spar/v1/sync/link",
            json=self.message("link", [self.link_item("s")]),
            headers={"Authorization": f"Bearer {self.token()}"},
        )

        self.assertEqual(response.json()["header"]["status"], "succ")

    def test_history_names_the_sender(self):
        self.results("link", [self.link_item("h")])

        version = self.mapping("h").version_ids

        self.assertEqual(version.sender, self.sender.mnemonic)
        self.assertEqual(version.channel, "api")
        self.assertEqual(version.transaction_id, "t1")

    def test_id_types(self):
        """No ID type chosen: every ID is refused."""
        self.results("link", [self.link_item("t")])
        national = self.env.ref("g2p_spar_fa_reference.g2p_spar_id_type_national_id")
        for values, code in (
            ({"all_id_types": False, "id_type_ids": []}, "rjct.id.invalid"),
            ({"id_type_ids": national.ids}, "succ.id.active"),
        ):
            self.sender.write(values)
            with self.subTest(values=values):
                [result] = self.results("resolve", [self.item("t", scope="details")])
                self.assertEqual(result["status_reason_code"], code)

    def test_reverse_needs_the_right(self):
        item = self.link_item("rev")
        self.results("link", [item])
        ask = {**item, "id": "", "scope": "details"}
        for right, found in ((False, None), (True, NATIONAL_ID % "rev")):
            self.sender.may_reverse = right
            with self.subTest(right=right):
                [result] = self.results("resolve", [ask])
                self.assertEqual(result["status_reason_code"], "succ.fa.active")
                self.assertEqual(result["id"], found)

    def test_codes_of_spar_1_1(self):
        self.results("link", [self.link_item("leg")])
        other = self.item("leg", fa=FA)
        for legacy, code in (
            (False, "rjct.id.invalid"),
            (True, "rjct.reference_id.duplicate"),
        ):
            self.sender.legacy_codes = legacy
            with self.subTest(legacy=legacy):
                [result] = self.results("link", [other])
                self.assertEqual(result["status_reason_code"], code)

    def test_form_of_addresses(self):
        self.results("link", [self.link_item("form")])
        form = self.strategy.copy(
            {"number": 9002, "template": "bank:{bank}.number:{number}"}
        )
        self.sender.write(
            {"output_form": "chosen", "output_strategy_ids": [(6, 0, form.ids)]}
        )

        [result] = self.results("resolve", [self.item("form", scope="details")])

        self.assertEqual(result["fa"], f"bank:testbank.number:{account_of('form')}")
