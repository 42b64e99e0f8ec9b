from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError


class G2PSparPersonalData(models.AbstractModel):
    """Contacts, notices and logins of a person."""

    _inherit = "g2p.spar.personal.data"

    def _collect(self, mapping):
        """Also tell what the portal keeps."""
        identities = self._identities(mapping.id_key, mapping.id_value)
        contacts = [("id_key", "=", mapping.id_key)]
        return super()._collect(mapping) | {
            "contacts": self._found("g2p.spar.contact", contacts),
            "notices": self._found(
                "g2p.spar.notice",
                _of_notices(mapping.id, self.env["g2p.spar.contact"].search(contacts)),
            ),
            "logins": self._rows(
                identities, ("provider_id", "create_date", "last_login", "active")
            ),
        }

    def _kinds(self):
        return super()._kinds() | {
            "contacts": "g2p.spar.contact",
            "notices": "g2p.spar.notice",
            "logins": "g2p.spar.identity",
        }

    def _erase(self, mapping_id):
        """Also forget what the portal keeps; who logs in again is somebody new."""
        mapping = self.env["g2p.spar.mapping"].browse(mapping_id)
        identities = self._identities(mapping.id_key, mapping.id_value)
        contacts = self.env["g2p.spar.contact"].search(
            [
                "|",
                ("id_key", "=", mapping.id_key),
                ("identity_id", "in", identities.ids),
            ]
        )
        erased = super()._erase(mapping_id)
        numbers = self._numbers(contacts, erased.said)
        notices = self._notices(mapping_id, contacts, numbers)
        self._erase_messages(notices, numbers)
        self._erase_notices(notices)
        contacts.unlink()
        self._erase_drafts(identities)
        self._erase_logins(identities, erased.pseudonym)
        return erased

    def _identities(self, id_key, id_value):
        """Return the logins that lead to an ID: by its contacts, or by its subject.

        An ID that is kept as a hash says nothing of the subject, so that all are tried.
        """
        contacts = self.env["g2p.spar.contact"].search([("id_key", "=", id_key)])
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT i.id, i.subject, t.template FROM g2p_spar_identity i
                JOIN auth_oauth_provider p ON p.id = i.provider_id
                JOIN g2p_spar_id_type t ON t.id = p.spar_id_type_id
                WHERE t.keyed_hash OR strpos(lower(%s), lower(i.subject)) > 0
                """,
                id_value,
            )
        )
        reference = self.env["g2p.spar.strategy"].get_reference()
        found = [
            identity_id
            for identity_id, subject, template in rows
            if self._id_key(reference, template, subject) == id_key
        ]
        return contacts.identity_id | contacts.identity_id.browse(found)

    def _id_key(self, reference, template, subject):
        """Return the key of the ID that a subject makes without other claims."""
        person = self.env["g2p.spar.person"]
        written = template and person._id_value(template, {"id": {"sub": subject}})
        try:
            return reference.read_id(written).id_key if written else None
        except AddressError:
            return None

    def _numbers(self, contacts, said):
        """Return phones and mailboxes of a person, also as messages go there."""
        clean = self.env["g2p.spar.portal.settings"].clean_phone
        phones = filter(None, map(clean, said))
        return [*{*said, *phones, *contacts.mapped("value")}]

    def _notices(self, mapping_id, contacts, numbers):
        """Return what a person was told, also before there was a mapping."""
        of_nobody = Domain("mapping_id", "=", False) & Domain("contact_id", "=", False)
        domain = _of_notices(mapping_id, contacts) | (
            of_nobody & Domain("value", "in", numbers)
        )
        return self.env["g2p.spar.notice"].search(domain)

    def _erase_messages(self, notices, numbers):
        """Take messages out of Odoo's queues and out of what it keeps of them.

        Those which tell somebody else who has the same phone or mailbox stay.
        """
        notices._drop_messages()
        texts = self.env["sms.sms"].search([("number", "in", numbers)])
        others = self.env["sms.tracker"].search(
            [
                ("sms_uuid", "in", texts.mapped("uuid")),
                ("spar_notice_id", "!=", False),
            ]
        )
        kept = set(others.mapped("sms_uuid"))
        texts.filtered(lambda one: one.uuid not in kept).unlink()
        self.env["mail.mail"].search(
            [("email_to", "in", numbers), ("spar_notice_id", "=", False)]
        ).unlink()

    def _erase_drafts(self, identities):
        """Remove accounts that were typed and not agreed to."""
        drafts = self.env["g2p.spar.change.draft"]
        drafts.search([("identity_id", "in", identities.ids)]).unlink()

    def _erase_notices(self, notices):
        """That somebody was told, when and of what stays, without the words.

        One that waited to be sent is not sent any more.
        """
        self.env.execute_query(
            SQL(
                """
                UPDATE g2p_spar_notice SET value = NULL, subject = NULL, body = NULL,
                    retry_at = NULL, contact_id = NULL,
                    state = CASE state WHEN 'queued' THEN 'failed' ELSE state END
                WHERE id = ANY(%s) RETURNING id
                """,
                notices.ids,
            )
        )
        notices.invalidate_recordset(flush=False)

    def _erase_logins(self, identities, pseudonym):
        """Shut logins for good; the user stays, as the one who did what was done."""
        identities.active = False
        for identity in identities:
            identity.user_id.login = f"{pseudonym}-{identity.id}"
            identity.user_id.name = self.env._("Erased")
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE g2p_spar_identity SET subject = %s || '-' || id"
                " WHERE id = ANY(%s) RETURNING id",
                pseudonym,
                identities.ids,
            )
        )
        self.env.execute_query(
            SQL(
                "DELETE FROM res_device_log WHERE user_id = ANY(%s) RETURNING id",
                identities.user_id.ids,
            )
        )
        identities.invalidate_recordset(flush=False)


def _of_notices(mapping_id, contacts) -> Domain:
    """Return the domain of what was told of a mapping and of contacts."""
    of_contacts = Domain("contact_id", "in", contacts.ids)
    return Domain("mapping_id", "=", mapping_id) | of_contacts
