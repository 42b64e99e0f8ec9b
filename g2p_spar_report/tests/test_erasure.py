from odoo.tests import new_test_user, tagged

from odoo.addons.g2p_spar_mapper.core.commands import CheckItem
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.tests.change_common import ChangeCase
from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA, NATIONAL_ID, STAFF

from .common import ReportCase

#: Says when it was counted, and so differs each time.
FRESHNESS = "freshness"


@tagged("post_install", "-at_install")
class TestErasure(ChangeCase, ReportCase):
    """Counts outlive the data of the people who were counted."""

    def setUp(self):
        super().setUp()
        with self.on(60):
            self.link("zuri", "zola", "zane", fa=BANK_FA % "4711")
            self.link("other", fa=BANK_FA % "4711")
        with self.on(50):
            self.update("zuri", "5566778899")
            self.mapper().add_checks(
                [CheckItem("1", NATIONAL_ID % "zuri", 3, "passed", "seen")], STAFF
            )
        with self.on(40):
            self.step("hold", "zuri")
            self.step("release", "zuri", user=self.manager)
            self.report("zuri")
        with self.on(30):
            self.step("reinstate", "zuri", user=self.manager)
        self.find_alerts()
        self.give_consent()
        self.take_down()

    # === WHAT IS KEPT BESIDE, WHERE IT IS INSTALLED === #

    def make(self, model, **values):
        """Make a record behind the back of whoever may; required choices are any."""
        fields_ = self.env[model]._fields
        chosen = {
            name: field.get_values(self.env)[0]
            for name, field in fields_.items()
            if field.type == "selection" and field.required and not field.default
        }
        return self.env[model].sudo().create(chosen | values)

    def find_alerts(self):
        """Let what watches the registry keep the address."""
        if "g2p.spar.alert.rule" in self.env:
            rules = self.env["g2p.spar.alert.rule"].sudo()
            rules.search([("kind", "=", "shared_address")]).action_look()

    def give_consent(self):
        """Let the person have allowed an application to ask."""
        if "g2p.spar.consent" not in self.env:
            return
        code = "erasure.example.org"
        purpose = self.make("g2p.spar.purpose", name=code, code="erasure")
        sender = self.make("g2p.spar.sender", name=code, mnemonic=code)
        texts = ("lang", "proof", "reference", "request_name", "text", "text_hash")
        self.make(
            "g2p.spar.consent",
            **dict.fromkeys((*texts, "text_version", "token_key"), code),
            id_key=self.mapping("zuri").id_key,
            purpose_id=purpose.id,
            sender_id=sender.id,
            since=self.moment(20),
            until=self.moment(-20),
            state="active",
        )

    def take_down(self):
        """Let an agent have taken down the account of the person."""
        if "g2p.spar.agent.capture" not in self.env:
            return
        agent = new_test_user(
            self.env, "spar_erasure_agent", groups="g2p_spar_agent.group_agent"
        )
        device = self.make("g2p.spar.agent.device", name="Tablet", user_id=agent.id)
        self.make(
            "g2p.spar.agent.capture",
            reference="AG-1",
            token="t",
            user_id=agent.id,
            device_id=device.id,
            id_key=self.mapping("zuri").id_key,
            expires_at=self.moment(-1),
        )

    def told(self):
        """All that the reports say, counted from nothing: rows by view."""
        self.count()
        self.env["g2p.spar.tally.address"]._cron_count()
        views = self.env["g2p.spar.report"]._views()
        return {
            name: sorted(map(repr, self.rows(name)))
            for name in views
            if name != FRESHNESS
        }

    def erase(self, *names):
        for name in names:
            done = self.step("erase", name, user=self.manager)[0]
            self.assertEqual(done.cause, Cause.DONE)
        self.env.invalidate_all()

    def test_of_the_unlinked_nothing_changes_but_that_they_were_erased(self):
        for name in ("zuri", "zola"):
            self.mapper().unlink(self.unlink_items(name), STAFF)
        before = self.told()
        self.erase("zuri", "zola")
        after = self.told()
        more = [row for row in after["change"] if "'erase'" in row]
        self.assertEqual(sum("'changes': 2" in row for row in more), 1)
        after["change"] = [row for row in after["change"] if row not in more]
        self.assertEqual(after, before)

    def test_of_the_linked_the_past_stays(self):
        self.told()
        before = {ago: self.totals(ago) for ago in range(1, 62)}
        today = self.totals()
        changed = "sum(address_changes) AS n"
        (moved,) = self.rows("change", changed)
        self.erase("zuri")
        self.told()
        self.assertEqual({ago: self.totals(ago) for ago in before}, before)
        self.assertEqual(self.rows("change", changed), [moved])
        today["active"] -= 1
        today["unlinked"] = today.get("unlinked", 0) + 1
        self.assertEqual(self.totals(), today)

    def test_what_is_kept_beside_went_too(self):
        kept = [
            model
            for model in ("g2p.spar.consent", "g2p.spar.agent.capture")
            if model in self.env
        ]
        of_zuri = [("id_key", "=", self.mapping("zuri").id_key)]
        for model in kept:
            self.assertTrue(self.env[model].sudo().search(of_zuri))
        self.erase("zuri")
        for model in kept:
            self.assertFalse(self.env[model].sudo().search(of_zuri))

    def test_counts_of_before_are_those_of_after(self):
        """Days that were counted before need not be counted again."""
        self.told()
        self.erase("zuri")
        self.env["g2p.spar.tally.day"]._count_open()
        kept = self.rows("mapping_day")
        self.told()
        self.assertEqual(self.rows("mapping_day"), kept)
