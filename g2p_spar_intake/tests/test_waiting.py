from odoo.tests import tagged

from .common import IntakeCase


@tagged("post_install", "-at_install")
class TestWaiting(IntakeCase):
    """Changes that wait are not counted as done."""

    def test_changes_that_wait_are_told_apart_before_and_after(self):
        self.env(su=True)["g2p.spar.change.policy"].create(
            {"name": "Two days", "sequence": -1, "hours": 48, "payment": "stop"}
        )
        self.link("a")
        rows = [self.row("a", fa=self.row("z").split(",")[1]), self.row("b"), "x,"]
        intake = self.upload(*rows)
        intake.operation = "update"
        action = intake.action_preview()
        lines = self.env["g2p.spar.intake.preview"].browse(action["res_id"]).line_ids
        self.assertEqual(lines.mapped("waits"), [True, False, False])
        self.assertEqual(lines.mapped("is_refused"), [False, True, True])

        intake.action_try()
        self.work_off()
        self.assertEqual((intake.waiting, intake.done, intake.refused), (1, 0, 2))
        self.assertFalse(self.mapping("a").change_waits)

        self.run_all(intake)
        self.assertEqual((intake.waiting, intake.done, intake.refused), (1, 0, 2))
        self.assertTrue(self.mapping("a").change_waits)
        self.assertIn("waits, as the rules", intake.tally_text)
