from datetime import datetime

from odoo.tests import TransactionCase, tagged

from ..reference import make_reference
from .common import bench_module

past = bench_module("past")
rows = bench_module("rows")
seed = bench_module("seed")

#: Two of each kind.
COUNT = 40
#: A day between two links, so that none of them is of the same moment.
STEP = 86_400


@tagged("post_install", "-at_install")
class TestPast(TransactionCase):
    """Mappings with a past are such as the service could have left behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_reference(cls.env, rows.STRATEGY, rows.provider_codes())
        cls.env.flush_all()
        cr = cls.env.cr
        others = past.Past(cr, seed.read_reference(cr), COUNT, STEP)
        others.link(COUNT // 2)
        others.link(COUNT)
        others.change()
        keys = [rows.id_key_of(rows.PAST_FROM + n) for n in range(COUNT)]
        cls.mappings = cls.env["g2p.spar.mapping"].search([("id_key", "in", keys)])

    def test_each_row_is_there_once(self):
        self.assertEqual(len(self.mappings), COUNT)
        states = self.mappings.mapped("effective_state")
        self.assertEqual(
            set(states), {"active", "on_hold", "suspended", "expired", "unlinked"}
        )

    def test_the_history_leads_to_the_present(self):
        for mapping in self.mappings:
            lines = mapping.version_ids.sorted("version")
            self.assertEqual(lines.mapped("version"), [*range(1, mapping.version + 1)])
            for line, following in zip(lines, lines[1:], strict=False):
                self.assertEqual(following.before, line.after)
                self.assertLessEqual(line.changed_at, following.changed_at)
            after = lines[-1].after
            self.assertEqual(after["fa_value"], mapping.fa_value)
            self.assertEqual(after["state"], mapping.state)
            self.assertEqual(after.get("provider_id"), mapping.provider_id.id or None)
            for name in ("hold_until", "valid_until"):
                kept = after.get(name)
                moment = kept and datetime.fromisoformat(kept)
                self.assertEqual(moment, mapping[name] or None)

    def test_what_waits_and_what_failed_is_kept_beside_it(self):
        waiting = self.mappings.filtered("change_waits")
        pending = self.mappings.pending_ids.filtered(lambda p: p.state == "waiting")
        self.assertEqual(pending.mapping_id, waiting)
        self.assertEqual(len(waiting), 4)
        reports = self.env["g2p.spar.failure.report"].search(
            [("mapping_id", "in", self.mappings.ids)]
        )
        self.assertEqual(set(reports.mapping_id.mapped("state")), {"suspended"})
        self.assertEqual(len(reports), 2)
        self.assertGreater(len(self.mappings.verification_ids), COUNT)
