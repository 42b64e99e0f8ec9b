import base64
import os
from dataclasses import FrozenInstanceError, replace
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..core import seal
from ..core.errors import (
    AddressError,
    AmbiguousPart,
    InvalidFormat,
    InvalidPart,
    MissingPart,
    TooLong,
    UnknownProvider,
    UnknownType,
)
from .core_samples import (
    BANK,
    FORM_1_0,
    FORM_BRIDGE,
    FORM_WALLET,
    WALLET,
    reference,
    strategy,
)


@tagged("post_install", "-at_install")
class TestReadAddress(BaseCase):
    def test_address_of_spar_1_0(self):
        parsed = reference().read_address("Account:12AB@Indigo.DFSP1.bank_acc")
        self.assertEqual(
            parsed._asdict(),
            {
                "fa_value": "Account:12AB@Indigo.DFSP1.bank_acc",
                "fa_key": "account:12ab@indigo.dfsp1.bank_acc",
                "strategy_id": 51,
                "strategy_number": 1,
                "fa_type_id": 1,
                "provider_id": 11,
                "branch_code": "Indigo",
                "parts": {
                    "account_number": "12AB",
                    "branch_code": "Indigo",
                    "bank_code": "DFSP1",
                    "type": "bank_acc",
                },
            },
        )

    def test_constants_tell_strategies_apart(self):
        for text, number in (
            ("account:1@i.dfsp1.bank_acc", 1),
            ("account:+254712123456@pink.WALLET", 2),
            ("account:1@i.dfsp1.other", None),
        ):
            with self.subTest(text):
                found = reference().read_address(text)
                self.assertEqual(found.strategy_number, number)

    def test_the_hint_is_tried_first_and_only_a_hint(self):
        bridge = (
            "account_number:1.branch_code:b.bank_code:dfsp1.mobile_number:"
            ".email_address:.fa_type:BANK_ACCOUNT"
        )
        for hint in (None, 5, 1, 99):
            with self.subTest(hint):
                found = reference().read_address(bridge, hint)
                self.assertEqual(found.strategy_number, 5)

    def test_a_bad_part_refuses_the_address(self):
        for text, error in (
            ("account:1-2@i.dfsp1.bank_acc", InvalidPart),
            ("account:@i.dfsp1.bank_acc", MissingPart),
            ("account:1@i..bank_acc", MissingPart),
            ("account:12@pink.wallet", InvalidPart),
        ):
            with self.subTest(text), self.assertRaises(error):
                reference().read_address(text)

    def test_unknown_provider(self):
        found = reference().read_address("account:1@i.unknown.bank_acc")
        self.assertEqual((found.strategy_number, found.provider_id), (1, None))
        with self.assertRaises(UnknownProvider):
            reference().read_address("account:+254712123456@unknown.wallet")

    def test_an_archived_provider_takes_no_new_address(self):
        found = reference().read_address("account:1@i.old.bank_acc")
        self.assertIsNone(found.provider_id)
        self.assertEqual(reference().provider_info(13), ("Old Bank", "old"))

    def test_opaque_addresses_are_accepted(self):
        for text, provider in (
            ("GB33BUKB20201555555555", None),
            ("acct:1@dfsp1", 11),
            ("acct:1@i.DFSP1.x", 11),
            ("acct:1@i.other.x", None),
            ("dfsp1", None),
        ):
            with self.subTest(text):
                found = reference().read_address(text)
                self.assertEqual(found.provider_id, provider)
                self.assertIsNone(found.strategy_id)
                self.assertIsNone(found.parts)

    def test_bad_text(self):
        for text, error in (
            ("", InvalidFormat),
            (" ", InvalidFormat),
            ("a\x00b", InvalidFormat),
            ("account:1@", InvalidFormat),
            ("\ud800", InvalidFormat),
            (12, InvalidFormat),
            ("x" * 501, TooLong),
        ):
            with self.subTest(repr(text)[:20]), self.assertRaises(error):
                reference().read_address(text)
        self.assertEqual(len(reference().read_address("x" * 500).fa_key), 500)

    def test_the_picture_is_immutable(self):
        with self.assertRaises(FrozenInstanceError):
            reference().strategies = ()


