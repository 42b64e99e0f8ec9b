from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..core.commands import Outcome
from ..core.reason import Cause
from .common import BANK_FA, NATIONAL_ID, MapperCase, account_of

NOW = datetime.fromisoformat("2026-03-01 12:00:00")
LATER = datetime.fromisoformat("2026-04-01 12:00:00")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestWizardChange(MapperCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.national_id = cls.env.ref(
            "g2p_spar_fa_reference.g2p_spar_id_type_national_id"
        )
        cls.other_provider = cls.provider.copy({"code": "otherbank", "name": "Other"})

    def dialog(self, operation, *names, user=None):
        """The form of the dialog, opened as a button opens it."""
        mappings = self.env["g2p.spar.mapping"].with_user(user or self.officer)
        for name in names:
            mappings |= self.mapping(name).with_user(user or self.officer)
        action = getattr(mappings, f"action_{operation}")()
        model = self.env[action["res_model"]].with_user(user or self.officer)
        return Form(model.with_context(**action["context"]))

    def apply(self, dialog, reason="Shown at the counter"):
        """Confirm a dialog. :return: the action that follows"""
        dialog.reason = reason
        return dialog.save().action_apply()

    def link_dialog(self, value="amina"):
        dialog = self.dialog("link")
        dialog.id_type_id = self.national_id
        dialog.id_input = value
        return dialog

    def choose_address(self, dialog, number="12345"):
        dialog.fa_type_id = self.fa_type
        dialog.provider_id = self.provider
        dialog.branch_id = self.branch
        with dialog.part_ids.edit(0) as line:
            line.value = number

    # === WHAT IT IS FOR === #

    def test_steps_that_staff_do_not_take_here_cannot_be_chosen(self):
        """An erasure takes a second person, whose place is not this dialog."""
        self.link("amina")
        amina = self.mapping("amina")
        model = self.env["g2p.spar.mapping.change"].with_user(self.manager)
        values = {
            "mapping_ids": amina.ids,
            "opened_versions": {str(amina.id): amina.version},
            "reason": "Nobody else was asked",
        }
        for operation in ("erase", "propose", "report", "resolve"):
            with (
                self.subTest(operation),
                self.assertRaisesRegex(ValueError, "Wrong value"),
            ):
                model.create(values | {"operation": operation}).action_apply()
        self.assertEqual((amina.version, amina.state), (1, "active"))

    # === LINK === #

    def test_a_link_that_another_mapper_keeps_shows_no_mapping(self):
        dialog = self.link_dialog("elsewhere")
        self.choose_address(dialog)
        service = type(self.env["g2p.spar.mapper"])
        with patch.object(service, "forward", lambda *_call: [Outcome(Cause.DONE)]):
            action = self.apply(dialog)

        self.assertFalse(self.mapping("elsewhere"))
        following = action["params"]["next"]
        self.assertEqual(following["type"], "ir.actions.act_window_close")

    def test_link_builds_id_and_address(self):
        dialog = self.link_dialog()
        dialog.name = "Amina Okello"
        dialog.phone = "+254712345678"
        self.choose_address(dialog)
        self.assertEqual(dialog.fa_preview, BANK_FA % "12345")
        self.assertEqual(dialog.fa_reading, "Test account, Test Bank, indigo")
        self.assertFalse(dialog.fa_problem)

        action = self.apply(dialog)

        mapping = self.mapping("amina")
        self.assertEqual(mapping.id_value, NATIONAL_ID % "amina")
        self.assertEqual(mapping.fa_value, BANK_FA % "12345")
        self.assertEqual(mapping.branch_id, self.branch)
        self.assertEqual(
            (mapping.name, mapping.phone), ("Amina Okello", "+254712345678")
        )
        self.assertEqual((mapping.channel, mapping.user_id), ("staff", self.officer))
        self.assertEqual(mapping.version_ids.reason, "Shown at the counter")
        self.assertEqual(action["params"]["next"]["res_id"], mapping.id)

    def test_link_takes_an_id_written_out(self):
        dialog = self.link_dialog(NATIONAL_ID % "amina")
        self.choose_address(dialog)
        self.apply(dialog)
        self.assertTrue(self.mapping("amina"))

    def test_link_takes_a_pasted_address(self):
        dialog = self.link_dialog()
        dialog.address_entry = "text"
        dialog.fa_text = f" {BANK_FA % '777'} "
        self.assertEqual(dialog.fa_reading, "Test account, Test Bank, indigo")
        self.apply(dialog)
        self.assertEqual(self.mapping("amina").fa_value, BANK_FA % "777")

    def test_a_pasted_address_of_no_known_form_is_pointed_out(self):
        dialog = self.link_dialog()
        dialog.address_entry = "text"
        dialog.fa_text = "whatever it is"
        self.assertIn("No known form", dialog.fa_reading)

    def test_a_wrong_number_is_told_before_and_refused_after(self):
        dialog = self.link_dialog()
        self.choose_address(dialog, "12 x")
        self.assertFalse(dialog.fa_preview)
        self.assertIn("digits", dialog.fa_problem)
        with self.assertRaisesRegex(ValidationError, "digits"):
            self.apply(dialog)
        self.assertFalse(self.mapping("amina"))

    def test_a_missing_number_is_named(self):
        dialog = self.link_dialog()
        dialog.fa_type_id = self.fa_type
        dialog.provider_id = self.provider
        dialog.branch_id = self.branch
        self.assertFalse(dialog.fa_problem)
        with self.assertRaisesRegex(ValidationError, "account number is missing"):
            self.apply(dialog)

    def test_a_bank_with_branches_needs_one(self):
        dialog = self.link_dialog()
        self.choose_address(dialog)
        dialog.branch_id = self.branch.browse()
        self.assertIn("Choose the branch", dialog.fa_problem)
        self.branch.active = False
        dialog = self.link_dialog()
        dialog.fa_type_id = self.fa_type
        dialog.provider_id = self.provider
        with dialog.part_ids.edit(0) as line:
            line.value = "12345"
        self.apply(dialog)
        self.assertEqual(
            self.mapping("amina").fa_value, "account:12345@.testbank.testacc"
        )

    def test_provider_and_branch_follow_each_other(self):
        dialog = self.link_dialog()
        self.choose_address(dialog)
        dialog.provider_id = self.other_provider
        self.assertFalse(dialog.branch_id)
        dialog.fa_type_id = self.env.ref(
            "g2p_spar_fa_reference.g2p_spar_fa_type_mobile_wallet"
        )
        self.assertFalse(dialog.provider_id)

    def test_link_of_a_linked_id_says_what_to_do(self):
        self.link("amina")
        dialog = self.link_dialog()
        self.choose_address(dialog)
        with self.assertRaisesRegex(UserError, "update it instead"):
            self.apply(dialog)

    def test_link_of_no_id_is_refused(self):
        dialog = self.link_dialog("\u200b")
        self.choose_address(dialog)
        with self.assertRaises(ValidationError):
            self.apply(dialog)

    def test_link_again_after_unlink(self):
        self.link("amina")
        self.apply(self.dialog("unlink", "amina"))
        dialog = self.dialog("link", "amina")
        self.choose_address(dialog)
        self.apply(dialog)
        mapping = self.mapping("amina")
        self.assertEqual((mapping.state, mapping.version), ("active", 3))

    # === UPDATE === #

    def test_update_proposes_what_is_stored_but_no_number(self):
        self.link("amina", name="Amina", phone_number="+254712345678")
        dialog = self.dialog("update", "amina")
        self.assertEqual(dialog.fa_present, self.mapping("amina").fa_masked)
        self.assertEqual(dialog.name, "Amina")
        self.assertEqual(dialog.provider_id, self.provider)
        self.assertEqual(dialog.branch_id, self.branch)
        with dialog.part_ids.edit(0) as line:
            self.assertFalse(line.value)

    def test_update_changes_the_address(self):
        self.link("amina")
        dialog = self.dialog("update", "amina")
        self.choose_address(dialog, "999")
        action = self.apply(dialog)
        self.assertEqual(self.mapping("amina").fa_value, BANK_FA % "999")
        self.assertEqual(
            action["params"]["next"]["type"], "ir.actions.act_window_close"
        )

    def test_update_may_keep_the_address(self):
        self.link("amina")
        dialog = self.dialog("update", "amina")
        dialog.keep_address = True
        dialog.name = "Amina Okello"
        self.apply(dialog)
        mapping = self.mapping("amina")
        self.assertEqual(mapping.name, "Amina Okello")
        self.assertEqual(mapping.fa_value, BANK_FA % account_of("amina"))

    def test_update_of_an_id_that_is_kept_as_a_hash(self):
        id_type = self.env["g2p.spar.id.type"].create(
            {
                "name": "Hashed",
                "code": "test_hashed",
                "template": "hashed:{number}@test",
                "keyed_hash": True,
            }
        )
        dialog = self.dialog("link")
        dialog.id_type_id = id_type
        dialog.id_input = "1234567890"
        self.choose_address(dialog)
        mapping_id = self.apply(dialog)["params"]["next"]["res_id"]
        mapping = self.env["g2p.spar.mapping"].browse(mapping_id)
        self.assertNotIn("1234567890", mapping.id_value)

        action = mapping.with_user(self.officer).action_hold()
        model = self.env[action["res_model"]].with_user(self.officer)
        self.apply(Form(model.with_context(**action["context"])))
        self.assertEqual(mapping.state, "on_hold")

    # === STEPS === #

    def test_each_step_ends_in_its_state(self):
        steps = [
            ("hold", self.officer, "on_hold"),
            ("release", self.manager, "active"),
            ("suspend", self.officer, "suspended"),
            ("reinstate", self.manager, "active"),
            ("unlink", self.officer, "unlinked"),
        ]
        self.link("amina")
        for operation, user, state in steps:
            with self.subTest(operation=operation):
                self.apply(self.dialog(operation, "amina", user=user), "Because")
                mapping = self.mapping("amina")
                self.assertEqual(mapping.state, state)
                self.assertEqual(mapping.reason, "Because")

    def test_a_hold_may_have_an_end(self):
        self.link("amina")
        dialog = self.dialog("hold", "amina")
        dialog.hold_until = LATER
        self.apply(dialog)
        self.assertEqual(self.mapping("amina").hold_until, LATER)

    def test_reason_and_evidence_are_kept_in_one_line(self):
        self.link("amina")
        dialog = self.dialog("suspend", "amina")
        dialog.evidence = " letter 7 "
        self.apply(dialog, " Two\nclaims \x1f of one ")
        version = self.mapping("amina").version_ids[0]
        self.assertEqual(version.evidence, "letter 7")
        self.assertEqual(version.reason, "Two claims of one")

    def test_an_officer_may_not_release(self):
        self.link("amina")
        self.apply(self.dialog("hold", "amina"))
        with self.assertRaisesRegex(AccessError, "may not do this"):
            self.apply(self.dialog("release", "amina"))
        self.assertEqual(self.mapping("amina").state, "on_hold")

    def test_a_viewer_has_no_dialog(self):
        self.link("amina")
        with self.assertRaises(AccessError):
            self.dialog("hold", "amina", user=self.viewer)

    def test_a_reason_is_demanded(self):
        self.link("amina")
        model = self.env["g2p.spar.mapping.change"].with_user(self.officer)
        for reason in (False, "", "   "):
            wizard = model.create({"operation": "hold", "reason": reason})
            refused = self.assertRaisesRegex(ValidationError, "reason is missing")
            with self.subTest(reason=reason), refused:
                wizard.action_apply()
        self.assertEqual(self.mapping("amina").state, "active")

    def test_a_step_without_a_mapping_is_refused(self):
        dialog = self.env["g2p.spar.mapping.change"].with_user(self.officer)
        wizard = dialog.create({"operation": "hold", "reason": "Because"})
        with self.assertRaisesRegex(ValidationError, "Choose the mappings"):
            wizard.action_apply()

    def test_a_step_that_is_not_possible_says_so(self):
        self.link("amina")
        dialog = self.dialog("release", "amina", user=self.manager)
        with self.assertRaisesRegex(UserError, "not in a state that allows this"):
            self.apply(dialog)

    # === WHAT CHANGED IN BETWEEN === #

    def test_a_mapping_that_changed_meanwhile_is_refused(self):
        self.link("amina")
        dialog = self.dialog("unlink", "amina")
        self.step("hold", "amina")
        with self.assertRaisesRegex(UserError, "changed by somebody else"):
            self.apply(dialog)
        self.assertEqual(self.mapping("amina").state, "on_hold")

    # === SEVERAL AT ONCE === #

    def test_several_are_held_with_one_reason(self):
        self.link("a", "b", "c")
        action = self.apply(self.dialog("hold", "a", "b", "c"), "Audit of the branch")
        self.assertEqual(action["params"]["message"], "Done for all 3.")
        for name in "abc":
            self.assertEqual(self.mapping(name).state, "on_hold")
            self.assertEqual(self.mapping(name).reason, "Audit of the branch")

    def test_what_is_not_done_is_listed(self):
        self.link("a", "b")
        self.step("suspend", "b")
        action = self.apply(self.dialog("hold", "a", "b"))
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.done_count, 1)
        self.assertEqual(len(wizard.refusals.splitlines()), 1)
        self.assertIn(self.mapping("b").display_name, wizard.refusals)
        self.assertEqual(self.mapping("a").state, "on_hold")

    def test_statements_do_not_grow_with_the_selection(self):
        names = [f"p{number}" for number in range(40)]
        self.link(*names)
        costs = []
        for selected in (names[:4], names[4:]):
            dialog = self.dialog("hold", *selected)
            dialog.reason = "Audit"
            wizard = dialog.save()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_apply()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[0], costs[1])

    # === WHOSE DIALOG === #

    def test_nobody_reads_the_dialog_of_another(self):
        self.link("amina")
        dialog = self.dialog("unlink", "amina")
        dialog.reason = "Because"
        wizard = dialog.save()
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).read(["reason"])
