from odoo.tests import tagged

from .change_common import NUMBER, START, ChangeCase

HOME = "/my/benefit-account"


@tagged("post_install", "-at_install")
class TestPageStatements(ChangeCase):
    """How often each page asks the database when everything shared is in memory.

    A slow line waits for the phone; a busy office waits for these. Whoever adds one
    finds it here, and changes the number only where the page is worth it.
    """

    def setUp(self):
        super().setUp()
        self.link("amina")
        self.person("amina")

    def _count(self, path, most):
        self.page(path)
        with self.subTest(path=path.rpartition("/")[2]), self.assertQueryCount(most):
            self.page(path)

    def test_looking(self):
        self._count(HOME, 15)
        self._count(f"{HOME}/history", 12)
        self._count(f"{HOME}/profile", 6)

    def test_changing(self):
        way = f"{START}/{self.token(self.to_review(NUMBER))}"
        self._count(START, 7)
        self._count(f"{way}/provider", 12)
        self._count(f"{way}/branch", 11)
        self._count(f"{way}/number", 9)
        self._count(f"{way}/review", 16)

    def test_typing(self):
        token = self.token(self.to_number())
        self.url_open(f"{START}/branches?draft={token}&q=ind")
        with self.assertQueryCount(8):
            self.url_open(f"{START}/branches?draft={token}&q=ind")
