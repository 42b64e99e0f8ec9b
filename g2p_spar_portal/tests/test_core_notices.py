from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.g2p_spar_fa_reference.core.reference import ProviderRule, Reference
from odoo.addons.g2p_spar_mapper.tests.pure import HOUR, NOW

from ..core import notices
from ..core.account_text import tell_account
from ..core.notices import Asked, Change, Known, Topic
from ..core.settings import CHANNELS, read_channels, read_number, write_channels

DAYS = 30
BEFORE = {"fa_value": "account:1@bank", "name": "A", "state": "active"}


def change(phones=(), **values):
    return Change(
        1, 2, 3, "update", "portal", NOW, "T-1", BEFORE, BEFORE, "k", phones
    )._replace(**values)


def known(value="+254712345678", kind="phone", lang=None, since=HOUR, ended=None):
    ended_at = None if ended is None else NOW - ended
    return Known("k", kind, value, lang, NOW - since, ended_at)


class TestRecipients(BaseCase):
    """Who is told of a change."""

    def told(self, contacts=(), phones=()):
        found = notices.recipients_of(change(phones), contacts, DAYS, "KE")
        return [one.value for one in found]

    def test_table(self):
        day = timedelta(days=1)
        for expected, contact in (
            (True, known()),
            (True, known(since=timedelta())),
            (False, known(since=-HOUR)),
            (True, known(ended=timedelta())),
            (True, known(ended=29 * day)),
            (False, known(ended=30 * day)),
            (True, known(since=40 * day, ended=-HOUR)),
        ):
            with self.subTest(contact=contact):
                self.assertEqual(bool(self.told([contact])), expected)

    def test_each_is_told_once(self):
        contacts = [known(), known(ended=HOUR), known("a@example.org", "email")]
        told = self.told(contacts, ("0712 345 678", "+254712345678"))
        self.assertEqual(told, ["+254712345678", "a@example.org"])

    def test_a_phone_of_the_mapping_is_spoken_to_as_the_person_wants(self):
        """But not as somebody wants who came lately: that may be a thief."""
        old = known("a@example.org", "email", lang="fr_FR", since=31 * 24 * HOUR)
        new = known("b@example.org", "email", lang="hi_IN")
        for lang, contacts in (
            ("fr_FR", [old]),
            ("fr_FR", [new, old]),
            (None, [new]),
            (None, []),
        ):
            told = notices.recipients_of(change(("0712345678",)), contacts, DAYS, "KE")
            with self.subTest(contacts=contacts):
                self.assertEqual(told[-1].lang, lang)

    def test_a_phone_that_is_none_is_named_but_cannot_be_used(self):
        [one] = notices.recipients_of(change(("12345",)), [], DAYS, "KE")
        self.assertEqual((one.value, one.usable), ("12345", False))

    @given(st.lists(st.tuples(st.integers(-90, 90), st.integers(-90, 90)), max_size=8))
    def test_nobody_in_use_is_left_out(self, times):
        contacts = [
            known(f"+2547123456{number:02d}", since=since * HOUR, ended=ended * HOUR)
            for number, (since, ended) in enumerate(times)
        ]
        told = self.told(contacts)
        for one in contacts:
            in_use = one.confirmed_at <= NOW < one.ended_at
            self.assertTrue(not in_use or one.value in told)
        self.assertEqual(len(told), len(set(told)))


