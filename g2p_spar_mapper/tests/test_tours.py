from odoo.tests import HttpCase, tagged

from .common import BANK_FA, NATIONAL_ID, MapperCase


@tagged("post_install", "-at_install")
class TestTours(HttpCase, MapperCase):
    """What an officer does, in a browser."""

    def tour(self, name):
        path = "/odoo/spar-mappings"
        self.start_tour(path, name, login=self.officer.login)

    def test_hold_several(self):
        self.link("amina", name="Amina Tour")
        self.link("baraka", name="Baraka Tour")
        self.step("suspend", "baraka")

        self.tour("g2p_spar_mapper_bulk_hold")

        self.assertEqual(self.mapping("amina").state, "on_hold")
        self.assertEqual(self.mapping("amina").reason, "Audit of the branch")
        self.assertEqual(self.mapping("baraka").state, "suspended")

    def test_link(self):
        self.tour("g2p_spar_mapper_link")

        mapping = self.mapping("tourperson")
        self.assertEqual(mapping.id_value, NATIONAL_ID % "tourperson")
        self.assertEqual(mapping.fa_value, BANK_FA % "12345")
        self.assertEqual(mapping.user_id, self.officer)
