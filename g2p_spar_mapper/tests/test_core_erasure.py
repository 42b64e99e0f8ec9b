from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..core.erasure import DROPPED, KEY_MARK, REPLACED, WORD, Pseudonyms


def digest(text, purpose):
    """Stands for the keyed hash: another text for another text or purpose."""
    return f"{abs(hash((text, purpose))):022d}"


@tagged("post_install", "-at_install")
class TestPseudonyms(BaseCase):
    def test_the_same_value_of_a_mapping_has_one_pseudonym(self):
        names = Pseudonyms(7, digest)
        self.assertEqual(names.of("a"), names.of("a"))
        self.assertNotEqual(names.of("a"), names.of("b"))
        self.assertNotEqual(names.of("a"), Pseudonyms(8, digest).of("a"))
        self.assertTrue(names.of_key("a").startswith(KEY_MARK + WORD))

    def test_a_person_is_found_again_by_the_id(self):
        first, second = (Pseudonyms(number, digest) for number in (7, 8))
        one, other = first.of_person("x@nid"), second.of_person("x@nid")
        self.assertNotEqual(one, other)
        self.assertEqual(one.removesuffix("-7"), other.removesuffix("-8"))

    @given(
        st.dictionaries(
            st.sampled_from((*REPLACED, *DROPPED, "state", "provider_id")),
            st.text(min_size=4),
        )
    )
    def test_nothing_personal_is_left_of_a_snapshot(self, snapshot):
        left = Pseudonyms(7, digest).of_snapshot(snapshot)
        self.assertFalse(left.keys() & set(DROPPED))
        for name, value in left.items():
            if name in REPLACED:
                self.assertTrue(value.startswith(WORD))
            else:
                self.assertEqual(value, snapshot[name])

    def test_there_is_no_snapshot_before_the_first(self):
        self.assertIsNone(Pseudonyms(7, digest).of_snapshot(None))