class TestTopic(BaseCase):
    """What a version is told as."""

    def test_table(self):
        for expected, values in (
            (Topic.UPDATE, {"fa_value": "account:2@bank"}),
            (Topic.UPDATE, {"fa_value": "account:2@bank", "name": "B"}),
            (Topic.DETAILS, {"name": "B"}),
            (Topic.DETAILS, {"phone": "+1"}),
            (None, {"additional_info": [{"name": "x", "value": 1}]}),
            (None, {"valid_until": "2027-01-01T00:00:00"}),
        ):
            with self.subTest(**values):
                told = notices.topic_of(change(after=BEFORE | values))
                self.assertEqual(told, expected)

    def test_every_step_has_one(self):
        for step in ("link", "unlink", "hold", "release", "suspend", "reinstate"):
            self.assertEqual(notices.topic_of(change(step=step)), step)

    def test_what_follows_a_link_later_has_topics_of_its_own(self):
        other = BEFORE | {"fa_value": "account:2@bank"}
        for expected, values in (
            (Topic.PROPOSED, {"step": "propose"}),
            (Topic.WITHDRAWN, {"step": "withdraw"}),
            (Topic.APPLIED, {"step": "apply", "after": other}),
            (Topic.ROLLED_BACK, {"step": "rollback", "after": other}),
            (Topic.REINSTATE, {"step": "rollback"}),
            (Topic.FAILED, {"step": "report"}),
            (Topic.EXPIRED, {"step": "unlink", "channel": "registry"}),
            (Topic.UNLINK, {"step": "unlink"}),
            (Topic.ENDS, {"step": notices.REMIND, "days": 7}),
            (Topic.ENDED, {"step": notices.REMIND, "days": 0}),
            (None, {"step": "renew"}),
        ):
            with self.subTest(**values):
                self.assertEqual(notices.topic_of(change(**values)), expected)

    def test_what_is_paid_while_a_change_waits(self):
        ended = BEFORE | {"valid_until": "2026-01-01T00:00:00"}
        for expected, held, after in (
            ("paid", False, BEFORE),
            ("held", True, BEFORE | {"state": "on_hold"}),
            ("nothing", False, BEFORE | {"state": "unlinked"}),
            ("nothing", False, ended),
        ):
            asked = Asked({"fa_value": "account:2@bank"}, NOW, held)
            told = change(step="propose", after=after, asked=asked)
            with self.subTest(expected, held=held):
                self.assertEqual(notices.meanwhile_of(told), expected)
                new = notices.asked_account(told)
                self.assertEqual(new["fa_value"], "account:2@bank")

    def test_the_day_to_know_is_that_of_the_wait_the_hold_or_the_end(self):
        until = {"hold_until": "2026-12-01T10:00:00.000001"}
        end = {"valid_until": "2027-01-01T00:00:00"}
        asked = Asked({}, NOW, False)
        for expected, values in (
            (NOW, {"asked": asked, "after": BEFORE | until}),
            (None, {"asked": asked._replace(due_at=None)}),
            ("2026-12-01 10:00:00.000001", {"after": BEFORE | until}),
            (None, {"after": BEFORE | end}),
            ("2027-01-01 00:00:00", {"step": notices.REMIND, "after": BEFORE | end}),
        ):
            with self.subTest(**values):
                day = notices.day_of(change(**values))
                self.assertEqual(day and str(day), expected and str(expected))

    def test_the_number_is_the_persons_own_or_the_versions(self):
        for expected, values in (
            ("T-1", {}),
            ("2-3", {"transaction_id": None}),
            ("2-3", {"channel": "api"}),
        ):
            self.assertEqual(notices.reference_of(change(**values)), expected)


class TestRetry(BaseCase):
    """When a failed message is sent again."""

    def test_table(self):
        for minutes, attempts, failure in (
            (5, 1, "sms_server"),
            (20, 2, "sms_server"),
            (80, 3, "mail_smtp"),
            (5 * 256, 5, "unknown"),
            (None, 6, "sms_server"),
            (None, 1, "sms_number_format"),
            (None, 1, "mail_email_invalid"),
            (None, 1, None),
        ):
            wait = notices.wait_before_retry(attempts, failure)
            with self.subTest(attempts=attempts, failure=failure):
                expected = None if minutes is None else timedelta(minutes=minutes)
                self.assertEqual(wait, expected)


class TestAccountText(BaseCase):
    """An account in a few words; the whole number never."""

    def test_an_address_nobody_can_read_is_masked(self):
        reference = Reference(
            providers_by_code={"pink": ProviderRule(1, "pink", "Pink Wallet")}
        )
        for expected, snapshot in (
            ("", None),
            ("", {}),
            ("account:****890@bank", {"fa_value": "account:1234567890@bank"}),
            ("****890", {"fa_value": "1234567890", "strategy_id": 9}),
        ):
            with self.subTest(snapshot=snapshot):
                self.assertEqual(tell_account(reference, snapshot), expected)


class TestSettingsText(BaseCase):
    """Settings are read from whatever text there is."""

    @given(st.none() | st.text())
    def test_any_text_is_a_setting(self, text):
        self.assertGreaterEqual(read_number(text, 10, least=2), 2)
        self.assertIn("portal", read_channels(text))
        self.assertLessEqual(read_channels(text), set(CHANNELS))

    @given(st.sets(st.sampled_from(CHANNELS)))
    def test_channels_are_read_as_they_were_written(self, chosen):
        self.assertEqual(read_channels(write_channels(chosen)), chosen | {"portal"})
