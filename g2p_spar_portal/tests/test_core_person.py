from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.strategy import compile_strategy

from ..core.login_rules import network_of
from ..core.person import (
    from_epoch,
    is_idle,
    keep_claims,
    read_birthdate,
    read_text,
    to_epoch,
    write_id,
)
from ..core.return_path import local_path

TEMPLATE = "token:{sub}@nationalId"
HOME = "/my/benefit-account"


@tagged("post_install", "-at_install")
class TestCorePerson(BaseCase):
    """Facts of a session, made of claims that may hold anything."""

    def test_ids_hold_the_claim_and_nothing_else(self):
        self.assertEqual(
            write_id(TEMPLATE, {"sub": "a.B-1_x"}), "token:a.B-1_x@nationalId"
        )
        for sub in ("", "a b", "a\n", "\uff41", "a\u202e", "\u00e9"):
            with self.subTest(sub=sub), self.assertRaises(AddressError):
                write_id(TEMPLATE, {"sub": sub})
        with self.assertRaises(AddressError):
            write_id(TEMPLATE, {"name": "x"})

    @given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
    def test_an_id_gives_back_its_claim(self, sub):
        parts = compile_strategy(TEMPLATE).deconstruct(write_id(TEMPLATE, {"sub": sub}))
        self.assertEqual(parts, {"sub": sub})

    @given(st.dictionaries(st.text(), st.none() | st.text() | st.integers()))
    def test_any_claims_can_be_kept(self, claims):
        kept = keep_claims(claims, "abc", TEMPLATE)
        self.assertEqual(kept["id"], {"sub": "abc"})

    def test_the_subject_is_the_verified_one(self):
        kept = keep_claims({"sub": "somebody else"}, "abc", TEMPLATE)
        self.assertEqual(kept["id"], {"sub": "abc"})

    def test_a_name_is_one_line_of_bounded_length(self):
        self.assertEqual(read_text("a\u202eb\x00 c\n"), "a b c")
        self.assertEqual(len(read_text("x" * 10_000)), 200)
        self.assertEqual(read_text("<script>\U0001f600"), "<script>\U0001f600")
        for nothing in (None, "", " \n", 7, ["x"]):
            self.assertIsNone(read_text(nothing))

    def test_birth_dates_in_both_forms(self):
        self.assertEqual(read_birthdate("1987/11/25"), "1987-11-25")
        for nothing in ("25.11.1987", "1987-13-01", "", None, 1987):
            self.assertIsNone(read_birthdate(nothing))

    def test_a_session_is_idle_after_its_minutes_and_not_before(self):
        self.assertFalse(is_idle(1_000, 1_600, 10))
        self.assertTrue(is_idle(1_000, 1_600.1, 10))

    def test_moments_there_and_back(self):
        day = datetime.fromisoformat("1970-01-02")
        self.assertEqual(from_epoch(86_400), day)
        self.assertEqual(to_epoch(day), 86_400)


@tagged("post_install", "-at_install")
class TestCoreReturnPath(BaseCase):
    """A login leads back to this server."""

    def test_pages_of_ours(self):
        for path in (HOME, f"{HOME}/history?page=2", f"{HOME}/change#a", "/my"):
            with self.subTest(path=path):
                self.assertEqual(local_path(path), path)

    def test_everything_else_leads_home(self):
        for path in (
            None,
            b"/my",
            "",
            "x",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "\n//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/my\r\nSet-Cookie: a=b",
            "/my/<script>",
            "/\u2044evil.example",
            "/" + "x" * 500,
            "http://[::1",
        ):
            with self.subTest(path=path):
                self.assertEqual(local_path(path), HOME)

    @given(st.text())
    def test_no_text_leads_to_another_server(self, text):
        path = local_path(text)
        self.assertRegex(path, r"\A/(?![/\\])[!-~]*\Z")


@tagged("post_install", "-at_install")
class TestCoreNetwork(BaseCase):
    """Whose attempts are counted together."""

    def test_an_address_and_a_home(self):
        rows = {
            "192.0.2.7": "192.0.2.7",
            "::ffff:192.0.2.7": "192.0.2.7",
            "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
            "2001:db8:1:2::9": "2001:db8:1:2::/64",
            "": "unknown",
            "x": "unknown",
        }
        for address, network in rows.items():
            with self.subTest(address=address):
                self.assertEqual(network_of(address), network)
