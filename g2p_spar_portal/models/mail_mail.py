from odoo import fields, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    spar_notice_id = fields.Many2one(
        "g2p.spar.notice", "Notice", index="btree_not_null", ondelete="set null"
    )
    spar_is_code = fields.Boolean(
        "Carries a code", help="Its text is forgotten when it was handed on."
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Also note what became of notices, and forget codes."""
        state = "failed" if failure_type else "sent"
        # sudo: sending a mail gives no right to notices; only their state is set.
        notices_sudo = self.sudo().spar_notice_id
        if notices_sudo:
            notices_sudo._note(state, failure_type)
        # sudo: whoever has mail sent may not rewrite it; only codes are forgotten.
        self.sudo().filtered("spar_is_code").body_html = "******"
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
