from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.g2p_spar_fa_reference.core.seal import keyed_hash
from odoo.addons.g2p_spar_mapper.const import WHOLE_NUMBERS
from odoo.addons.g2p_spar_mapper.models.guarded_many2one import GuardedMany2one
from odoo.addons.g2p_spar_mapper.models.statements import executor

from ..core import contact, notices
from ..core.account_text import tell_account
from ..core.notices import Change, Recipient, Topic
from . import notice_statements as statements
from .g2p_spar_contact import KINDS
from .notice_statements import Draft
from .notice_words import Facts, Text, notice_text

TOPICS = [
    ("link", "Linked"),
    ("update", "Other account"),
    ("details", "Details changed"),
    ("unlink", "Unlinked"),
    ("hold", "Put on hold"),
    ("release", "Released"),
    ("suspend", "Suspended"),
    ("reinstate", "Reinstated"),
    ("proposed", "Change asked for, waits"),
    ("applied", "Change made after waiting"),
    ("withdrawn", "Change given up"),
    ("rolled_back", "Earlier account brought back"),
    ("failed", "Failed payment"),
    ("expired", "Link ended for good"),
    ("ends", "Link ends soon"),
    ("ended", "Link ended, can be renewed"),
    ("contact_set", "Contact changed"),
    ("contact_ended", "Contact removed"),
    ("language", "Language changed"),
]