@tagged("post_install", "-at_install")
class TestBuildAddress(BaseCase):
    def test_parts_are_checked_normalised_and_completed(self):
        found = reference().build_address(
            {"wallet_code": "pink", "phone": "0712 123456", "type": None}
        )
        self.assertEqual(found.fa_value, "account:+254712123456@pink.wallet")
        self.assertEqual(found.provider_id, 12)
        self.assertEqual(found.parts["mobile_number"], "+254712123456")

    def test_names_of_the_provider_are_filled_in(self):
        parts = {"bank": "DFSP1", "account_no": "1", "fa_type": "bank"}
        found = reference().build_address(parts, "bank", 3)
        self.assertEqual(
            found.fa_value,
            "account_number:1.branch_name:.branch_code:.bank_name:Bank 1"
            ".bank_code:DFSP1.fa_type:BANK_ACCOUNT",
        )

    def test_what_is_built_is_read_the_same(self):
        parts = {"bank_code": "dfsp1", "account_number": "1", "branch_code": "i"}
        picture = reference()
        for number in (1, 3, 5):
            with self.subTest(number):
                built = picture.build_address(parts, "BANK_ACCOUNT", number)
                read = picture.read_address(built.fa_value, number)
                self.assertEqual(built.strategy_number, number)
                self.assertEqual(read[:7], built[:7])
                given = {name: value for name, value in read.parts.items() if value}
                self.assertLessEqual(given.items(), built.parts.items())

    def test_the_type_wins_over_a_number_of_another_type(self):
        parts = {"bank_code": "dfsp1", "account_number": "1"}
        found = reference().build_address(parts, "BANK", 2)
        self.assertEqual(found.strategy_number, 1)

    def test_the_type_follows_from_the_parts(self):
        parts = {"wallet": "pink", "mobile_number": "+254712123456"}
        self.assertEqual(reference().build_address(parts).strategy_number, 2)

    def test_refusals(self):
        good = {"bank_code": "dfsp1", "account_number": "1"}
        for change, fa_type, error in (
            ({"account_number": ""}, "BANK", MissingPart),
            ({"bank_code": None}, "BANK", MissingPart),
            ({"account_number": "1-2"}, "BANK", InvalidPart),
            ({"account_number": 12}, "BANK", InvalidPart),
            ({"shoe_size": "43"}, "BANK", InvalidPart),
            ({"fa_type": "VOUCHER"}, "BANK", InvalidPart),
            ({"bank_code": "a.b"}, "BANK", AmbiguousPart),
            ({}, "SOCK", UnknownType),
            ({}, "MOBILE_WALLET", InvalidPart),
        ):
            with self.subTest(change | {"type": fa_type}):
                with self.assertRaises(error) as caught:
                    reference().build_address(good | change, fa_type)
                self.assertIsInstance(caught.exception, AddressError)

    def test_no_strategy_at_all(self):
        with self.assertRaises(UnknownType):
            reference(strategies=()).build_address({"bank_code": "x"})

    def test_required_provider(self):
        with self.assertRaises(UnknownProvider):
            reference().build_address(
                {"wallet": "nobody", "phone": "+254712123456"}, "MOBILE_WALLET"
            )


@tagged("post_install", "-at_install")
class TestRender(BaseCase):
    def test_from_one_form_to_another(self):
        picture = reference()
        parts = picture.read_address("account:1@indigo.dfsp1.bank_acc").parts
        self.assertEqual(
            picture.render(parts, 5),
            "account_number:1.branch_code:indigo.bank_code:dfsp1.mobile_number:"
            ".email_address:.fa_type:BANK_ACCOUNT",
        )
        self.assertEqual(picture.render(parts, 1), "account:1@indigo.dfsp1.bank_acc")
        self.assertNotIn("fa_type", parts)
        self.assertEqual(
            picture.render(parts, 3),
            "account_number:1.branch_name:.branch_code:indigo.bank_name:Bank 1"
            ".bank_code:dfsp1.fa_type:BANK_ACCOUNT",
        )

    def test_a_part_the_form_has_besides_the_type(self):
        own = strategy(8, "x:{account_no}@{bank}.{tail}", BANK)
        picture = reference(strategies=(own,))
        parts = picture.read_address("x:1@dfsp1.Y").parts
        self.assertEqual(parts["tail"], "Y")
        self.assertEqual(picture.render(parts, 8), "x:1@dfsp1.Y")

    def test_a_form_of_another_type_is_refused(self):
        picture = reference()
        parts = picture.read_address("account:+254712123456@pink.wallet").parts
        with self.assertRaises(MissingPart):
            picture.render(parts, 5)

    def test_unknown_number(self):
        with self.assertRaises(UnknownType):
            reference().render({}, 77)

    def test_provider_info(self):
        picture = reference()
        self.assertEqual(picture.provider_info(11), ("Bank 1", "dfsp1"))
        self.assertEqual(picture.provider_info(None), ("", ""))


