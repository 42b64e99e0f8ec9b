from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase


class ReferenceCommon(TransactionCase):
    """Own records, so that no test stands on demonstration data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls._create_kind()
        cls.fa_type = cls._create_fa_type()
        cls.provider = cls._create_provider()

    @contextmanager
    def assertRefused(self, sentence, exception=ValidationError):
        """Expect a refusal with ``sentence`` in it, and undo what came before it."""
        # Unlike assertRaisesRegex, Odoo's assertRaises has a savepoint.
        with self.assertRaises(exception) as caught:
            yield
        self.assertIn(sentence, str(caught.exception))

    @classmethod
    def _create_kind(cls, **values):
        return cls.env["g2p.spar.provider.kind"].create(
            {"name": "Cooperative", "code": "coop"} | values
        )

    @classmethod
    def _create_provider(cls, **values):
        defaults = {"name": "North Coop", "code": "NorthC", "kind_id": cls.kind.id}
        return cls.env["g2p.spar.provider"].create(defaults | values)

    @classmethod
    def _create_branch(cls, **values):
        defaults = {"name": "Market", "code": "M1", "provider_id": cls.provider.id}
        return cls.env["g2p.spar.branch"].create(defaults | values)

    @classmethod
    def _create_fa_type(cls, **values):
        defaults = {
            "name": "Share",
            "code": "SHARE",
            "alias_codes": "PART, QUOTA",
            "kind_id": cls.kind.id,
            "part_ids": [
                Command.create(
                    {
                        "name": "coop_code",
                        "label": "Cooperative",
                        "source": "provider",
                        "aliases": "coop",
                        "required": True,
                        "sequence": 1,
                    }
                ),
                Command.create(
                    {
                        "name": "member_number",
                        "label": "Member number",
                        "check": "digits",
                        "required": True,
                        "sensitive": True,
                        "sequence": 2,
                    }
                ),
            ],
        }
        return cls.env["g2p.spar.fa.type"].create(defaults | values)

    @classmethod
    def _create_strategy(cls, **values):
        defaults = {
            "name": "Share",
            "number": 7001,
            "fa_type_id": cls.fa_type.id,
            "template": "share:{member_number}@{coop}.share",
        }
        return cls.env["g2p.spar.strategy"].create(defaults | values)

    @classmethod
    def _create_id_type(cls, **values):
        defaults = {"name": "Member", "code": "member", "template": "m:{no}@coop"}
        return cls.env["g2p.spar.id.type"].create(defaults | values)
