from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.g2p_spar_mapper.core.commands import (
    LinkItem,
    ResolveItem,
    UnlinkItem,
)
from odoo.addons.g2p_spar_mapper.core.reason import Cause, Operation

from ..core.items import read_items
from ..core.moment import latest_fit
from .samples import FA, ID, NOW, item
from .test_core_json_body import JSON

LATEST = latest_fit(NOW)
NO_TEXTS = (5, 1.5, True, [], {}, ["a"])


@tagged("post_install", "-at_install")
class TestItems(BaseCase):
    def _one(self, operation, raw):
        """Read one item: the cause it is refused for, or what is asked."""
        items = read_items(Operation(operation), [raw], LATEST)
        return items.refused.get(0) or items.asked[0]

    def test_link(self):
        info = [{"name": "a", "value": 1}]
        raw = item(fa=FA, name="N", phone_number="+1", additional_info=info)

        for operation in ("link", "update"):
            with self.subTest(operation):
                self.assertEqual(
                    self._one(operation, raw), LinkItem("r1", ID, FA, "N", "+1", info)
                )

    def test_update_with_empty_address_leaves_it(self):
        for fa in ("", None):
            with self.subTest(fa=fa):
                self.assertIsNone(self._one("update", item(fa=fa)).fa)

    def test_link_with_empty_address_is_the_registrys_to_refuse(self):
        self.assertEqual(self._one("link", item(fa="")).fa, "")

    def test_unlink(self):
        for fa, read in ((FA, FA), ("", None), (None, None)):
            with self.subTest(fa=fa):
                self.assertEqual(
                    self._one("unlink", item(fa=fa)), UnlinkItem("r1", ID, read)
                )

    def test_resolve(self):
        for scope, details in (
            ("details", True),
            ("yes_no", False),
            (None, False),
            ("", False),
        ):
            with self.subTest(scope=scope):
                self.assertEqual(
                    self._one("resolve", item(scope=scope, fa="")),
                    ResolveItem("r1", ID, None, details),
                )
        self.assertFalse(self._one("resolve", item()).details)

    def test_resolve_scope(self):
        for scope in ("Details", "all", 1, True, [], {"a": 1}):
            with self.subTest(scope=scope):
                self.assertEqual(
                    self._one("resolve", item(scope=scope)), Cause.SCOPE_INVALID
                )

    def test_not_an_object(self):
        for operation in Operation:
            for raw in (None, 1, "a", [], [["reference_id", "r1"]], True):
                with self.subTest(operation=operation, raw=raw):
                    self.assertEqual(self._one(operation, raw), Cause.ITEM_INVALID)

    def test_reference(self):
        bad = (None, "", "x" * 100, "a\0", "a\nb", "\ud800", "\x7f", *NO_TEXTS)
        for operation in Operation:
            for reference in bad:
                with self.subTest(operation=operation, reference=reference):
                    self.assertEqual(
                        self._one(operation, item(reference, fa=FA)),
                        Cause.REFERENCE_INVALID,
                    )
            good = self._one(operation, item("é" * 99, fa=FA))
            self.assertEqual(good.reference_id, "é" * 99)

    def test_timestamp(self):
        bad = (None, "", "now", "2027-03-01T00:00:00Z", "9999-01-01", *NO_TEXTS)
        for operation in Operation:
            for stamp in bad:
                with self.subTest(operation=operation, stamp=stamp):
                    self.assertEqual(
                        self._one(operation, item(timestamp=stamp, fa=FA)),
                        Cause.TIMESTAMP_INVALID,
                    )

    def test_no_text_where_text_belongs(self):
        for operation in Operation:
            for wrong in NO_TEXTS:
                with self.subTest(operation=operation, wrong=wrong):
                    self.assertEqual(
                        self._one(operation, item(id=wrong, fa=FA)), Cause.ID_INVALID
                    )
                    self.assertEqual(
                        self._one(operation, item(fa=wrong)), Cause.FA_INVALID
                    )

    def test_missing_id(self):
        raw = item(fa=FA)
        del raw["id"]
        for operation in ("link", "update", "unlink"):
            with self.subTest(operation):
                self.assertEqual(self._one(operation, raw), Cause.ID_INVALID)
        self.assertIsNone(self._one("resolve", raw).id)

    def test_neighbours_are_untouched(self):
        raws = [item("a", fa=FA), None, item("c", fa=FA)]

        items = read_items(Operation.LINK, raws, LATEST)

        self.assertEqual(items.refused, {1: Cause.ITEM_INVALID})
        self.assertEqual(
            items.for_registry(),
            [LinkItem("a", ID, FA), Cause.ITEM_INVALID, LinkItem("c", ID, FA)],
        )

    def test_refused_item_keeps_what_is_repeated(self):
        raws = [item(timestamp="", id="X"), item(5), item(id=[])]

        asked = read_items(Operation.LINK, raws, LATEST).asked

        self.assertEqual([a.reference_id for a in asked], ["r1", "", "r1"])
        self.assertEqual([a.id for a in asked], ["X", ID, None])

    @given(st.sampled_from(Operation), st.lists(JSON, max_size=5))
    def test_any_json(self, operation, raws):
        items = read_items(operation, raws, LATEST)

        self.assertEqual(len(items.asked), len(raws))
        self.assertEqual(len(items.for_registry()), len(raws))

    @given(
        st.sampled_from(Operation),
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                ("reference_id", "timestamp", "id", "fa", "scope", "name"), JSON
            ),
        ),
    )
    def test_any_fields(self, operation, fields):
        items = read_items(operation, [item(fa=FA) | fields], LATEST)

        self.assertIsInstance(items.asked[0].reference_id, str)