@tagged("post_install", "-at_install")
class TestFormsOfAnswers(BaseCase):
    """Strategies that only write, for partners who want their form."""

    IBAN = "GB33BUKB20201555555555"

    def setUp(self):
        super().setUp()
        self.iban = replace(
            strategy(6, "{account_number}", BANK),
            answers_only=True,
            answer_check="iban",
        )
        self.bridge = replace(strategy(7, FORM_BRIDGE, BANK), answers_only=True)
        others = (strategy(1, FORM_1_0, BANK), strategy(2, FORM_WALLET, WALLET))
        self.picture = reference(strategies=(self.iban, self.bridge, *others))

    def test_they_read_nothing(self):
        written = self.picture.show({"account_number": "1", "bank_code": "dfsp1"}, 7)
        for text in (self.IBAN, written[0], "anything"):
            for hint in (None, 6, 7):
                with self.subTest(text, hint=hint):
                    parsed = self.picture.read_address(text, hint)
                    self.assertIsNone(parsed.strategy_id)

    def test_they_store_nothing(self):
        parts = {"account_number": "1", "bank_code": "dfsp1"}
        for hint in (None, 6, 7):
            with self.subTest(hint):
                built = self.picture.build_address(parts, "BANK_ACCOUNT", hint)
                self.assertEqual(built.strategy_number, 1)

    def test_iban_alone(self):
        text = f"account:{self.IBAN.lower()}@indigo.dfsp1.bank_acc"
        parts = {"account_number": "GB33 BUKB 2020 1555 5555 55", "bank_code": "dfsp1"}

        self.assertEqual(
            self.picture.show(parts, 6), (self.IBAN, {"account_number": self.IBAN})
        )
        self.assertEqual(
            self.picture.show(None, 6, self.IBAN),
            (self.IBAN, {"account_number": self.IBAN}),
        )
        self.assertEqual(self.picture.render(parts, 6), self.IBAN)
        with self.assertRaises(InvalidPart):
            self.picture.show(None, 6, text)

    def test_what_is_not_an_iban_is_not_shown(self):
        wallet = {"mobile_number": "+254712123456", "wallet_code": "pink"}
        for parts, error in (
            ({"account_number": "123", "bank_code": "dfsp1"}, InvalidPart),
            ({"account_number": self.IBAN[:-1] + "6", "bank_code": "b"}, InvalidPart),
            ({"bank_code": "dfsp1"}, MissingPart),
            (wallet, MissingPart),
            ({}, MissingPart),
        ):
            with self.subTest(parts=parts), self.assertRaises(error):
                self.picture.show(parts, 6)

    def test_only_the_parts_of_the_form_are_told(self):
        parts = {
            "account_number": "1",
            "bank_code": "dfsp1",
            "bank_name": "Bank 1",
            "branch_code": "indigo",
            "branch_name": "Indigo Street",
        }
        _text, told = self.picture.show(parts, 7)

        self.assertEqual(
            told, {"account_number": "1", "branch_code": "indigo", "bank_code": "dfsp1"}
        )

    def test_opaque_address_in_a_form_of_parts(self):
        with self.assertRaises(InvalidPart):
            self.picture.show(None, 7, "whatever")


@tagged("post_install", "-at_install")
class TestReadId(BaseCase):
    def setUp(self):
        super().setUp()
        secret = base64.urlsafe_b64encode(b"k" * 32).decode()
        patcher = patch.dict(os.environ, {seal.KEY_VARIABLE: secret})
        patcher.start()
        self.addCleanup(seal.forget_keys)
        self.addCleanup(patcher.stop)
        os.environ.pop(seal.KEY_FILE_VARIABLE, None)
        seal.forget_keys()

    def test_types_and_keys(self):
        for text, key, id_type in (
            ("Token:AbC@NationalID", "token:AbC@nationalid", 21),
            ("ｔoken:AbC@nationalId", "token:AbC@nationalid", 21),
            ("token:AbC@elsewhere", "token:abc@elsewhere", 24),
            ("X1@NID", "x1@nid", 23),
            ("Bare", "bare", 24),
            (":odd", ":odd", 24),
        ):
            with self.subTest(text):
                found = reference().read_id(text)
                self.assertEqual(found, (key, id_type, text))

    def test_keyed_hash_stores_no_identifier(self):
        found = reference().read_id("uin:123456789012@uid")
        self.assertRegex(found.id_key, r"^h:uin:[A-Za-z0-9_-]{43}$")
        self.assertEqual(found.stored_value, "uin:****9012@uid")
        again = reference().read_id(" UIN:123456789012@UID ")
        self.assertEqual(again.id_key, found.id_key)

    def test_refusals(self):
        for text, error in (
            ("uin:12@uid", InvalidFormat),
            ("uin:123456789012@", InvalidFormat),
            ("", InvalidFormat),
            (None, InvalidFormat),
            ("x" * 256, TooLong),
        ):
            with self.subTest(repr(text)[:20]), self.assertRaises(error):
                reference().read_id(text)

    def test_without_a_default_type_an_unknown_identifier_is_refused(self):
        types = tuple(rule for rule in reference().id_types if rule.code != "other")
        with self.assertRaises(UnknownType):
            reference(id_types=types).read_id("bare")


@tagged("post_install", "-at_install")
class TestRequireKnownProvider(BaseCase):
    def test_switch_stands_in_the_type(self):
        strict = replace(BANK, require_known_provider=True)
        picture = reference(fa_types_by_code={"bank_account": strict})
        with self.assertRaises(UnknownProvider):
            picture.read_address("account:1@i.unknown.bank_acc")
