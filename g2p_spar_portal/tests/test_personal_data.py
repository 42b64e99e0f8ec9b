from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.commands import LinkItem
from odoo.addons.g2p_spar_mapper.core.reason import Cause
from odoo.addons.g2p_spar_mapper.tests.common import (
    BANK_FA,
    STAFF,
    MapperCase,
    account_of,
)
from odoo.addons.g2p_spar_mapper.tests.test_erasure import find_text

from ..core.notices import Topic
from .contact_common import ContactMixin

PHONE, EMAIL = "+254712399881", "zuri.unheard@example.org"


@tagged("post_install", "-at_install")
class TestPersonalData(ContactMixin, MapperCase):
    """What the portal keeps of a person is told, and goes with the person."""

    def setUp(self):
        super().setUp()
        self.confirmed("zuri", "phone", PHONE)
        self.confirmed("zuri", "email", EMAIL)
        self.link("zuri", name="Zuri Unheard", phone_number=PHONE)
        self.read()
        self.zuri = self.mapping("zuri")

    def erase(self):
        [outcome] = self.step("erase", "zuri", user=self.manager)
        self.assertEqual(outcome.cause, Cause.DONE)

    def test_it_is_told(self):
        told = self.env["g2p.spar.personal.data"]._collect(self.zuri)
        self.assertEqual({one["value"] for one in told["contacts"]}, {PHONE, EMAIL})
        self.assertEqual({one["topic"] for one in told["notices"]}, {"link"})
        self.assertEqual(len(told["logins"]), 1)

    def test_it_goes(self):
        said = (PHONE, EMAIL, account_of("zuri"), "Zuri Unheard")
        self.assertTrue(find_text(self.env, *said))
        notices = self.notices("zuri")
        self.erase()
        self.assertEqual(find_text(self.env, *said), [])
        self.env.invalidate_all()
        self.assertEqual(set(notices.mapped("topic")), {"link"})
        self.assertEqual(notices.mapped("body"), [False] * len(notices))
        # They waited to be sent, and would wait for ever.
        self.assertEqual(set(notices.mapped("state")), {"failed"})

    def test_what_was_told_of_contacts_and_language_goes(self):
        """Also to a former phone that nobody knows any more, and before the link."""
        notice, contacts = self.env["g2p.spar.notice"], self.env["g2p.spar.contact"]
        phone = contacts.search([("value", "=", PHONE)])
        notice._announce_language(phone, "fr_FR")
        notice.search([("topic", "=", "language")]).mapping_id = False
        contact = contacts.search([("value", "=", EMAIL)])
        notice._announce_language(contact, "fr_FR")
        notice._announce(contact, Topic.CONTACT_SET)
        told = self.env["g2p.spar.personal.data"]._collect(self.zuri)["notices"]
        topics = {one["topic"] for one in told}
        self.assertEqual(topics, {"link", "language", "contact_set"})
        contact.unlink()
        self.erase()
        self.assertEqual(find_text(self.env, PHONE, EMAIL), [])

    def test_messages_to_others_at_the_same_phone_stay(self):
        self.link("zola", name="Zola Unheard", phone_number=PHONE)
        self.read()
        texts = self.env["sms.sms"]
        self.assertEqual(texts.search_count([("number", "=", PHONE)]), 2)
        self.erase()
        left = texts.search([("number", "=", PHONE)])
        self.assertEqual(left.body, self.notices("zola").body)

    def test_an_account_that_was_typed_goes(self):
        drafts = self.env["g2p.spar.change.draft"]
        fa_type = self.env["g2p.spar.fa.type"].search([], limit=1)
        drafts._begin(self.identity.id, fa_type.id)
        self.erase()
        self.assertFalse(drafts.search([("identity_id", "=", self.identity.id)]))

    def test_the_login_is_somebody_new_afterwards(self):
        provider, before = self.identity.provider_id, self.identity
        self.erase()
        self.env.invalidate_all()
        self.assertFalse(before.active or before.user_id.active)
        again = self.env["g2p.spar.identity"]._find_or_create(provider, "contacts")
        self.assertNotEqual((again, again.user_id), (before, before.user_id))

    def test_a_login_is_found_by_the_id_that_its_subject_makes(self):
        """Whoever logged in and left no contact is known by nothing else."""
        provider = self.identity.provider_id
        provider.spar_id_type_id = self.env.ref(
            "g2p_spar_fa_reference.g2p_spar_id_type_national_id"
        )
        identities = self.env["g2p.spar.identity"]
        # The second stands in the ID as well, and makes another one.
        own, other = (
            identities._find_or_create(provider, subject)
            for subject in ("zuri", "token")
        )
        told = self.env["g2p.spar.personal.data"]._collect(self.zuri)
        self.assertEqual(len(told["logins"]), 2)
        self.erase()
        self.env.invalidate_all()
        self.assertEqual((own.active, other.active), (False, True))

    def test_a_login_is_found_whatever_is_kept_of_the_id(self):
        """The ID may be kept as a hash, be short, or differ in small letters."""
        identities = self.env["g2p.spar.identity"]
        data = self.env["g2p.spar.personal.data"]
        for code, subject, linked, values in (
            ("short", "Zo", "zo", {"case_significant": False}),
            ("hashed", "zuhura", "zuhura", {"keyed_hash": True}),
        ):
            with self.subTest(code):
                provider = self.identity.provider_id
                provider.spar_id_type_id = self.env["g2p.spar.id.type"].create(
                    {"name": code, "code": code, "template": f"{code}:{{sub}}@test"}
                    | values
                )
                own = identities._find_or_create(provider, subject)
                identities._find_or_create(provider, "z")
                item = LinkItem(
                    "1", f"{code}:{linked}@test", BANK_FA % account_of(subject)
                )
                self.mapper().link([item], STAFF)
                mapping = self.env["g2p.spar.mapping"].search([], limit=1)
                found = data._identities(mapping.id_key, mapping.id_value)
                self.assertEqual(found, own)

    def test_nobody_is_told_of_it(self):
        self.erase()
        self.read()
        self.assertEqual(set(self.notices_of(self.zuri).mapped("topic")), {"link"})

    def test_what_was_not_told_before_is_told_to_nobody(self):
        """Not as a message that failed, to a pseudonym in the place of a phone."""
        self.step("hold", "zuri")
        self.step("release", "zuri", user=self.manager)
        self.erase()
        self.read()
        self.assertEqual(set(self.notices_of(self.zuri).mapped("topic")), {"link"})

    def notices_of(self, mapping):
        return self.env["g2p.spar.notice"].search([("mapping_id", "=", mapping.id)])

    def test_others_keep_theirs(self):
        identities = self.env["g2p.spar.identity"]
        other = identities._find_or_create(self.identity.provider_id, "others")
        self.confirmed("zola", "phone", "+254712399882", identity_id=other.id)
        self.erase()
        kept = self.env["g2p.spar.contact"].search([("value", "=", "+254712399882")])
        self.assertEqual(kept.state, "confirmed")
