import json
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.core.reason import Operation

from ..core.audit import AuditLine
from ..core.caller import Caller
from ..models import g2p_spar_connect
from . import openg2p_samples
from .common import ConnectCase
from .samples import NOW


@tagged("post_install", "-at_install")
class TestPerformance(ConnectCase):
    """The number of statements does not depend on the number of items."""

    def _answer(self, operation, count, write=None):
        """Let the exchange answer a message. :return: its statements

        :param write: (operation, items) -> message, where not as usual
        """
        items = [
            self.link_item(f"{operation}{count}-{n}", scope="details")
            for n in range(count)
        ]
        raw = json.dumps((write or self.message)(operation, items)).encode()
        env = self.env(user=self.sender.user_id.id)
        facts = env["g2p.spar.sender"].get_facts(self.sender.client_id)
        env.flush_all()
        # A test may not end its transaction.
        self.startPatcher(patch.object(g2p_spar_connect, "begin_read_committed"))
        before = self.cr.sql_log_count
        env["g2p.spar.connect"].answer(
            Operation(operation),
            Caller(facts, facts.scopes),
            raw,
            AuditLine(NOW, operation, None),
        )
        return self.cr.sql_log_count - before

    def test_batches(self):
        for operation in ("link", "resolve", "update", "unlink"):
            self._answer(operation, 1)
            with self.subTest(operation):
                self.assertEqual(
                    self._answer(operation, 2), self._answer(operation, 80)
                )

    def test_resolve_is_one_statement(self):
        self._answer("resolve", 1)

        self.assertEqual(self._answer("resolve", 5), 1)

    def test_openg2p_resolve_is_one_statement(self):
        def write(operation, items):
            asked = [{**item, "fa": ""} for item in items]
            return openg2p_samples.envelope(operation, asked)

        self._answer("resolve", 1, write)

        self.assertEqual(self._answer("resolve", 5, write), 1)

    def test_forms_of_addresses_cost_no_statement(self):
        form = self.strategy.copy({"number": 9005, "answers_only": True})
        for values in (
            {"output_form": "chosen", "output_strategy_ids": [(6, 0, form.ids)]},
            {"output_form": "institution"},
        ):
            self.sender.write(values)
            self._answer("resolve", 1)
            with self.subTest(values=values):
                self.assertEqual(self._answer("resolve", 5), 1)

    def test_known_token_costs_no_statement(self):
        token = self.token()
        access = self.env(user=None)["g2p.spar.access"]
        access.verify_token(token)

        before = self.cr.sql_log_count
        access.verify_token(token)

        self.assertEqual(self.cr.sql_log_count, before)
