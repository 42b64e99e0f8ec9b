from odoo import fields, models

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash
from odoo.addons.g2p_spar_mapper.models.statements import executor
from odoo.addons.g2p_spar_portal.core import notices
from odoo.addons.g2p_spar_portal.core.contact import PHONE
from odoo.addons.g2p_spar_portal.core.notices import Recipient
from odoo.addons.g2p_spar_portal.models import notice_statements as statements
from odoo.addons.g2p_spar_portal.models.notice_statements import Draft

from .consent_words import notice_of

#: Topic of the notice, by the state of the consent it tells of.
TOPICS = {
    "active": "consent_given",
    "withdrawn": "consent_ended",
    "expired": "consent_expired",
}


class G2PSparNotice(models.Model):
    """Notices of consents go to the same phones and mailboxes as all others."""

    _inherit = "g2p.spar.notice"

    topic = fields.Selection(
        selection_add=[
            ("consent_given", "Consent given"),
            ("consent_ended", "Consent withdrawn"),
            ("consent_expired", "Consent expired"),
        ],
        ondelete={
            "consent_given": "cascade",
            "consent_ended": "cascade",
            "consent_expired": "cascade",
        },
    )

    def _tell_consents(self, consents) -> None:
        """Tell people of consents that were given or ended, with few statements.

        :param consents: ``g2p.spar.consent``, read with all rights
        """
        keys = list(dict.fromkeys(consents.mapped("id_key")))
        execute = executor(self.env.cr)
        self.env["g2p.spar.contact"].flush_model()
        known = statements.read_contacts(execute, keys)
        mappings = self.env["g2p.spar.mapping"].search([("id_key", "in", keys)])
        by_key = mappings.grouped("id_key")
        drafts = []
        for consent in consents:
            mapping = by_key.get(consent.id_key, mappings.browse())
            told = self._recipients_of_consent(known[consent.id_key], mapping.phone)
            drafts += [self._draft_of_consent(consent, mapping, one) for one in told]
        self._store(drafts)

    def _recipients_of_consent(self, contacts, phone) -> list[Recipient]:
        """Say who is told: contacts, those that ended lately, and the office's phone.

        :param contacts: list of ``core.notices.Known``
        :param phone: which the registry has of the person, if any
        """
        settings = self.env["g2p.spar.portal.settings"]
        days, now = settings.contact_days(), fields.Datetime.now()
        known = [one for one in contacts if notices.is_known_at(one, now, days)]
        told = [Recipient(one.kind, one.value, one.lang) for one in known]
        number = settings.clean_phone(phone or None)
        if number:
            lang = notices.settled_lang(known, now, days)
            told.append(Recipient(PHONE, number, lang))
        return notices.distinct(told)

    def _draft_of_consent(self, consent, mapping, recipient: Recipient) -> Draft:
        lang = self._lang(recipient.lang)
        text = notice_of(self.with_context(lang=lang).env, consent, recipient.kind)
        key = keyed_hash(f"{recipient.kind}\n{recipient.value}", "notice_recipient")
        return Draft(
            None,
            None,
            mapping.id or None,
            TOPICS[consent.state],
            consent.reference,
            recipient.kind,
            recipient.value,
            key,
            lang,
            text.subject,
            "\n".join(text.lines),
            "queued",
            None,
        )
