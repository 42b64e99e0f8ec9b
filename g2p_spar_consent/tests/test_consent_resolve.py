import json
from datetime import datetime, timedelta, timezone

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.g2p_spar_connect_api.core.audit import AuditLine
from odoo.addons.g2p_spar_connect_api.core.caller import Caller
from odoo.addons.g2p_spar_connect_api.core.protocol import G2P_CONNECT
from odoo.addons.g2p_spar_mapper.core.reason import Operation
from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID

from .. import consent_use
from ..core.consent import State, numbered
from .common import ConsentCase

#: What differs from answer to answer, whatever is asked.
VARYING = ("reference_id", "id", "timestamp")


def core(result):
    """What a result says, but for the names of the item."""
    return {k: v for k, v in result.items() if k not in VARYING}


@tagged("post_install", "-at_install")
class TestConsentResolve(ConsentCase):
    """An application asks by its own names."""

    def setUp(self):
        super().setUp()
        self.link("amina", "bola")

    def unknown(self, **kw):
        """How an ID is answered that is not linked."""
        [result] = self.ask("nobody", **kw)
        return core(result)

    def test_it_is_told_the_address_by_its_own_name(self):
        self.store()
        [result] = self.ask()
        self.assertEqual(result["id"], f"token:u-17@{self.app.consent_code}")
        self.assertEqual(result["status_reason_code"], "succ.id.active")
        self.assertTrue(result["fa"].startswith("account:"))
        self.assertNotIn("amina", str(result))

    def test_only_whether_money_can_be_paid(self):
        self.store(disclosure="payable")
        [result] = self.ask(scope="yes_no")
        self.assertEqual(result["status_reason_code"], "succ.id.active")
        self.assertIsNone(result["fa"])
        [result] = self.ask()
        self.assertEqual(core(result), self.unknown())

    def test_a_masked_address_stands_where_nobody_pays_to(self):
        self.store(disclosure="masked")
        [result] = self.ask()
        self.assertIsNone(result["fa"])
        self.assertEqual(result["account_provider_info"]["code"], "testbank")
        [masked] = result["additional_info"]
        self.assertEqual(masked["name"], "fa_masked")
        self.assertIn("****", masked["value"])

    def test_outside_it_is_answered_like_an_unknown_id(self):
        now = fields.Datetime.now()
        past = now - timedelta(days=2)
        cases = {
            "withdrawn": {"state": "withdrawn"},
            "expired": {"state": "expired"},
            "over": {"since": past, "until": now - timedelta(seconds=1)},
            "not begun": {"since": now + timedelta(days=1)},
        }
        unknown = self.unknown()
        self.assertEqual(unknown["status_reason_code"], "succ.id.not_found")
        for name, values in cases.items():
            with self.subTest(name):
                self.store(token=f"t-{len(name)}", **values)
                [result] = self.ask(f"t-{len(name)}")
                self.assertEqual(core(result), unknown)

    def test_another_purpose_is_not_covered(self):
        other = self.make_purpose("food", "address")
        self.app.purpose_ids += other
        self.store()
        for purpose in ("food", None):
            with self.subTest(purpose):
                [result] = self.ask(purpose=purpose)
                self.assertEqual(core(result), self.unknown(purpose=purpose))

    def test_it_is_answered_like_an_id_of_its_own_that_is_not_linked(self):
        """Not only like another of its names: like a national ID, too."""
        self.app.all_id_types = True
        item = {"reference_id": "r", "timestamp": "2026-03-01T12:00:00Z"}
        [result] = self.ask_items([{**item, "id": NATIONAL_ID % "nobody"}])
        unknown = self.unknown(scope="yes_no")
        self.assertEqual(core(result), unknown)

    def test_a_consent_is_one_applications(self):
        self.store()
        other = self.make_application("rsa")
        [result] = self.ask(app=other)
        self.assertEqual(result["status_reason_code"], "succ.id.not_found")
        item = {
            "reference_id": "r",
            "timestamp": "2026-03-01T12:00:00Z",
            "id": f"token:u-17@{self.app.consent_code}",
        }
        [foreign] = self.ask_items([item], app=other)
        [nobody] = self.ask_items(
            [{**item, "id": f"token:x@{self.app.consent_code}"}], app=other
        )
        self.assertEqual(core(foreign), core(nobody))

    def test_without_the_right_to_the_type_the_own_id_stays_shut(self):
        self.store()
        item = {
            "reference_id": "r",
            "timestamp": "2026-03-01T12:00:00Z",
            "id": NATIONAL_ID % "amina",
            "scope": "details",
        }
        [result] = self.ask_items([item])
        self.assertIsNone(result["fa"])
        self.assertTrue(result["status_reason_code"].startswith("rjct."))

    def test_a_suspended_account_is_not_told(self):
        self.store()
        self.step("suspend", "amina")
        [result] = self.ask()
        self.assertIsNone(result["fa"])
        self.assertEqual(result["status_reason_code"], "succ.id.inactive")

    def test_a_purpose_that_tells_less_counts_at_once_one_that_tells_more_not(self):
        self.purpose.disclosure = "masked"
        self.store(token="a", disclosure="address")
        self.store(token="b", disclosure="payable")
        less, more = self.ask("a", "b")
        self.assertIsNone(less["fa"])
        self.assertEqual(less["additional_info"][0]["name"], "fa_masked")
        self.assertEqual(core(more), self.unknown())

    def count(self, tokens):
        """Statements that a message with these names costs."""
        facts = self.env["g2p.spar.sender"].get_facts(self.app.client_id)
        raw = json.dumps(self.message(tokens)).encode()
        exchange = self.env["g2p.spar.connect"].with_user(self.app.user_id)
        audit = AuditLine(datetime.now(timezone.utc), "resolve", "")
        self.env.flush_all()
        begin = self.cr.sql_log_count
        answer = exchange.answer(
            Operation.RESOLVE, Caller(facts, facts.scopes), raw, audit
        )
        self.assertEqual(
            len(json.loads(answer)["message"]["resolve_response"]), len(tokens)
        )
        return self.cr.sql_log_count - begin

    def test_the_statements_do_not_grow_with_the_items(self):
        names = [f"t{number}" for number in range(40)]
        for name in names:
            self.store(token=name)
        self.count(["t0"])
        one = self.count(["t0"])
        self.assertEqual(self.count(names), one)
        self.assertEqual(self.count([f"x{number}" for number in range(40)]), one)
        # One for the consents, one for the addresses.
        self.assertEqual(one, 2)

    def test_a_use_is_noted_without_a_write(self):
        consent = self.store()
        self.ask()
        self.env.invalidate_all()
        self.assertFalse(consent.last_used_at)
        [file] = self.use_folder.iterdir()
        self.assertIn(str(consent.id), file.read_text())

    def test_what_was_not_covered_is_no_use(self):
        self.store(disclosure="payable")
        self.ask()
        self.assertFalse(list(self.use_folder.iterdir()))

    def test_uses_are_gathered_with_one_statement(self):
        consents = self.store(token="a") + self.store(token="b")
        at = 1_800_000_000
        with self.assertQueryCount(1):
            consents._note_uses({consents[0].id: at, consents[1].id: at + 5})
        self.assertEqual(
            (consents[1].last_used_at - consents[0].last_used_at).seconds, 5
        )
        consents._note_uses({consents[0].id: at - 50})
        self.assertEqual(consents[0].last_used_at.year, 2027)

    def test_a_full_disk_does_not_matter(self):
        self.store()
        consent_use._files.clear()
        self.use_folder.rmdir()
        self.use_folder.touch()
        try:
            with self.assertLogs("odoo.addons.g2p_spar_consent", "WARNING"):
                [result] = self.ask()
        finally:
            self.use_folder.unlink()
            self.use_folder.mkdir()
        self.assertTrue(result["fa"])

    def test_a_kept_answer_is_withheld_once_the_consent_is_over(self):
        consent = self.store()
        mapper = self.mapper()
        version = self.mapping("amina").version
        number = numbered(version, "address")
        self.assertEqual(mapper.versions([-consent.id]), {-consent.id: (number, True)})
        with freeze_time(consent.until):
            self.assertEqual(mapper.versions([-consent.id]), {})
        consent._end(State.WITHDRAWN)
        consent.flush_recordset()
        both = mapper.versions([-consent.id, self.mapping("amina").id])
        self.assertEqual(both, {self.mapping("amina").id: (version, True)})

    def test_a_kept_answer_is_withheld_once_less_may_be_told(self):
        kept, mapper = -self.store().id, self.mapper()
        before = mapper.versions([kept])[kept]
        self.assertTrue(before[1])
        self.purpose.disclosure = "masked"
        self.assertNotEqual(mapper.versions([kept])[kept], before)
        self.purpose.disclosure = "address"
        self.assertEqual(mapper.versions([kept])[kept], before)

    def test_a_purpose_that_was_taken_away_leads_nowhere(self):
        """Also from a message that was taken before, and an answer that was kept."""
        kept = -self.store().id
        other = self.make_purpose("food")
        self.assertTrue(self.taken_before().payable)
        self.assertIn(kept, self.mapper().versions([kept]))
        self.app.purpose_ids = other
        self.assertFalse(self.taken_before().payable)
        self.assertNotIn(kept, self.mapper().versions([kept]))

    def taken_before(self):
        """The outcome of a message that was taken while its purpose was allowed."""
        now = datetime.now(timezone.utc)
        message = G2P_CONNECT.read(Operation.RESOLVE, self.message(["u-17"]), now, 9)
        facts = self.env["g2p.spar.sender"].get_facts(self.app.client_id)
        exchange = self.env["g2p.spar.connect"].with_user(self.app.user_id)
        [outcome] = exchange.ask(message, facts)
        return outcome

    def test_an_application_that_was_shut_out_is_told_nothing(self):
        consent, mapper = self.store(), self.mapper()
        kept = -consent.id
        for record, name in ((self.app, "may_ask_consent"), (self.purpose, "active")):
            with self.subTest(name):
                record[name] = False
                self.assertIsNone(self.taken_before().fa)
                self.assertEqual(mapper.versions([kept]), {})
                record[name] = True
                [result] = self.ask()
                self.assertTrue(result["fa"])
                self.assertIn(kept, mapper.versions([kept]))