class G2PSparNotice(models.Model):
    """One message to one phone or mailbox about one change.

    Notices are made from the history of mappings, so no change can be made without
    its notices, by whatever door. Written by this addon alone.
    """

    _name = "g2p.spar.notice"
    _description = "Notice of a Change"
    _order = "id desc"
    _rec_name = "reference"
    _log_access = False

    # === FIELDS === #

    # No foreign keys: the registry's own tables know of no table that looks at them.
    version_id = GuardedMany2one("g2p.spar.mapping.version", "Change", readonly=True)
    reminder_id = GuardedMany2one("g2p.spar.reminder", "Reminder", readonly=True)
    contact_id = fields.Many2one(
        "g2p.spar.contact", "Changed contact", readonly=True, ondelete="set null"
    )
    mapping_id = GuardedMany2one("g2p.spar.mapping", readonly=True)
    channel = fields.Selection(related="version_id.channel")
    topic = fields.Selection(TOPICS, "About", required=True, readonly=True)
    reference = fields.Char("Number", required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, "Sent by", required=True, readonly=True)
    value = fields.Char("Whole recipient", readonly=True, groups=WHOLE_NUMBERS)
    # compute_sudo: the masked form exists for those who may not read the whole.
    value_masked = fields.Char(
        "Recipient", compute="_compute_value_masked", compute_sudo=True
    )
    recipient_key = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    lang = fields.Char("Language", required=True, readonly=True)
    subject = fields.Char(readonly=True, groups=WHOLE_NUMBERS)
    body = fields.Text("Text", readonly=True, groups=WHOLE_NUMBERS)
    state = fields.Selection(
        [
            ("queued", "Waiting to be sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("failed", "Not sent"),
        ],
        required=True,
        readonly=True,
    )
    failure = fields.Char("Code of the failure", readonly=True)
    failure_text = fields.Char("Why not", compute="_compute_failure_text")
    attempts = fields.Integer(required=True, readonly=True)
    retry_at = fields.Datetime("Tried again on", readonly=True)
    created_at = fields.Datetime("Made on", required=True, readonly=True)
    sent_at = fields.Datetime("Sent on", readonly=True)

    # === CONSTRAINTS AND INDEXES === #

    _version_uniq = models.UniqueIndex(
        "(version_id, recipient_key) WHERE version_id IS NOT NULL",
        "This change was told to this recipient already.",
    )
    _reminder_uniq = models.UniqueIndex(
        "(reminder_id, recipient_key) WHERE reminder_id IS NOT NULL",
        "This reminder was told to this recipient already.",
    )
    _contact_uniq = models.UniqueIndex(
        "(contact_id, topic, recipient_key) WHERE contact_id IS NOT NULL",
        "This change of a contact was told to this recipient already.",
    )
    _retry_idx = models.Index("(retry_at) WHERE retry_at IS NOT NULL")
    _created_at_idx = models.Index("USING brin (created_at)")

    # === COMPUTE METHODS === #

    @api.depends("kind", "value")
    def _compute_value_masked(self):
        for notice in self:
            notice.value_masked = contact.mask(notice.kind, notice.value or "")

    @api.depends("failure")
    @api.depends_context("lang")
    def _compute_failure_text(self):
        words = dict(self._failure_words("sms.sms"))
        words |= dict(self._failure_words("mail.mail"))
        for notice in self:
            notice.failure_text = words.get(notice.failure, notice.failure)

    def _failure_words(self, model):
        """Odoo's own words for what can go wrong with an SMS or a mail."""
        return self.env[model]._fields["failure_type"]._description_selection(self.env)

    # === ACTIONS === #

    def action_send_again(self):
        """Send notices again that failed; a forgotten one cannot be.

        :raise AccessError: for whoever may not see whole numbers
        """
        if not self.env.user.has_group(WHOLE_NUMBERS):
            raise AccessError(self.env._("Officers may send notices again."))
        self.check_access("read")
        # sudo: nobody may write notices; this sets state and queue only.
        self.sudo()._send_again()

    # === BUSINESS METHODS === #

    @api.private
    def wake(self):
        """Have the history read for notices as soon as this is committed."""
        # sudo: whoever changes something may not touch scheduled actions.
        self.env.ref("g2p_spar_portal.ir_cron_notices").sudo()._trigger()

    def _tell(self, changes: list[Change]) -> None:
        """Store and send the notices of some changes.

        :param changes: from :func:`.notice_statements.read_changes`
        """
        settings = self.env["g2p.spar.portal.settings"]
        days, region = settings.contact_days(), settings.region()
        keys = [change.id_key for change in changes]
        known = statements.read_contacts(executor(self.env.cr), keys)
        drafts = []
        for change in changes:
            contacts = known[change.id_key]
            told = notices.recipients_of(change, contacts, days, region)
            drafts += self._drafts_of_change(change, told)
        self._store(drafts)

    def _drafts_of_change(self, change, recipients):
        topic = notices.topic_of(change)
        if topic is None or not recipients:
            return []
        reference = self.env["g2p.spar.strategy"].get_reference()
        facts = Facts(
            topic,
            change.channel,
            change.changed_at,
            notices.reference_of(change),
            tell_account(reference, notices.asked_account(change) or change.after),
            tell_account(reference, change.before),
            notices.day_of(change),
            meanwhile=notices.meanwhile_of(change),
            failure=change.failure,
        )
        ids = (change.version_id, None, change.mapping_id)
        drafts = self._drafts(facts, recipients, ids)
        return [one._replace(reminder_id=change.reminder_id) for one in drafts]

    def _announce(self, changed, topic: Topic) -> None:
        """Tell a person's other contacts that one was set or ended.

        :param changed: the ``g2p.spar.contact``
        """
        days = self.env["g2p.spar.portal.settings"].contact_days()
        now = fields.Datetime.now()
        stored = statements.read_contacts(executor(self.env.cr), [changed.id_key])
        known = [
            one
            for one in stored[changed.id_key]
            if notices.is_known_at(one, now, days)
            and (topic != Topic.CONTACT_SET or one.value != changed.value)
        ]
        told = [Recipient(one.kind, one.value, one.lang) for one in known]
        lang = notices.settled_lang(known, now, days)
        mapping = self._mapping_of(changed)
        told += self._phone_of_mapping(mapping, changed, lang)
        facts = Facts(
            topic,
            "portal",
            now,
            f"C{changed.id}",
            changed.value_masked,
            kind=changed.kind,
        )
        ids = (None, changed.id, mapping.id or None)
        self._store(self._drafts(facts, notices.distinct(told), ids))

    def _announce_language(self, contacts, lang: str) -> None:
        """Tell a person in the language until now which one comes from now on.

        A thief may choose one that the owner of the phone cannot read.

        :param contacts: the ``g2p.spar.contact`` in use, the oldest last
        :param lang: code of the new language
        """
        oldest = contacts[-1:]
        told = [Recipient(one.kind, one.value, one.lang) for one in contacts]
        mapping = self._mapping_of(oldest)
        told += self._phone_of_mapping(mapping, oldest, oldest.lang)
        now = fields.Datetime.now()
        facts = Facts(Topic.LANGUAGE, "portal", now, f"C{oldest.id}", lang)
        # Each change of the language is told: it is not one of a contact.
        ids = (None, None, mapping.id or None)
        self._store(self._drafts(facts, notices.distinct(told), ids))

    def _mapping_of(self, person_contact):
        """The mapping of the person of a contact; empty: there is none yet."""
        key = person_contact.id_key
        return self.env["g2p.spar.mapping"].search([("id_key", "=", key)])

    def _phone_of_mapping(self, mapping, changed, lang):
        """The phone which the registry has of the person, other than the new one."""
        number = self.env["g2p.spar.portal.settings"].clean_phone(mapping.phone)
        if not number or number == changed.value:
            return []
        return [Recipient(contact.PHONE, number, lang)]

    def _drafts(self, facts: Facts, recipients, ids) -> list[Draft]:
        """Write the texts of one change; once for each language and kind.

        :param ids: of version, contact and mapping
        """
        texts = {}
        drafts = []
        for recipient in recipients:
            lang = self._lang(recipient.lang)
            way = lang, recipient.kind
            if way not in texts:
                env = self.with_context(lang=lang).env
                texts[way] = notice_text(env, facts, recipient.kind)
            drafts.append(_draft(facts, recipient, ids, lang, texts[way]))
        return drafts

    def _lang(self, code):
        """A language of the installation: the wanted one, else the company's."""
        installed = self.env["res.lang"]._get_data
        for one in (code, self.env.company.partner_id.lang):
            if one and installed(code=one).code:
                return one
        return "en_US"

    def _store(self, drafts: list[Draft]) -> None:
        """Store notices that are not there yet, and send them."""
        if not drafts:
            return
        now = fields.Datetime.now()
        self.flush_model()
        self.env["g2p.spar.contact"].flush_model()
        ids = statements.insert_notices(executor(self.env.cr), drafts, now)
        self.invalidate_model(flush=False)
        self.env["g2p.spar.post"]._send_notices(self.browse(ids))

    def _texts(self) -> list[Text]:
        return [Text(one.subject, (one.body or "").split("\n")) for one in self]

    # === SENDING === #

    def _note(self, state: str, failure: str | None = None) -> None:
        """Note what became of sending, and when to try again.

        :param failure: Odoo's ``failure_type`` of a mail or an SMS
        """
        now = fields.Datetime.now()
        for attempts, group in self.grouped("attempts").items():
            wait = notices.wait_before_retry(attempts, failure or "unknown")
            failed = state == "failed"
            values = {
                "state": state,
                "failure": failure if failed else False,
                "retry_at": now + wait if failed and wait else False,
            }
            if state == "sent":
                values["sent_at"] = now
            group.write(values)

    def _send_again_due(self) -> None:
        """Send again what failed and may work by now."""
        now = fields.Datetime.now()
        self.search([("retry_at", "<=", now)], limit=1000)._send_again()

    def _send_again(self) -> None:
        """Queue failed notices anew; what is left of the old attempt is dropped."""
        failed = self.filtered(lambda one: one.state == "failed" and one.value)
        failed._drop_messages()
        for attempts, group in failed.grouped("attempts").items():
            group.write(
                {
                    "state": "queued",
                    "failure": False,
                    "retry_at": False,
                    "attempts": attempts + 1,
                }
            )
        if failed:
            self.env["g2p.spar.post"]._send_notices(failed)

    def _drop_messages(self) -> None:
        """Take failed messages out of Odoo's queues, so that nothing goes twice."""
        trackers = self.env["sms.tracker"].search([("spar_notice_id", "in", self.ids)])
        uuids = trackers.mapped("sms_uuid")
        self.env["sms.sms"].search([("uuid", "in", uuids)]).unlink()
        trackers.unlink()
        self.env["mail.mail"].search([("spar_notice_id", "in", self.ids)]).unlink()

    @api.autovacuum
    def _gc(self):
        """Forget texts and recipients of old notices; that they were sent stays."""
        days = self.env["g2p.spar.portal.settings"].notice_days()
        self.env.execute_query(
            SQL(
                """
                UPDATE g2p_spar_notice
                SET value = NULL, subject = NULL, body = NULL, retry_at = NULL
                WHERE value IS NOT NULL
                    AND created_at < %s - make_interval(days => %s)
                RETURNING id
                """,
                fields.Datetime.now(),
                days,
            )
        )
        self.invalidate_model(flush=False)


def _draft(facts: Facts, recipient: Recipient, ids, lang: str, text: Text) -> Draft:
    key = keyed_hash(f"{recipient.kind}\n{recipient.value}", "notice_recipient")
    return Draft(
        *ids,
        str(facts.topic),
        facts.reference,
        recipient.kind,
        recipient.value,
        key,
        lang,
        text.subject,
        "\n".join(text.lines),
        "queued" if recipient.usable else "failed",
        None if recipient.usable else "sms_number_format",
    )
