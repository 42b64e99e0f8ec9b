from odoo import fields, models

_STATES = {
    "pending": "sent",
    "process": "sent",
    "sent": "delivered",
    "exception": "failed",
    "bounce": "failed",
    "canceled": "failed",
}


class SmsTracker(models.Model):
    _inherit = "sms.tracker"

    spar_notice_id = fields.Many2one(
        "g2p.spar.notice", "Notice", index="btree_not_null", ondelete="cascade"
    )

    def _update_sms_notifications(
        self, notification_status, failure_type=False, failure_reason=False
    ):
        """Also note what became of the notices."""
        state = _STATES.get(notification_status)
        notices = self.spar_notice_id
        if state == "sent":
            # A report of delivery may have come before the answer to sending.
            notices = notices.filtered(lambda notice: notice.state != "delivered")
        if state and notices:
            notices._note(state, failure_type or None)
        return super()._update_sms_notifications(
            notification_status, failure_type, failure_reason
        )
