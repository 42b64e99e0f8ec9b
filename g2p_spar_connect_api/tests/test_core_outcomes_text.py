from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_mapper.core.commands import Outcome
from odoo.addons.g2p_spar_mapper.core.reason import Cause

from ..core.outcomes_text import read_outcomes, write_outcomes

OUTCOMES = st.lists(
    st.builds(
        lambda cause, detail: Outcome(cause, detail=detail),
        st.sampled_from(Cause),
        st.none() | st.sampled_from(["One reason.", "Another."]),
    ),
    min_size=1,
)


@tagged("post_install", "-at_install")
class TestOutcomesText(BaseCase):
    def test_a_thousand_equal_ones_are_short(self):
        self.assertEqual(write_outcomes([Outcome(Cause.DONE)] * 1000), '{"c":0}')

    def test_nothing_of_the_content_is_kept(self):
        outcome = Outcome(Cause.DONE, True, "token:secret", "account:secret")

        self.assertNotIn("secret", write_outcomes([outcome]))

    @given(OUTCOMES)
    def test_round_trip(self, outcomes):
        text = write_outcomes(outcomes)

        self.assertEqual(read_outcomes(text, len(outcomes)), outcomes)
