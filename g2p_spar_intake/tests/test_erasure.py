from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import Origin, StepItem
from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID, account_of
from odoo.addons.g2p_spar_mapper.tests.test_erasure import find_text

from .common import IntakeCase

NAME = "Zenaida Quispe"


@tagged("post_install", "-at_install")
class TestErasure(IntakeCase):
    """What a list shows of a person before it runs goes with the person."""

    def test_previews_forget_the_person(self):
        self.link("zuri", name=NAME)
        zuri = f"{self.row('zuri')},{NAME}"
        intake = self.upload(zuri, f"{self.row('zola')},Zola", names="id,fa,name")
        preview = self.env["g2p.spar.intake.preview"].browse(
            intake.action_preview()["res_id"]
        )
        said = ("token:zuri@", account_of("zuri"), NAME)
        self.assertTrue(find_text(self.env, *said))
        item = StepItem("1", NATIONAL_ID % "zuri")
        self.mapper(self.manager).erase([item], Origin("staff", reason="Act 7"))
        self.env.invalidate_all()
        self.assertEqual(find_text(self.env, *said), [])
        self.assertEqual(preview.line_ids.mapped("name"), ["Zola"])
