from ..core.commands import (
    LinkItem,
    Origin,
    RenewItem,
    ReportItem,
    RollbackItem,
    WaitingItem,
)
from .common import BANK_FA, NATIONAL_ID, STAFF, MapperCase


class ChangeCase(MapperCase):
    """Short-hands for changes that wait."""

    def policy(self, **values):
        """A policy that has every change wait a day."""
        usual = {"name": "A day to object", "effect": "wait", "hours": 24}
        return self.env["g2p.spar.change.policy"].create(usual | values)

    def update(self, name, number, /, user=None, origin=None, **values):
        """Ask for another account of a person. :return: the outcome"""
        item = LinkItem(f"ref-{name}", NATIONAL_ID % name, BANK_FA % number, **values)
        return self.mapper(user).update([item], origin or Origin())[0]

    def decide(self, method, name, user=None, origin=STAFF, **values):
        """Apply or withdraw what waits of a person. :return: the outcome"""
        item = WaitingItem("1", NATIONAL_ID % name, **values)
        service = self.mapper(user or self.officer)
        return getattr(service, method)([item], origin)[0]

    def rollback(self, name, version, user=None):
        """Bring a version back. :return: the outcome"""
        item = RollbackItem("1", NATIONAL_ID % name, version)
        return self.mapper(user or self.manager).rollback([item], STAFF)[0]

    def renew(self, name, user=None):
        """Renew a link. :return: the outcome"""
        item = RenewItem("1", NATIONAL_ID % name)
        return self.mapper(user or self.officer).renew([item], STAFF)[0]

    def report(self, name, reason="closed", user=None, **values):
        """Report a failed payment. :return: the outcome"""
        item = ReportItem("1", NATIONAL_ID % name, reason, **values)
        return self.mapper(user).report([item], STAFF)[0]

    def run_cron(self, model, method):
        """Run a job as the scheduler does, commits included."""
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            getattr(
                self.env(cr=cr, user=self.env.ref("base.user_root"))[model], method
            )()
        self.env.invalidate_all()

    def apply_due(self):
        """Run the job that makes changes whose time has come."""
        self.run_cron("g2p.spar.pending.change", "_cron_apply")

    def remind(self):
        """Run the job that ends links and reminds of their end."""
        self.run_cron("g2p.spar.reminder", "_cron_remind")

    def waiting(self, name):
        """The change of a person that waits."""
        return self.env["g2p.spar.pending.change"].search(
            [
                ("mapping_id", "in", self.mapping(name).ids),
                ("state", "=", "waiting"),
            ]
        )

    def paid(self, name):
        """The account to which a person is paid now, or none."""
        return self.resolve(name)[0].fa

    def set_life(self, **values):
        """Let the links of all IDs of the tests last for some days."""
        self.link("life-of-type")
        id_type = self.mapping("life-of-type").id_type_id
        id_type.write({"valid_days": 365, "grace_days": 30, "warn_days": "30, 7"})
        id_type.write(values)
        return id_type
