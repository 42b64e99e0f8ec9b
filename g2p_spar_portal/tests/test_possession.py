from odoo import fields
from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA

from .common import PortalCase

PHONE, LOCAL = "+254712345678", "0712345678"


@tagged("post_install", "-at_install")
class TestPossession(PortalCase):
    """A code proves a wallet exactly when it came to the wallet's own phone."""

    def setUp(self):
        super().setUp()
        self.env.company.country_id = self.env.ref("base.ke")
        self.amina = self.person("amina")

    def make_wallets(self):
        """Let the accounts of these tests be wallets on phones."""
        kind = self.env.ref(
            "g2p_spar_fa_reference.g2p_spar_provider_kind_mobile_wallet"
        )
        self.fa_type.kind_id = self.provider.kind_id = kind

    def confirm(self, number):
        """Confirm a phone with a code. :return: the level of the account"""
        now = fields.Datetime.now()
        asked = self.env["g2p.spar.contact"].create(
            {
                "identity_id": self.amina.identity_id,
                "id_key": self.mapping("amina").id_key,
                "kind": "phone",
                "value": number,
                "state": "asked",
                "asked_at": now,
            }
        )
        asked._use(self.amina)
        self.env.flush_all()
        return self.mapping("amina").verification_level

    def test_the_phone_of_the_wallet_proves_it(self):
        self.make_wallets()
        self.link("amina", fa=BANK_FA % LOCAL)
        self.assertEqual(self.confirm("+254712345679"), "1")
        self.assertEqual(self.confirm(PHONE), "2")
        check = self.mapping("amina").verification_ids
        self.assertEqual((check.rung, check.channel), ("2", "portal"))
        self.assertTrue(check.evidence.startswith("contact "))

    def test_a_bank_account_that_looks_like_the_phone_is_not_proved(self):
        self.link("amina", fa=BANK_FA % LOCAL)
        self.assertEqual(self.confirm(PHONE), "1")

    def test_an_account_that_was_taken_away_is_not_proved(self):
        self.make_wallets()
        self.link("amina", fa=BANK_FA % LOCAL)
        self.mapper().unlink(self.unlink_items("amina"))
        self.confirm(PHONE)
        self.assertFalse(self.mapping("amina").verification_ids)
