from collections.abc import Sequence
from uuid import uuid4

from odoo import models

from ..core.contact import PHONE
from .notice_words import Text, code_text


class G2PSparPost(models.AbstractModel):
    """Hands messages to Odoo's queues of SMS and mail, which send them at their pace.

    A message is only queued when the transaction is committed: what is told and
    that it was told stand or fall together.
    """

    _name = "g2p.spar.post"
    _description = "Messages to Beneficiaries"

    def _send_code(self, kind: str, value: str, code: str) -> None:
        """Send a code in the language of this environment."""
        text = code_text(self.env, code, kind)
        if kind == PHONE:
            # Nothing of this person's could be read by whoever may send SMS.
            self._create_sms([{"number": value, "spar_is_code": True}], [text])
        else:
            mail = {"email_to": value, "spar_is_code": True}
            self._create_mail([mail], [text], [self.env.lang])

    def _send_notices(self, notices) -> None:
        """Send notices whose text is written already.

        :param notices: ``g2p.spar.notice``
        """
        phones = notices.filtered(lambda notice: notice.kind == PHONE)
        mails = notices - phones
        if phones:
            sms = [{"number": one.value, "uuid": uuid4().hex} for one in phones]
            self._create_sms(sms, phones._texts())
            self.env["sms.tracker"].create(
                [
                    {"sms_uuid": values["uuid"], "spar_notice_id": one.id}
                    for values, one in zip(sms, phones, strict=True)
                ]
            )
        if mails:
            values = [
                {"email_to": one.value, "spar_notice_id": one.id} for one in mails
            ]
            self._create_mail(values, mails._texts(), mails.mapped("lang"))

    def _create_sms(self, values: Sequence[dict], texts: Sequence[Text]) -> None:
        self.env["sms.sms"].create(
            [
                {**one, "body": " ".join(text.lines)}
                for one, text in zip(values, texts, strict=True)
            ]
        )

    def _create_mail(
        self, values: Sequence[dict], texts: Sequence[Text], langs: Sequence[str]
    ) -> None:
        sender = self._sender()
        self.env["mail.mail"].create(
            [
                {
                    **one,
                    **sender,
                    "subject": text.subject,
                    "body_html": self._html(text, lang),
                    "auto_delete": True,
                }
                for one, text, lang in zip(values, texts, langs, strict=True)
            ]
        )
        # Mail waits for an hour otherwise; a code works for ten minutes.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _sender(self) -> dict:
        """From whom mail comes, and where an answer goes: the help address."""
        settings = self.env["g2p.spar.portal.settings"]
        company = self.env.company
        sender = (
            company.email_formatted or self.env.ref("base.partner_root").email_formatted
        )
        return {
            "email_from": sender,
            "reply_to": settings.help().email or sender,
            "author_id": company.partner_id.id,
        }

    def _html(self, text: Text, lang: str | None) -> str:
        """The mail around some lines."""
        languages = self.env["res.lang"]
        direction = languages._get_data(code=lang or "en_US").direction or "ltr"
        return self.env["ir.qweb"]._render(
            "g2p_spar_portal.mail",
            {
                "text": text,
                "direction": direction,
                "programme": self.env["g2p.spar.portal.settings"].programme(),
            },
            minimal_qcontext=True,
            lang=lang,
        )
