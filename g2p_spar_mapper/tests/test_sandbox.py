from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..core.commands import Origin, ResolveItem
from ..core.reason import Cause
from ..core.sandbox import MARK
from .common import BANK_FA, NATIONAL_ID, MapperCase, account_of

_RED = Origin(sandbox="red", may_reverse=True, may_prefix=True)
_REAL = Origin(may_reverse=True, may_prefix=True)


@tagged("post_install", "-at_install")
class TestSandbox(MapperCase):
    def setUp(self):
        super().setUp()
        self.link("Real")
        self.link("Sand", "Both", origin=_RED)
        self.link("Both", fa=BANK_FA % "777")

    def _ask(self, origin, **asked):
        (outcome,) = self.mapper().resolve([ResolveItem("1", **asked)], origin)
        return outcome

    def _inside(self, **context):
        context = {"sandbox_test": False, **context}
        return self.env["g2p.spar.mapping"].with_context(**context)

    def _sandboxed(self, name):
        return self._inside().search(
            [("lookup_id", "=", NATIONAL_ID % name), ("is_sandbox", "=", True)]
        )

    # === WHAT PARTNERS SEE === #

    def test_each_side_finds_its_own(self):
        table = [
            # origin, person -> address
            (_REAL, "Real", BANK_FA % account_of("Real")),
            (_REAL, "Sand", None),
            (_REAL, "Both", BANK_FA % "777"),
            (_RED, "Real", None),
            (_RED, "Sand", BANK_FA % account_of("Sand")),
            (_RED, "Both", BANK_FA % account_of("Both")),
        ]
        for origin, name, fa in table:
            with self.subTest(sandbox=origin.sandbox, person=name):
                asked = self._ask(origin, id=NATIONAL_ID % name, details=True)
                self.assertEqual(asked.fa, fa)

    def test_by_address_and_by_prefix(self):
        fa = BANK_FA % account_of("Sand")
        self.assertEqual(self._ask(_REAL, fa=fa).cause, Cause.FA_NOT_FOUND)
        self.assertEqual(self._ask(_RED, fa=fa, details=True).id, NATIONAL_ID % "Sand")
        self.assertEqual(self._ask(_REAL, id="token:Sand@").cause, Cause.ID_NOT_FOUND)
        self.assertEqual(self._ask(_RED, id="token:Sand@").cause, Cause.ID_ACTIVE)

    def test_a_forged_mark_is_refused(self):
        for text in (f"token:{MARK}red{MARK}Sand@", f"{MARK}red{MARK}token:Sand@"):
            with self.subTest(text=text):
                self.assertEqual(self._ask(_REAL, id=text).cause, Cause.ID_INVALID)
                self.assertEqual(self._ask(_REAL, fa=text).cause, Cause.FA_INVALID)

    # === WHAT STAFF SEE === #

    def test_lists_and_counts_leave_sandboxes_out(self):
        mapping = self.env["g2p.spar.mapping"].with_user(self.viewer)
        names = [NATIONAL_ID % name for name in ("Real", "Sand", "Both")]
        domain = [("lookup_id", "in", names)]
        self.assertEqual(mapping.search_count(domain), 2)
        self.assertEqual(mapping.search_count([*domain, ("is_sandbox", "=", True)]), 2)
        both = mapping.with_context(sandbox_test=False)
        self.assertEqual(both.search_count(domain), 4)
        groups = mapping._read_group(domain, ["effective_state"], ["__count"])
        self.assertEqual(groups, [("active", 2)])
        inside = [
            *domain,
            ("is_sandbox", "=", True),
            ("effective_state", "=", "active"),
        ]
        self.assertEqual(mapping.search_count(inside), 2)

    def test_history_leaves_sandboxes_out(self):
        version = self.env["g2p.spar.mapping.version"].with_user(self.viewer)
        mappings = self._sandboxed("Sand") | self.mapping("Real")
        domain = [("mapping_id", "in", mappings.ids)]
        self.assertEqual(version.search(domain).mapping_id, self.mapping("Real"))
        inside = version.search([*domain, ("is_sandbox", "=", True)])
        self.assertEqual(inside.mapping_id, self._sandboxed("Sand"))
        self.assertTrue(inside.is_sandbox)

    def test_form_of_a_sandboxed_mapping_is_whole(self):
        mapping = self._sandboxed("Sand").with_user(self.viewer)
        mapping.invalidate_recordset()
        plain = mapping.with_context(sandbox_test=True)
        self.assertTrue(plain.is_sandbox)
        self.assertEqual(len(plain.version_ids), 1)
        self.assertIn("nobody is paid", plain.state_sentence)
        lines = {"version_ids": {"fields": {"step": {}}, "order": "version desc"}}
        [shown] = plain.web_read(lines)
        self.assertEqual(len(shown["version_ids"]), 1)
        self.assertFalse(self.mapping("Real").is_sandbox)

    def test_staff_change_a_sandboxed_mapping_in_its_sandbox(self):
        mapping = self._sandboxed("Both")
        action = mapping.with_user(self.officer).action_update()
        dialog = Form(
            self.env[action["res_model"]]
            .with_user(self.officer)
            .with_context(**action["context"])
        )
        dialog.reason = "Trying out"
        dialog.address_entry = "text"
        dialog.fa_text = BANK_FA % "888"
        dialog.save().action_apply()
        asked = {"id": NATIONAL_ID % "Both", "details": True}
        self.assertEqual(self._ask(_RED, **asked).fa, BANK_FA % "888")
        self.assertEqual(self._ask(_REAL, **asked).fa, BANK_FA % "777")
        self.assertEqual(self._ask(_REAL, fa=BANK_FA % "888").cause, Cause.FA_NOT_FOUND)

    def test_a_provider_of_sandboxed_mappings_is_in_use(self):
        provider = self.provider
        real = self.env["g2p.spar.mapping"].search_count(
            [("provider_id", "=", provider.id)]
        )
        self.assertGreater(provider._spar_usage_count(), real)

    # === EMPTYING === #

    def test_emptying_takes_all_addresses_of_one_sandbox_away(self):
        self.link("Blue", origin=Origin(sandbox="blue"))
        self.step("suspend", "Sand", origin=self._staff_of("red"))
        self.step("hold", "Both", origin=self._staff_of("red"))
        count = self.mapper(self.manager).empty_sandbox("red", "Next round of tests")
        self.assertEqual(count, 2)
        for name in ("Sand", "Both"):
            asked = self._ask(_RED, id=NATIONAL_ID % name)
            self.assertEqual(asked.cause, Cause.ID_NOT_FOUND)
        self.assertEqual(
            self._ask(_REAL, id=NATIONAL_ID % "Both").cause, Cause.ID_ACTIVE
        )
        blue = Origin(sandbox="blue")
        self.assertEqual(
            self._ask(blue, id=NATIONAL_ID % "Blue").cause, Cause.ID_ACTIVE
        )
        again = self.mapper(self.manager).empty_sandbox("red", "Once more")
        self.assertEqual(again, 0)

    def test_emptying_is_for_managers(self):
        for user in (self.api_user, self.viewer, self.officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.mapper(user).empty_sandbox("red", "Why not")

    def test_only_sandboxes_can_be_emptied(self):
        for name in (None, "", "Red", "red\x1a"):
            with self.subTest(name=name), self.assertRaises(ValueError):
                self.mapper(self.manager).empty_sandbox(name, "No such")

    def _staff_of(self, sandbox):
        return Origin(channel="staff", reason="Test", sandbox=sandbox)
