import base64
import os
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..core import seal
from .common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestIdType(ReferenceCommon):
    def setUp(self):
        super().setUp()
        self.use_key(base64.urlsafe_b64encode(b"k" * 32).decode())

    def use_key(self, key):
        patcher = patch.dict(os.environ, {seal.KEY_VARIABLE: key})
        patcher.start()
        self.addCleanup(seal.forget_keys)
        self.addCleanup(patcher.stop)
        os.environ.pop(seal.KEY_FILE_VARIABLE, None)
        seal.forget_keys()

    def test_a_keyed_hash_needs_the_secret_key(self):
        self.use_key("")
        with self.assertRefused(seal.KEY_FILE_VARIABLE):
            self._create_id_type(keyed_hash=True)

    def test_a_type_archived_meanwhile_does_not_come_back_twice(self):
        first = self._create_id_type(active=False)
        self._create_id_type(code="second", template="M:{x}@COOP")
        with self.assertRefused("already"):
            first.active = True

    def test_templates(self):
        for template, ends in (
            ("m:{no}@coop", ("m", "coop")),
            ("{no}@coop", (None, "coop")),
            ("m:{no}", ("m", None)),
        ):
            with self.subTest(template):
                id_type = self._create_id_type(template=template)
                rule = id_type._to_rule()
                self.assertEqual((rule.prefix_type, rule.provider), ends)
                id_type.unlink()

    def test_unusable_templates_and_patterns(self):
        for values in (
            {"template": "nothing"},
            {"template": "m:{a}-{b}@coop"},
            {"template": "m:x{no}@coop"},
            {"template": "m:{no}@"},
            {"pattern": "("},
            # The default type takes these already.
            {"template": "{no}"},
            {"template": "TOKEN:{x}@nationalid"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_id_type(**values)

    def test_the_default_type_stays(self):
        default = self.env.ref("g2p_spar_fa_reference.g2p_spar_id_type_other")
        with self.assertRaises(ValidationError):
            default.active = False
        with self.assertRaises(UserError):
            default.unlink()

    def test_keys_in_use_do_not_change(self):
        id_type = self._create_id_type()
        id_type.keyed_hash = True
        with patch.object(type(id_type), "_spar_usage_count", return_value=1):
            for values in (
                {"keyed_hash": False},
                {"template": "m:{no}"},
                {"case_significant": True},
                {"code": "x"},
            ):
                with self.subTest(values), self.assertRaises(UserError):
                    id_type.write(values)
            id_type.write({"name": "Members", "keyed_hash": True})
            with self.assertRaises(UserError):
                id_type.unlink()
        self.assertEqual(id_type.name, "Members")
