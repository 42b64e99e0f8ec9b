from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.mask import mask_address, mask_id, mask_number, mask_phone

DISTINCT = st.lists(
    st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), unique=True, min_size=1
).map("".join)


@tagged("post_install", "-at_install")
class TestMask(BaseCase):
    @given(DISTINCT)
    def test_a_number_shows_its_end_only(self, number):
        shown = mask_number(number).removeprefix("****")
        self.assertTrue(number.endswith(shown))
        self.assertLessEqual(len(shown), min(4, len(number) // 3))

    @given(DISTINCT)
    def test_an_address_shows_no_more_of_its_value(self, number):
        for text in (
            f"account:{number}@bank",
            f"account_number:{number}.bank_code:x.fa_type:BANK",
            f"unheard_of:{number}.bank_code:x",
            number,
        ):
            shown = mask_address(text)
            longest = max(
                (
                    end - start
                    for start in range(len(number))
                    for end in range(start + 1, len(number) + 1)
                    if number[start:end] in shown.split("****", 1)[1]
                ),
                default=0,
            )
            # One letter may come from "BANK" in the readable remainder.
            self.assertLessEqual(longest, 4)

    def test_examples(self):
        for function, text, wanted in (
            (mask_number, "", ""),
            (mask_number, "12", "****"),
            (mask_number, "1234567", "****67"),
            (mask_number, "123456789012", "****9012"),
            (mask_phone, "+254712123456", "****56"),
            (mask_id, "token:abcdefghijklm@nationalId", "token:****jklm@nationalId"),
            (mask_id, "123456789012", "****9012"),
            (
                mask_address,
                "account:123456789@indigo.dfsp1.bank_acc",
                "account:****789@indigo.dfsp1.bank_acc",
            ),
            (
                mask_address,
                "account_number:123456789.bank_name:HDFC Bank Ltd..bank_code:HDFC"
                ".mobile_number:.email_address:ada@example.org.fa_type:BANK",
                "account_number:****789.bank_name:HDFC Bank Ltd..bank_code:HDFC"
                ".mobile_number:.email_address:****.org.fa_type:BANK",
            ),
            (
                mask_address,
                "account_number:123456789.bank_code:HDFC",
                "account_number:****789.bank_code:HDFC",
            ),
            (mask_address, "vid:12.34.5678", "vid:****678"),
            (mask_address, "GB33BUKB20201555555555", "****5555"),
        ):
            with self.subTest(text):
                self.assertEqual(function(text), wanted)
