from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.const import WHOLE_NUMBERS

from ..core import code, contact
from ..core.code import Verdict
from ..core.notices import Topic
from ..core.person import Person

KINDS = [("phone", "Phone"), ("email", "E-mail")]


class Asked(NamedTuple):
    """What became of the wish to use a phone or a mailbox.

    :param outcome: sent, unreadable, same (it is in use already) or wait
    :param seconds: how long to wait, where one has to
    """

    outcome: str
    seconds: int = 0


class G2PSparContact(models.Model):
    """A phone or a mailbox to which a person's notices go.

    It belongs to the person's ID, not to an account, and counts only after a code
    that was sent to it came back. One that was replaced or removed is kept for some
    days and told of changes, so that a thief cannot silence its owner first.

    Nothing here tells whether somebody else uses the same phone: the same one may
    serve a family.
    """

    _name = "g2p.spar.contact"
    _description = "Contact for Notices"
    _order = "id desc"
    _rec_name = "value_masked"
    _log_access = False

    # === FIELDS === #

    identity_id = fields.Many2one(
        "g2p.spar.identity",
        "Login",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    id_key = fields.Char(
        "ID key", required=True, readonly=True, index=True, groups=WHOLE_NUMBERS
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    value = fields.Char(
        "Phone or e-mail", required=True, readonly=True, groups=WHOLE_NUMBERS
    )
    # compute_sudo: the masked form exists for those who may not read the whole.
    value_masked = fields.Char(
        "Contact", compute="_compute_value_masked", compute_sudo=True
    )
    state = fields.Selection(
        [
            ("asked", "Waiting for the code"),
            ("confirmed", "Confirmed"),
            ("ended", "Replaced or removed"),
        ],
        required=True,
        readonly=True,
    )
    lang = fields.Char("Language", readonly=True)
    asked_at = fields.Datetime("Code sent", required=True, readonly=True)
    confirmed_at = fields.Datetime("Confirmed on", readonly=True)
    ended_at = fields.Datetime("Ended on", readonly=True)
    code_digest = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    code_expires_at = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)
    code_tries = fields.Integer(readonly=True, groups=fields.NO_ACCESS)

    # === CONSTRAINTS AND INDEXES === #

    _confirmed_uniq = models.UniqueIndex(
        "(id_key, kind) WHERE state = 'confirmed'",
        "A person has one phone and one e-mail address for notices.",
    )
    _asked_uniq = models.UniqueIndex(
        "(identity_id, kind) WHERE state = 'asked'",
        "A person confirms one phone and one e-mail address at a time.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "value")
    def _compute_value_masked(self):
        for one in self:
            one.value_masked = contact.mask(one.kind, one.value or "")

    # === WHAT A PERSON DOES === #

    @api.private
    def ask(self, person: Person, kind: str, text: str | None) -> Asked:
        """Send a code to a phone or a mailbox.

        :param kind: phone or email
        :param text: as the person typed it
        """
        value = contact.clean(kind, text, self.env["g2p.spar.portal.settings"].region())
        if value is None:
            return Asked("unreadable")
        own_sudo = self._own_alone(person, kind)
        if own_sudo._in_state("confirmed").value == value:
            return Asked("same")
        seconds = self._wait(person, kind, value)
        if seconds:
            return Asked("wait", seconds)
        own_sudo._in_state("asked").unlink()
        own_sudo._send_code(person, kind, value)
        return Asked("sent")

    @api.private
    def ask_again(self, person: Person, kind: str) -> Asked | None:
        """Send a new code to the phone or mailbox that waits for one.

        :return: none when none waits
        """
        waiting = self.waiting(person, kind)
        return self.ask(person, kind, waiting) if waiting else None

    @api.private
    def waiting(self, person: Person, kind: str) -> str | None:
        """The phone or mailbox that waits for its code."""
        return self._own(person, kind)._in_state("asked").value or None

    @api.private
    def confirm(self, person: Person, kind: str, typed: str | None) -> Verdict:
        """Take a code; the right one puts the contact in the place of the one before.

        Wrong ones are counted, so the caller must let this transaction be committed.
        """
        asked_sudo = self._own_alone(person, kind)._in_state("asked")
        if not asked_sudo:
            return Verdict.DEAD
        verdict = asked_sudo._judge(typed)
        if verdict == Verdict.RIGHT:
            asked_sudo._use(person)
        return verdict

    @api.private
    def cancel(self, person: Person, kind: str) -> None:
        """Forget the phone or mailbox that waits for its code."""
        self._own(person, kind)._in_state("asked").unlink()

    @api.private
    def remove(self, person: Person, kind: str) -> bool:
        """Send no more notices to the phone or mailbox in use, and tell it so.

        :return: whether there was one
        """
        used_sudo = self._own(person, kind)._in_state("confirmed")
        if used_sudo:
            used_sudo._end(Topic.CONTACT_ENDED)
        return bool(used_sudo)

    @api.private
    def in_use(self, person: Person) -> dict[str, dict]:
        """What the profile shows of a person's contacts.

        :return: by kind: ``masked`` and ``confirmed_at`` of the one in use, or none;
            ``waiting``, masked, or none
        """
        own_sudo = self._own(person)
        return {kind: own_sudo._shown(kind) for kind in contact.KINDS}

    @api.private
    def speak(self, person: Person, lang: str) -> None:
        """Write to the person in a language from now on.

        :param lang: code of an active language
        """
        # sudo: portal users may not write partners; this is the person's own.
        identity_sudo = self.env["g2p.spar.identity"].sudo().browse(person.identity_id)
        identity_sudo.partner_id.lang = lang
        self._own(person)._speak(lang)

    # === BUSINESS METHODS === #

    def _own(self, person, kind=None):
        """Contacts of a person; never anybody else's, whatever a browser sends."""
        domain = [("id_key", "=", self._id_key(person))]
        if kind:
            domain.append(("kind", "=", kind))
        # sudo: people have no right to this table; only their own rows are found.
        return self.sudo().search(domain)

    def _own_alone(self, person, kind):
        """Contacts of a person, which no other request changes beside this one."""
        self.env["g2p.spar.identity"].browse(person.identity_id)._go_alone()
        return self._own(person, kind)

    def _id_key(self, person):
        reference = self.env["g2p.spar.strategy"].get_reference()
        return reference.read_id(person.id_value).id_key

    def _in_state(self, state):
        return self.filtered(lambda one: one.state == state)[:1]

    def _speak(self, lang):
        """Take another language; contacts that ended are spoken to as before."""
        current = self.filtered(lambda one: one.state != "ended")
        used = current.filtered(lambda one: one.confirmed_at and one.lang != lang)
        if used:
            self.env["g2p.spar.notice"]._announce_language(used, lang)
        current.lang = lang

    def _shown(self, kind):
        own = self.filtered(lambda one: one.kind == kind)
        used, waiting = own._in_state("confirmed"), own._in_state("asked")
        return {
            "masked": used.value_masked or None,
            "confirmed_at": used.confirmed_at or None,
            "waiting": waiting.value_masked or None,
        }

    def _wait(self, person, kind, value):
        """Seconds to wait for the next code: for this person, or for this contact."""
        hit = self.env["g2p.spar.throttle"].hit
        seconds = code.SENDS_SECONDS
        who = f"person {person.identity_id} {kind}"
        # Whoever has none left does not use up those of the contact too. Both are
        # answered alike: nobody learns who asked before.
        return hit("code", who, code.MAX_SENDS, seconds) or hit(
            "code", f"contact {value}", code.MAX_SENDS_TO_ONE, seconds
        )

    def _send_code(self, person, kind, value):
        """Store what waits for its code, and send the code."""
        now = fields.Datetime.now()
        asked = self.create(
            {
                "identity_id": person.identity_id,
                "id_key": self._id_key(person),
                "kind": kind,
                "value": value,
                "state": "asked",
                "lang": self.env.lang,
                "asked_at": now,
            }
        )
        digits = code.new_code()
        asked.write(
            {
                "code_digest": code.digest_of(digits, asked.id, value),
                "code_expires_at": now + code.LIFETIME,
            }
        )
        self.env["g2p.spar.post"]._send_code(kind, value, digits)

    def _judge(self, typed):
        """Say what a typed code is, and count it."""
        verdict = code.judge(
            typed,
            self.code_digest,
            (self.id, self.value),
            self.code_expires_at or None,
            self.code_tries,
            fields.Datetime.now(),
        )
        if verdict in (Verdict.WRONG, Verdict.DEAD):
            self.code_tries += 1
        if verdict in (Verdict.DEAD, Verdict.RIGHT):
            self.code_digest = False
        return verdict

    def _use(self, person):
        """Put a confirmed contact in the place of the one before, and say so there."""
        before = self._own(person, self.kind)._in_state("confirmed")
        now = fields.Datetime.now()
        before.write({"state": "ended", "ended_at": now})
        # The index lets only one be in use at any moment.
        before.flush_recordset()
        self.write({"state": "confirmed", "confirmed_at": now})
        self.env["g2p.spar.notice"]._announce(self, Topic.CONTACT_SET)
        self.env["g2p.spar.own.account.step"].note_possession(person, self)

    def _end(self, topic):
        self.write({"state": "ended", "ended_at": fields.Datetime.now()})
        self.env["g2p.spar.notice"]._announce(self, topic)

    @api.autovacuum
    def _gc(self):
        """Forget contacts that never were confirmed, or ended long ago."""
        days = self.env["g2p.spar.portal.settings"].contact_days()
        now = fields.Datetime.now()
        self.env.execute_query(
            SQL(
                """
                DELETE FROM g2p_spar_contact
                WHERE state = 'asked' AND asked_at < %(now)s - interval '1 day'
                   OR state = 'ended'
                      AND ended_at < %(now)s - make_interval(days => %(days)s)
                RETURNING id
                """,
                now=now,
                days=days,
            )
        )
