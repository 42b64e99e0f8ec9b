from odoo import fields, models

from .guarded_many2one import GuardedMany2one


class G2PSparReminder(models.Model):
    """Somebody is to be told that a link ends, or ended and can be renewed.

    A line is made once for each end and each number of days before it; telling is
    the work of addons that know contacts. No group may write here: a job does.
    """

    _name = "g2p.spar.reminder"
    _description = "Reminder of the End of a Link"
    _order = "id desc"
    _rec_name = "mapping_id"
    _log_access = False

    mapping_id = GuardedMany2one(
        "g2p.spar.mapping", "Mapping", required=True, readonly=True
    )
    valid_until = fields.Datetime("End of the Link", required=True, readonly=True)
    days = fields.Integer(
        "Days Before", required=True, readonly=True, help="0: the link has ended."
    )
    made_at = fields.Datetime(required=True, readonly=True)

    _reminder_uniq = models.UniqueIndex(
        "(mapping_id, valid_until, days)", "This reminder was made already."
    )

    def _cron_remind(self):
        """Take links away that were not renewed, and note whom to remind."""
        service = self.env["g2p.spar.mapper"]
        cron = self.env["ir.cron"]
        while (done := service.expire_some()) and cron._commit_progress(
            done, remaining=1
        ):
            pass
        cron._commit_progress(service.remind(), remaining=0)
