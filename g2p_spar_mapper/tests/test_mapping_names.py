from unittest.mock import patch

from odoo.tests import tagged

from ..models import g2p_spar_mapping_names
from .common import MapperCase

PEOPLE = ("amina", "biru", "chala", "dera", "efua", "fatou")


@tagged("post_install", "-at_install")
class TestMappingNames(MapperCase):
    """A part of a name finds the same people, in the same order, near and far."""

    def setUp(self):
        super().setUp()
        self.link(*PEOPLE[:4], name="Quillon of the hills")
        self.link(*PEOPLE[4:], name="Somebody else")
        self.people = [self.mapping(one).id for one in reversed(PEOPLE[:4])]

    def near(self, numbers):
        """Let so many of the newest numbers count as near."""
        return patch.object(g2p_spar_mapping_names, "NEWEST", numbers)

    def search(self, text="quillon", **kwargs):
        found = self.env["g2p.spar.mapping"].search([("name", "ilike", text)], **kwargs)
        return found.ids

    def test_near_and_far_give_the_same_pages(self):
        newest = self.env["g2p.spar.mapping"]._newest_number()
        for numbers in (0, 1, 3, 4, newest - 1, newest):
            for offset in range(5):
                for limit in (1, 2, 3, 4, 80):
                    with self.subTest(near=numbers, offset=offset, limit=limit):
                        with self.near(numbers):
                            found = self.search(offset=offset, limit=limit)
                        self.assertEqual(found, self.people[offset : offset + limit])

    def test_other_orders_and_no_limit_are_as_they_are(self):
        with self.near(1):
            self.assertEqual(self.search(), self.people)
            self.assertEqual(self.search(order="id", limit=2), self.people[::-1][:2])

    def test_other_conditions_hold_near_and_far(self):
        last, other = self.people[0], self.mapping("efua").id
        for numbers in (1, 40_000):
            with self.near(numbers), self.subTest(near=numbers):
                found = self.env["g2p.spar.mapping"].search(
                    [("name", "ilike", "quillon"), ("id", "!=", last)], limit=2
                )
                self.assertEqual(found.ids, self.people[1:3])
                either = ["|", ("name", "ilike", "quillon"), ("id", "=", other)]
                found = self.env["g2p.spar.mapping"].search(either, limit=2)
                self.assertEqual(found.ids, [other, last])

    def test_a_list_shows_them_and_how_many_there_are(self):
        for numbers in (1, 40_000):
            with self.near(numbers), self.subTest(near=numbers):
                page = self.env["g2p.spar.mapping"].web_search_read(
                    [("name", "ilike", "quillon")], {"name": {}}, limit=2
                )
                self.assertEqual(page["length"], 4)
                self.assertEqual(
                    [one["id"] for one in page["records"]], self.people[:2]
                )

    def test_what_is_far_is_not_walked_to(self):
        query = self.asked(1, "quillon")
        self.assertIn('"g2p_spar_mapping"."id" + 0 DESC', query)
        # Found near, or not to be found by the index of names at all.
        self.assertNotIn("+ 0", self.asked(40_000, "quillon"))
        self.assertNotIn("+ 0", self.asked(1, "qu"))

    def asked(self, numbers, text):
        """The statement by which a page is read."""
        with self.near(numbers):
            domain = [("name", "ilike", text)]
            mappings = self.env["g2p.spar.mapping"]
            return mappings._search(domain, limit=80, order="id desc").select().code
