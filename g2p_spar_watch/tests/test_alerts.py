from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.g2p_spar_mapper.core.commands import Origin
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA

from .common import NOON, WatchCase


@tagged("post_install", "-at_install")
class TestAlerts(WatchCase):
    """What people do with an alert."""

    def setUp(self):
        super().setUp()
        self.watch = self.rule(
            kind="shared_address", subject_kind="address", threshold=2
        )
        self.link_at(NOON, "amina", "biru", fa=BANK_FA % "4711")
        self.alert = self.look(self.watch).with_user(self.officer)

    def test_take_say_and_close(self):
        self.alert.action_take()
        self.assertEqual(
            (self.alert.state, self.alert.owner_id), ("in_hand", self.officer)
        )
        with self.assertRaises(UserError):
            self.alert.action_close()
        self.alert.write({"outcome": "normal", "note": "Mother and daughter."})
        self.alert.action_close()
        self.assertEqual(
            (self.alert.state, self.alert.closed_by_id), ("closed", self.officer)
        )
        with self.assertRaises(UserError):
            self.alert.outcome = "misuse"
        with self.assertRaises(UserError):
            self.alert.note = "Nobody knows them."
        with self.assertRaises(UserError):
            self.alert.action_take()
        self.alert.action_reopen()
        self.assertEqual(self.alert.state, "in_hand")
        self.assertFalse(self.alert.closed_by_id)

    def test_only_what_is_closed_is_opened_again(self):
        self.alert.action_reopen()
        self.assertEqual(self.alert.state, "new")

    def test_nobody_says_when_a_rule_looked(self):
        self.move("amina", "biru", to="8")
        burst = self.rule(threshold=2).with_user(self.manager)
        for values in ({"looked_at": "2099-01-01"}, {"looked_at": False}):
            with self.subTest(values), self.assertRaises(AccessError):
                burst.write(values)
        with self.assertRaises(AccessError):
            burst.create({"name": "x", "looked_at": "2099-01-01"})
        burst.write({"threshold": 3})

    def test_who_did_what_stands_in_the_notes(self):
        self.alert.action_take()
        self.alert.outcome = "normal"
        self.alert.action_close()
        self.env.flush_all()
        self.cr.precommit.run()
        messages = self.alert.sudo().message_ids
        self.assertEqual(messages.author_id, self.officer.partner_id)
        words = messages.tracking_value_ids.mapped("new_value_char")
        self.assertIn("Closed", words)
        self.assertIn("Nothing wrong", words)

    def test_nobody_changes_what_was_found(self):
        for values in (
            {"found_count": 1},
            {"state": "closed"},
            {"closed_by_id": self.manager.id},
            {"user_id": False},
            {"rule_id": 1},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.alert.write(values)
        with self.assertRaises(AccessError):
            self.alert.sudo().unlink()
        with self.assertRaises(AccessError):
            self.env["g2p.spar.alert"].create({})

    def test_the_database_keeps_alerts_open_without_an_outcome(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.env.cr.execute("UPDATE g2p_spar_alert SET state = 'closed'")

    def test_nobody_handles_an_alert_about_himself(self):
        burst = self.rule(threshold=2)
        staff = Origin("staff", reason="Asked for")
        self.move("amina", "biru", to="9", origin=staff, user=self.officer)
        alert = self.look(burst)
        self.assertEqual(alert.user_id, self.officer)
        about_me = alert.with_user(self.officer)
        operations = {
            "take": about_me.action_take,
            "say": lambda: about_me.write({"outcome": "normal"}),
            "reopen": about_me.action_reopen,
        }
        for label, operation in operations.items():
            with self.subTest(operation=label), self.assertRaises(AccessError):
                operation()
        alert.with_user(self.manager).write({"outcome": "misuse"})
        alert.with_user(self.manager).action_close()

    def test_a_closed_alert_does_not_grow(self):
        self.alert.outcome = "normal"
        self.alert.action_close()
        self.link_at(NOON, "chala", fa=BANK_FA % "4711")
        self.look(self.watch)
        self.assertEqual(self.alert.found_count, 2)

    def test_the_owner_of_the_rule_owns_new_alerts(self):
        self.watch.owner_id = self.manager
        self.link_at(NOON, "chala", "dawit", fa=BANK_FA % "4712")
        self.assertEqual(self.look(self.watch)[-1].owner_id, self.manager)
        self.assertFalse(self.alert.owner_id)

    def test_what_was_counted_is_shown(self):
        people = self.mapping("amina") | self.mapping("biru")
        self.assertEqual(self.shown(self.alert), people)
        for subject in ("actor", "provider", "address", "mapping"):
            burst = self.rule(threshold=2, subject_kind=subject)
            number = len(subject)
            self.move("amina", "biru", to=f"5{number}", at=NOON)
            self.move("amina", "biru", to=f"6{number}", at=NOON)
            alert = self.look(burst)[-1].with_user(self.officer)
            with self.subTest(subject=subject):
                mappings = self.shown(alert).mapping_id
                self.assertTrue(mappings)
                self.assertLessEqual(mappings, people)

    def shown(self, alert):
        action = alert.action_open_subject()
        model = self.env[action["res_model"]].with_user(self.officer)
        return model.search(action["domain"])

    def test_whole_numbers_are_not_told(self):
        self.assertNotIn("4711", self.alert.subject_text)
        self.assertNotIn("4711", self.alert.display_name)
        self.assertIn("2 IDs", self.alert.sentence)

    def test_forms_open(self):
        with Form(self.alert) as form:
            form.outcome = "unclear"
        self.assertEqual(self.alert.outcome, "unclear")


@tagged("post_install", "-at_install")
class TestRules(WatchCase):
    """Rules say what they do, and refuse what cannot be."""

    def test_rules_in_words(self):
        table = {
            (("kind", "shared_address"), ("subject_kind", "address")): (
                "Tells of an address to which 20 or more IDs are linked, and again"
                " whenever their number has doubled."
            ),
            (("subject_kind", "provider"), ("counted", "dispute")): (
                "Tells of 20 or more disputes at one provider within 24 hours."
            ),
            (("kind", "before_payment"),): (
                "Tells of 20 or more address changes by one person or partner in the"
                " 3 days before a payment date."
            ),
        }
        for values, sentence in table.items():
            self.assertEqual(self.rule(**dict(values)).sentence, sentence)

    def test_senseless_rules_are_refused(self):
        for values in ({"threshold": 1}, {"hours": 0}, {"days": 99}, {"hours": 9999}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.cr.savepoint(),
            ):
                self.rule(**values)
        with self.assertRaises(ValidationError):
            self.rule(kind="shared_address", subject_kind="actor")

    def test_the_form_leads_to_a_sensible_rule(self):
        with Form(self.env["g2p.spar.alert.rule"].with_user(self.manager)) as form:
            form.name = "Shared"
            form.kind = "shared_address"
        self.assertEqual(form.record.subject_kind, "address")

    def test_open_alerts_are_counted(self):
        watch = self.rule(kind="shared_address", subject_kind="address", threshold=2)
        self.link_at(NOON, "amina", "biru", fa=BANK_FA % "4711")
        alert = self.look(watch)
        self.assertEqual(watch.open_count, 1)
        alert.outcome = "normal"
        alert.action_close()
        watch.invalidate_recordset()
        self.assertEqual(watch.open_count, 0)
