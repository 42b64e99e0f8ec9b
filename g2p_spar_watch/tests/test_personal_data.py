from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.erasure import WORD
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA
from odoo.addons.g2p_spar_mapper.tests.test_erasure import find_text

from .common import NOON, WatchCase

NAME = "Zenaida Quispe"


@tagged("post_install", "-at_install")
class TestPersonalData(WatchCase):
    """What was found about a person is told, and loses its words with the person."""

    def setUp(self):
        super().setUp()
        watch = self.rule(kind="shared_address", subject_kind="address", threshold=2)
        self.link_at(NOON, "amina", "biru", fa=BANK_FA % "4711")
        self.link_at(NOON, "chala", "dina", fa=BANK_FA % "4712")
        mine, self.other = self.look(watch)
        self.alert = mine.with_user(self.officer)
        for alert in (self.alert, self.other):
            alert.write({"outcome": "normal", "note": f"{NAME} rang."})
        self.alert.message_post(body=f"{NAME} rang again.")
        self.alert.action_close()
        self.env.flush_all()
        self.cr.precommit.run()
        # The alert names one of the two.
        self.named = "amina" if mine.mapping_id == self.mapping("amina") else "biru"

    def erase(self, *names):
        for outcome in self.step("erase", *names, user=self.manager):
            self.assertEqual(outcome.cause, Cause.DONE)
        self.env.invalidate_all()

    def test_it_is_told(self):
        data = self.env["g2p.spar.personal.data"]
        told = data._collect(self.mapping(self.named))
        self.assertEqual([one["note"] for one in told["alerts"]], [f"{NAME} rang."])
        self.assertLessEqual(set(told), set(data._kinds()))

    def test_words_go_and_the_outcome_stays(self):
        self.other.note = False
        self.env.flush_all()
        self.cr.precommit.run()
        self.other.message_ids.sudo().unlink()
        self.assertTrue(find_text(self.env, NAME))
        self.erase("amina", "biru")
        self.assertEqual(find_text(self.env, NAME), [])
        self.assertEqual(
            (self.alert.state, self.alert.outcome, self.alert.closed_by_id),
            ("closed", "normal", self.officer),
        )
        self.assertTrue(self.alert.sudo().subject.startswith(WORD))

    def test_an_address_that_somebody_else_has_stays(self):
        before = self.alert.sudo().subject
        self.erase(self.named)
        self.assertEqual(self.alert.sudo().subject, before)
        self.assertFalse(self.alert.note)

    def test_others_keep_theirs(self):
        self.erase("amina", "biru")
        self.assertEqual(self.other.note, f"{NAME} rang.")
        self.assertTrue(self.other.subject.startswith("address:"))

    def test_what_was_sent_and_attached_goes(self):
        reader = self.env["res.partner"].create(
            {"name": "Auditor", "email": "auditor@example.org"}
        )
        file = [(f"{NAME}.txt", b"rang")]
        self.alert.message_post(
            body=f"{NAME} rang twice.",
            subject=NAME,
            attachments=file,
            partner_ids=reader.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            force_send=False,
        )
        self.other.note = False
        self.other.message_ids.sudo().unlink()
        self.erase("amina", "biru")
        self.assertEqual(find_text(self.env, NAME), [])
