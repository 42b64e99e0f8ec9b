from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..core.commands import Origin, StoredKey
from ..core.reading import Reader, Unreadable
from ..core.reason import Cause
from ..core.resolving import read_questions
from ..core.sandbox import (
    BEHIND_MARK,
    MARK,
    bare,
    is_in_sandbox,
    is_name,
    prefix_of,
    prefix_of_key,
)
from ..core.state import Step
from .pure import (
    FA,
    ID,
    OTHER_FA,
    REFERENCE,
    Registry,
    link_item,
    resolve_item,
    step_item,
    unlink_item,
)

_NAMES = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}[a-z0-9]", fullmatch=True)
_ROOMS = (None, "red", "blue")
_IDS = ("token:A@nationalId", "token:B@nationalId", "opaque")
_FAS = (FA, OTHER_FA, "opaque-address")
_TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(max_size=20).map(lambda text: f"token:{MARK}red{MARK}{text}@"),
    st.text(max_size=20).map(lambda text: f"{MARK}red{MARK}{text}"),
)


def _in(room, **values):
    return Origin(sandbox=room, may_reverse=True, may_prefix=True, **values)


class TestKeys(BaseCase):
    def test_names(self):
        table = {
            "pbms": True,
            "17": True,
            "a.b_c-d": True,
            "x" * 40: True,
            "x" * 41: False,
            "": False,
            "Pbms": False,
            "-a": False,
            f"a{MARK}b": False,
            "a\n": False,
        }
        for name, fit in table.items():
            with self.subTest(name=name):
                self.assertIs(is_name(name), fit)
                if not fit:
                    self.assertRaises(ValueError, prefix_of, name)

    @given(_NAMES, st.text().filter(lambda text: MARK not in text))
    def test_a_key_tells_its_sandbox(self, name, key):
        inside = prefix_of(name) + key
        self.assertTrue(is_in_sandbox(inside))
        self.assertEqual(prefix_of_key(inside), prefix_of(name))
        self.assertEqual(bare(inside), key)
        self.assertTrue(MARK <= inside < BEHIND_MARK)
        self.assertFalse(is_in_sandbox(key))

    @given(_NAMES, _NAMES, st.text(), st.text())
    def test_no_key_belongs_to_two_sandboxes(self, one, other, key, other_key):
        if one != other:
            self.assertNotEqual(prefix_of(one) + key, prefix_of(other) + other_key)
            longer = prefix_of(one) + key
            self.assertFalse(longer.startswith(prefix_of(other)))

    @given(_TEXTS, st.sampled_from((*_ROOMS,)), st.booleans())
    def test_nobody_can_ask_for_another_rooms_key(self, text, room, by_address):
        """Whatever is sent, the keys that are looked for lie in the own room."""
        asked = {"id": None, "fa": text} if by_address else {"id": text}
        origin = _in(room)
        reader = Reader(REFERENCE, origin)
        _outcomes, questions = read_questions([resolve_item(**asked)], reader, origin)
        for _index, _item, *keys in questions:
            for key in filter(None, keys):
                self.assertEqual(prefix_of_key(key), prefix_of(room))
                self.assertNotIn(MARK, bare(key))

    @given(_TEXTS, st.sampled_from((*_ROOMS,)))
    def test_what_is_linked_stays_in_the_own_room(self, text, room):
        reader = Reader(REFERENCE, _in(room))
        for item in (link_item(id=text), link_item(fa=text), unlink_item(fa=text)):
            try:
                entry = getattr(reader, "unlink" if len(item) == 3 else "link")(0, item)
            except Unreadable:
                continue
            self.assertEqual(prefix_of_key(entry.id.id_key), prefix_of(room))
            if entry.fa:
                self.assertEqual(prefix_of_key(entry.fa.fa_key), prefix_of(room))


