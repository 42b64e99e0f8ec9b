from odoo.tests import tagged

from odoo.addons.g2p_spar_mapper.tests.common import BANK_FA
from odoo.addons.g2p_spar_mapper.tests.roles import READERS, STAFF, RolesMixin

from .common import ReportCase

MODELS = (
    "g2p.spar.tally",
    "g2p.spar.tally.cell",
    "g2p.spar.tally.change",
    "g2p.spar.tally.day",
    "g2p.spar.tally.address",
    "g2p.spar.tally.total",
    "g2p.spar.tally.check",
    "g2p.spar.tally.level",
)


@tagged("post_install", "-at_install")
class TestSecurity(RolesMixin, ReportCase):
    """Role by operation: each cell is tried, allowed or refused."""

    def setUp(self):
        super().setUp()
        self.link("amina", "biru", fa=BANK_FA % "4711")
        self.link("opaque", fa="no strategy reads this")
        self.env["g2p.spar.tally.address"]._cron_count()
        self.count()

    def test_who_reads_counts(self):
        for model in MODELS:
            self.check(
                READERS,
                lambda env, m=model: self.assertTrue(env[m].search([]).read(["id"])),
                f"read {model}",
            )

    def test_nobody_writes_counts(self):
        for model in MODELS:
            record = self.env[model].search([], limit=1)
            operations = {
                "create": lambda env, m=model: env[m].create({}),
                "write": lambda env, r=record: r.with_env(env).write({"id": r.id}),
                "unlink": lambda env, r=record: r.with_env(env).unlink(),
            }
            for label, operation in operations.items():
                self.check((), operation, f"{label} {model}")

    def test_who_sees_the_key_of_an_address(self):
        record = self.env["g2p.spar.tally.address"].search([], limit=1)
        self.check(
            STAFF, lambda env: record.with_env(env).read(["fa_key"]), "read fa_key"
        )

    def test_who_opens_the_ids_of_an_address(self):
        record = self.env["g2p.spar.tally.address"].search([], limit=1)

        def open_them(env):
            domain = record.with_env(env).action_open_mappings()["domain"]
            env["g2p.spar.mapping"].search(domain).read(["id_masked"])

        self.check(READERS, open_them, "open the IDs")
