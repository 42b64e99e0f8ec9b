from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.erasure import KEY_MARK
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.tests.test_erasure import find_text

from ..core.consent import State
from .common import ConsentCase

PHONE = "+254712345699"


@tagged("post_install", "-at_install")
class TestPersonalData(ConsentCase):
    """Consents are told with the rest, and end when the person is erased."""

    def setUp(self):
        super().setUp()
        self.app.callback_url = "https://school.example.org/spar"
        self.env.company.country_id = self.env.ref("base.ke")
        self.link("amina", "bola", phone_number=PHONE)
        self.person("amina")
        self.live = self.agree()
        self.over = self.store(token="over")
        self.over._end(State.WITHDRAWN)
        self.other = self.store("bola", "other")

    def erase(self):
        [outcome] = self.step("erase", "amina", user=self.manager)
        self.assertEqual(outcome.cause, Cause.DONE)
        self.env.flush_all()
        self.env.invalidate_all()

    def requests(self):
        return self.env["g2p.spar.consent.request"].search(
            [("sender_id", "=", self.app.id)]
        )

    def test_they_are_told(self):
        data = self.env["g2p.spar.personal.data"]
        told = data._collect(self.mapping("amina"))
        self.assertEqual(
            [one["reference"] for one in told["consents"]],
            [self.live.reference, self.over.reference],
        )
        self.assertNotIn("token_key", told["consents"][0])
        self.assertLessEqual(set(told), set(data._kinds()))

    def test_they_end_and_name_nobody(self):
        ended_at, was = self.over.ended_at, self.other.id_key
        self.assertTrue(self.requests())
        self.erase()
        self.assertEqual((self.live.state, self.live.token_key), ("withdrawn", False))
        self.assertEqual((self.over.state, self.over.ended_at), ("withdrawn", ended_at))
        self.assertEqual(self.live.id_key, self.over.id_key)
        self.assertTrue(self.live.id_key.startswith(KEY_MARK))
        self.assertEqual((self.other.state, self.other.id_key), ("active", was))
        self.assertFalse(self.requests())

    def test_the_application_is_told_and_nobody_is_named(self):
        delivery = [("sender_id", "=", self.app.id), ("operation", "=", "consent")]
        before = self.env["g2p.spar.delivery"].search_count(delivery)
        said = "token:amina@"
        self.assertTrue(find_text(self.env, said))
        self.erase()
        after = self.env["g2p.spar.delivery"].search_count(delivery)
        self.assertEqual(after, before + 1)
        self.assertEqual(find_text(self.env, said), [])

    def test_who_is_on_a_page_meanwhile_is_nobody(self):
        page = self.page(app_token="later")
        self.erase()
        answer = self.say(page)
        self.assertIn("/login", answer.headers["Location"])