class TestRooms(BaseCase):
    """Two sandboxes and the registry proper, used at once, do not touch."""

    def setUp(self):
        super().setUp()
        self.registry = Registry()

    def _ask(self, room, **values):
        (outcome,) = self.registry.resolve(resolve_item(**values), origin=_in(room))
        return outcome

    def test_same_id_in_each_room(self):
        for room, fa in zip(_ROOMS, _FAS, strict=True):
            causes = self.registry.causes(Step.LINK, link_item(fa=fa), origin=_in(room))
            self.assertEqual(causes, [Cause.DONE])
        for room, fa in zip(_ROOMS, _FAS, strict=True):
            with self.subTest(room=room):
                self.assertEqual(self._ask(room).fa, fa)

    def test_reverse_lookup_stays_in_the_room(self):
        self.registry.run(Step.LINK, link_item(), origin=_in("red"))
        self.assertEqual(self._ask("red", id=None, fa=FA).id, ID)
        for room in (None, "blue"):
            outcome = self._ask(room, id=None, fa=FA)
            self.assertEqual((outcome.cause, outcome.id), (Cause.FA_NOT_FOUND, None))

    def test_match_of_id_and_address(self):
        self.registry.run(Step.LINK, link_item(), origin=_in("red"))
        self.assertEqual(self._ask("red", fa=FA).cause, Cause.ID_ACTIVE)
        self.assertEqual(self._ask("red", fa=OTHER_FA).cause, Cause.FA_NOT_LINKED)
        self.assertEqual(self._ask(None, fa=FA).cause, Cause.ID_NOT_FOUND)

    def test_same_again_and_another_address(self):
        self.registry.run(Step.LINK, link_item(), origin=_in("red"))
        again = self.registry.causes(Step.LINK, link_item(), origin=_in("red"))
        self.assertEqual(again, [Cause.UNCHANGED])
        other = self.registry.causes(
            Step.LINK, link_item(fa=OTHER_FA), origin=_in("red")
        )
        self.assertEqual(other, [Cause.ALREADY_LINKED])

    def test_unlink_compares_the_address_in_the_room(self):
        self.registry.run(Step.LINK, link_item(), origin=_in("red"))
        unlinked = self.registry.causes(
            Step.UNLINK, unlink_item(fa=FA), origin=_in("red")
        )
        self.assertEqual(unlinked, [Cause.DONE])

    def test_staff_at_a_mapping_of_a_sandbox_stay_in_it(self):
        """They have its key, and no sandbox of their own."""
        self.registry.run(Step.LINK, link_item(), origin=_in("red"))
        key = StoredKey(prefix_of("red") + ID.lower().replace("ab_1", "Ab_1"))
        staff = Origin(channel="staff", reason="Test")
        self.registry.run(Step.HOLD, step_item(id=key), origin=staff)
        self.registry.run(Step.RELEASE, step_item(id=key), origin=staff)
        done = self.registry.causes(
            Step.UPDATE, link_item(id=key, fa=OTHER_FA), origin=staff
        )
        self.assertEqual(done, [Cause.DONE])
        self.assertEqual(len(self.registry.stored), 1)
        self.assertEqual(
            self._ask(None, id=None, fa=OTHER_FA).cause, Cause.FA_NOT_FOUND
        )
        self.assertEqual(self._ask("red", id=None, fa=OTHER_FA).id, ID)

    @given(
        st.lists(
            st.tuples(
                st.sampled_from((Step.LINK, Step.UPDATE, Step.UNLINK)),
                st.sampled_from(_ROOMS),
                st.sampled_from(_IDS),
                st.sampled_from(_FAS),
            ),
            max_size=25,
        )
    )
    def test_each_room_answers_as_if_it_were_alone(self, calls):
        """Any mixture of calls gives each caller what it would get by itself."""
        together, alone = Registry(), {room: Registry() for room in _ROOMS}
        for step, room, person, fa in calls:
            item = (
                unlink_item(id=person)
                if step == Step.UNLINK
                else link_item(id=person, fa=fa)
            )
            mixed = together.causes(step, item, origin=_in(room))
            self.assertEqual(mixed, alone[room].causes(step, item))
        reverse = Origin(may_reverse=True, may_prefix=True)
        asked = [resolve_item(reference_id=one, id=one) for one in _IDS]
        asked += [resolve_item(reference_id=one, id=None, fa=one) for one in _FAS]
        for room in _ROOMS:
            outcomes = together.resolve(*asked, origin=_in(room))
            expected = alone[room].resolve(*asked, origin=reverse)
            self.assertEqual(
                [(one.cause, one.fa, one.id) for one in outcomes],
                [(one.cause, one.fa, one.id) for one in expected],
            )
