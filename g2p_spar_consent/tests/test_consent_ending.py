from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.g2p_spar_connect_api.models.g2p_spar_message_payload import unpack
from odoo.addons.g2p_spar_mapper.tests.common import NATIONAL_ID

from ..core.consent import State
from .common import ConsentCase


@tagged("post_install", "-at_install")
class TestConsentEnding(ConsentCase):
    """The end of consents, and who is told of it."""

    def setUp(self):
        super().setUp()
        self.app.callback_url = "https://school.example.org/spar"
        self.env.company.country_id = self.env.ref("base.ke")
        self.link("amina", "bola", phone_number="+254712345678")

    def expire(self, moment):
        with freeze_time(moment):
            return self.env["g2p.spar.consent"]._expire_page()

    def deliveries(self):
        return self.env["g2p.spar.delivery"].search(
            [("sender_id", "=", self.app.id), ("operation", "=", "consent")]
        )

    def notices(self, consent):
        return self.env["g2p.spar.notice"].search(
            [("reference", "=", consent.reference)]
        )

    def body(self, delivery):
        self.env.flush_all()
        return self.env["g2p.spar.delivery"]._read_content(delivery)

    def test_time_ends_it_by_itself(self):
        consent, other = self.store(), self.store("bola", "b")
        other.until = consent.until + timedelta(days=1)
        self.assertEqual(self.expire(consent.until - timedelta(seconds=1)), 0)
        self.assertEqual(consent.state, "active")
        self.assertEqual(self.expire(consent.until), 1)
        self.assertEqual(consent.state, "expired")
        self.assertEqual(consent.ended_at, consent.until)
        self.assertEqual(other.state, "active")

    def test_the_link_is_deleted_however_it_ends(self):
        over, stopped = self.store(token="a"), self.store(token="b")
        stopped._end(State.WITHDRAWN)
        self.expire(over.until)
        self.person("amina")
        former, latest = self.agree(), self.agree()
        self.assertEqual(former.state, "replaced")
        asked = self.env["g2p.spar.consent.request"].search(
            [("sender_id", "=", self.app.id)]
        )
        self.env.flush_all()
        for one in (over, stopped, former, *asked):
            self.assertIsNone(self.link_of(one))
        self.assertTrue(self.link_of(latest))

    def link_of(self, one):
        """What leads from the application to the person, as it is stored."""
        table = SQL.identifier(one._table)
        [[found]] = self.env.execute_query(
            SQL("SELECT token_key FROM %s WHERE id = %s", table, one.id)
        )
        return found

    def test_the_application_is_told_once_for_all(self):
        consent, other = self.store(), self.store("bola", "b")
        self.expire(max(consent.until, other.until))
        delivery = self.deliveries()
        self.assertEqual(len(delivery), 1)
        raw = unpack(delivery.content)
        for one in (consent, other):
            self.assertIn(one.reference.encode(), raw)
            self.assertIn(one.request_name.encode(), raw)
        self.assertIn(b'"expired"', raw)
        for secret in (b"amina", b"bola", b"u-17"):
            self.assertNotIn(secret, raw)

    def test_the_callback_goes_below_the_registered_address(self):
        consent = self.store()
        consent._end(State.WITHDRAWN)
        self.env.flush_all()
        facts = self.env["g2p.spar.sender"].get_facts(self.app.client_id)
        url = self.deliveries()._find_url(facts)
        self.assertEqual(url, "https://school.example.org/spar/on-consent")
        parcel = self.deliveries()._to_parcel()
        self.assertIn(b'"on-consent"', parcel.raw)

    def test_without_an_address_nothing_is_posted(self):
        self.app.callback_url = False
        self.store()._end(State.WITHDRAWN)
        self.assertFalse(self.deliveries())

    def test_the_person_is_told(self):
        consent = self.store()
        self.expire(consent.until)
        [notice] = self.notices(consent)
        self.assertEqual(notice.topic, "consent_expired")
        self.assertIn("School Fees Online", notice.body)
        self.assertIn(consent.reference, notice.body)
        self.assertEqual(notice.value, "+254712345678")
        self.assertEqual(notice.state, "queued")

    def test_an_end_is_told_once(self):
        consent = self.store()
        consent._end(State.WITHDRAWN)
        consent._end(State.WITHDRAWN)
        self.expire(consent.until)
        self.assertEqual(len(self.notices(consent)), 1)
        self.assertEqual(len(self.deliveries()), 1)
        self.assertEqual(consent.state, "withdrawn")

    def test_agreeing_is_told_too(self):
        self.person("amina")
        consent = self.agree()
        [notice] = self.notices(consent)
        self.assertEqual(notice.topic, "consent_given")
        self.assertIn("may ask about your benefit account until", notice.body)

    def test_the_statements_do_not_grow_with_the_consents(self):
        def ended(count):
            consents = self.env["g2p.spar.consent"]
            for number in range(count):
                consents += self.store(token=f"{count}-{number}")
            self.env.flush_all()
            self.env.invalidate_all()
            begin = self.cr.sql_log_count
            with freeze_time(consents[-1].until):
                self.env["g2p.spar.consent"]._expire_page()
            self.env.flush_all()
            return self.cr.sql_log_count - begin

        ended(3)
        self.assertLessEqual(ended(12) - ended(6), 3)

    def test_the_office_ends_it_for_a_person(self):
        consent, over = self.store(), self.store(token="over")
        over._end(State.WITHDRAWN)
        both = (consent + over).with_user(self.manager)
        with self.assertLogs("odoo.addons.g2p_spar_portal.audit") as logs:
            both.action_withdraw()
        self.assertEqual(consent.state, "withdrawn")
        [line] = logs.output
        self.assertIn(consent.reference, line)
        self.assertIn(f'"user":{self.manager.id}', line)

    def test_a_resolve_finds_nothing_from_that_moment_on(self):
        consent = self.store()
        [result] = self.ask()
        self.assertTrue(result["fa"])
        consent._end(State.WITHDRAWN)
        [result] = self.ask()
        self.assertIsNone(result["fa"])
        self.assertEqual(result["status_reason_code"], "succ.id.not_found")
        self.assertTrue(self.mapping("amina"), NATIONAL_ID % "amina")
