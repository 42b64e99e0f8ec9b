import threading

from odoo import SUPERUSER_ID, api
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.modules.registry import Registry

from ..core.commands import LinkItem
from ..core.reason import Cause

_ID = "token:concurrent-%s@nationalId"


@tagged("-standard", "spar_concurrency", "post_install", "-at_install")
class TestMapperConcurrency(BaseCase):
    """Real transactions that commit: two callers, one ID, one winner."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.barrier = threading.Barrier(2)
        self.addCleanup(self._forget)

    def _forget(self):
        with self.registry.cursor() as cr:
            cr.execute("ALTER TABLE g2p_spar_mapping_version DISABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM g2p_spar_mapping_version WHERE mapping_id IN"
                " (SELECT id FROM g2p_spar_mapping WHERE id_key LIKE 'token:concurrent-%')"
            )
            cr.execute(
                "DELETE FROM g2p_spar_mapping WHERE id_key LIKE 'token:concurrent-%'"
            )
            cr.execute("ALTER TABLE g2p_spar_mapping_version ENABLE TRIGGER USER")

    def _link(self, numbers, fa, results):
        with self.registry.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            mapper = api.Environment(cr, SUPERUSER_ID, {})["g2p.spar.mapper"]
            items = [LinkItem(str(n), _ID % n, fa) for n in numbers]
            self.barrier.wait()
            results.append([outcome.cause for outcome in mapper.link(items)])

    def _race(self, *calls):
        results = []
        threads = [
            threading.Thread(target=self._link, args=(*call, results)) for call in calls
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return results

    def test_one_winner(self):
        results = self._race(([1], "opaque-a"), ([1], "opaque-b"))
        self.assertCountEqual(results, [[Cause.DONE], [Cause.ALREADY_LINKED]])

    def test_opposite_orders_do_not_block_each_other(self):
        numbers = list(range(50))
        results = self._race(
            (numbers, "opaque-a"), (list(reversed(numbers)), "opaque-a")
        )
        answers = [cause for causes in results for cause in causes]
        self.assertEqual(answers.count(Cause.DONE), 50)
        self.assertEqual(answers.count(Cause.UNCHANGED), 50)
