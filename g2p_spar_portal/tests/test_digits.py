from odoo.tests import tagged

from ..core.typed import Problem
from ..models import contact_words
from ..models.change_words import say_problem
from .change_common import START, ChangeCase

_ARABIC = "٠١٢٣٤٥٦٧٨٩"


@tagged("post_install", "-at_install")
class TestDigits(ChangeCase):
    """Numbers in sentences are written in the digits of the page's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")

    def setUp(self):
        super().setUp()
        self.person("amina")

    def test_steps_and_counts(self):
        form = self.env["g2p.spar.change.form"].with_context(lang="ar_001")
        self.assertIn("٧", form.say_found(7, has_more=False))
        self.assertIn("٢٠", form.say_found(20, has_more=True))
        answer = self.send(self.page(f"/ar{START}"), fa_type="TEST_ACCOUNT")
        place = answer.document.cssselect("main > .soft")[0].text
        self.assertRegex(place, f"[{_ARABIC}].*[{_ARABIC}]")
        self.assertNotRegex(place, "[0-9]")

    def test_what_is_wrong_with_a_number(self):
        arabic = self.env(context={"lang": "ar_001"})
        problem = Problem("digits_between", {"count": 3, "least": 10, "most": 12})
        said = say_problem(arabic, problem)
        self.assertRegex(said, "٣.*١٠.*١٢")
        self.assertNotRegex(said, "[0-9]")
        # A sign of the person's own is shown as it was typed.
        problem = Problem("only_digits", {"sign": "7"})
        self.assertIn("7", say_problem(arabic, problem))

    def test_minutes_and_seconds(self):
        page = self.page("/ar/my/benefit-account")
        [warning] = page.document.cssselect("#idle")
        self.assertEqual(warning.get("data-digits"), _ARABIC)
        self.assertIn(
            "١٠", page.document.cssselect("body noscript p")[0].text_content()
        )
        arabic = self.env(context={"lang": "ar_001"})
        self.assertIn("١٥", contact_words.wait(arabic, 15 * 60))

    def test_end_of_a_session(self):
        self.logout()
        page = self.page("/ar/spar/ended")
        self.assertIn("١٠", page.document.cssselect("main")[0].text_content())
