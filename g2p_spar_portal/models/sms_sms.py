from odoo import fields, models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    spar_is_code = fields.Boolean(
        "Carries a code", help="Its text is forgotten when it was handed on."
    )

    def _handle_call_result_hook(self, results):
        """Also forget codes, whatever became of sending: they soon end anyway."""
        self.filtered("spar_is_code").write({"body": "******"})
        return super()._handle_call_result_hook(results)
