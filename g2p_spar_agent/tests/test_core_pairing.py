from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.pairing import digest, make_code, make_device_id, make_token


class TestPairing(BaseCase):
    def test_nothing_is_made_twice(self):
        for make in (make_code, make_device_id, make_token):
            self.assertEqual(len({make() for _ in range(200)}), 200)

    @given(st.sampled_from([" ", "-", "", "\t"]), st.booleans())
    def test_a_code_is_read_as_it_is_typed(self, between, is_small):
        code = make_code()
        typed = between.join(code.replace("-", ""))
        typed = typed.lower() if is_small else typed
        self.assertEqual(digest("code", typed), digest("code", code))

    def test_another_text_has_another_digest(self):
        self.assertNotEqual(
            digest("code", "7K3M9-Q2FX0"), digest("code", "7K3M9-Q2FX1")
        )
        self.assertNotEqual(digest("token", "abc"), digest("token", "Abc"))
        self.assertNotEqual(digest("token", "7K3M9"), digest("code", "7K3M9"))
