from odoo import api, fields, models

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.mask import mask_address, mask_number
from odoo.addons.g2p_spar_mapper.core.life import ENDLESS

from ..core import words
from ..core.paths import HOME
from ..core.reference_number import read_reference_number
from ..core.situation import NOTHING, Kind, Situation, Waits, situation_of
from ..core.story import BROUGHT, PAGE_SIZE, Event, address_of, event_of, page_count
from . import person_words

_CHANGE_RECEIPT = f"{HOME}/change/receipt"
_RECEIPTS = {
    Event.ASKED: _CHANGE_RECEIPT,
    Event.CHOSEN: _CHANGE_RECEIPT,
    Event.CHOSEN_AGAIN: _CHANGE_RECEIPT,
    Event.CHANGED: _CHANGE_RECEIPT,
    Event.STOPPED: f"{HOME}/dispute",
    Event.REMOVED: f"{HOME}/removed",
}
#: What pages show. The records are long, and each page reads them: with these named,
#: one statement finds and reads.
_OF_MAPPING = (
    "version",
    "state",
    "hold_until",
    "valid_until",
    "change_waits",
    "id_type_id",
    "linked_at",
    "fa_key",
    "fa_value",
    "fa_parts",
    "strategy_id",
    "provider_id",
    "branch_code",
)
_OF_VERSION = (
    "version",
    "step",
    "channel",
    "transaction_id",
    "changed_at",
    "before",
    "after",
)


class G2PSparOwnAccount(models.AbstractModel):
    """A person's own account, told in words for a page.

    Nothing here takes the id of a record from a browser: every row is reached from
    the ID in the person's session, so nobody can ask for another's. People have no
    right to the registry's tables; these methods read the one row for them.
    """

    _name = "g2p.spar.own.account"
    _description = "Own Account of a Person"

    # === READING === #

    @api.private
    def mapping(self, person):
        """Return the person's own ``g2p.spar.mapping``, empty when there is none.

        :param Person person: who is logged in
        """
        reference = self.env["g2p.spar.strategy"].get_reference()
        # sudo: people have no rights to the registry; the key is their own.
        mappings_sudo = self.env["g2p.spar.mapping"].sudo()
        key = reference.read_id(person.id_value).id_key
        return mappings_sudo.search_fetch([("id_key", "=", key)], _OF_MAPPING, limit=1)

    @api.private
    def situation(self, mapping) -> Situation:
        """Say how an account of :meth:`mapping` stands now."""
        if not mapping:
            return NOTHING
        change = self._waiting().find(mapping)
        lives = self.env["g2p.spar.id.type"].get_lives()
        return situation_of(
            mapping.state,
            mapping.hold_until or None,
            mapping.valid_until or None,
            fields.Datetime.now(),
            lives.get(mapping.id_type_id.id, ENDLESS),
            Waits(change.due_at or None) if change else None,
        )

    @api.private
    def overview(self, person) -> dict:
        """Return what the first page shows.

        :return: ``situation``, its ``words``, ``address`` (see :meth:`tell_address`),
            ``since`` (a day in words), ``reference`` of a running dispute, ``waiting``
            (see ``own.waiting.tell``) and ``disputable``, the entry that "this was not
            me" would undo; these five none where there is nothing to show
        """
        mapping = self.mapping(person)
        versions = self._versions(mapping)
        situation = self._told(self.situation(mapping), versions)
        shown = mapping if situation.has_account else None
        brought = self._brought(versions)
        since = brought.changed_at or mapping.linked_at
        return {
            "situation": situation,
            "words": self._situation_words(situation),
            "address": self.tell_address(mapping) if shown else None,
            "since": self._day(since) if shown else None,
            "reference": self.dispute_reference(mapping),
            "why": self._why_stopped(mapping),
            "waiting": self._tell_waiting(mapping, versions),
            "disputable": self._disputable(situation, versions),
            "has_history": bool(mapping),
        }

    def _waiting(self):
        return self.env["g2p.spar.own.waiting"]

    def _told(self, situation, versions) -> Situation:
        """Tell an account that ran out from one that was taken away."""
        if situation.kind == Kind.REMOVED and versions[:1].channel == "registry":
            return situation._replace(kind=Kind.ENDED)
        return situation

    def _tell_waiting(self, mapping, versions) -> dict | None:
        change = self._waiting().find(mapping)
        if not change:
            return None
        version = versions.filtered(lambda one: one.version == change.version)
        return self._waiting().tell(version, change)

    def _disputable(self, situation, versions) -> int | None:
        """Number of the entry that "this was not me" is about now."""
        if not situation.may_dispute:
            return None
        if situation.waits:
            asked = versions.filtered(lambda one: one.step == "propose")
            return asked[:1].version or None
        return self._brought(versions).version or None

    def _why_stopped(self, mapping) -> str | None:
        """Say which failed payment has stopped the others, if one has."""
        if mapping.state != "suspended":
            return None
        # sudo: people have no rights to the registry; the mapping is their own.
        reports_sudo = self.env["g2p.spar.failure.report"].sudo()
        report = reports_sudo.search([("mapping_id", "=", mapping.id)], limit=1)
        if report.version <= self._last(mapping, "suspend").version:
            return None
        return self.env._(person_words.FAILURES[report.failure])

    @api.private
    def history(self, person, page: int) -> dict | None:
        """Return one page of the person's history, the newest entry first.

        :param page: counted from 1
        :return: ``entries`` and the numbers of the pages around; none: no such page
        """
        mapping = self.mapping(person)
        pages = page_count(mapping.version)
        if not 1 <= page <= pages:
            return None
        versions = self._versions(mapping)
        disputable = self._disputable(self.situation(mapping), versions)
        shown = versions[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        asked = self._waiting().of_versions(mapping, shown)
        return {
            "entries": [self._entry(one, disputable, asked) for one in shown],
            "page": page,
            "pages": pages,
            "newer": page - 1 or None,
            "older": page + 1 if page < pages else None,
            "place": self.env._(
                "Page %(page)s of %(pages)s",
                page=words.write_number(page, self._lang()),
                pages=words.write_number(pages, self._lang()),
            ),
        }

    @api.private
    def disputable_version(self, mapping) -> int | None:
        """Number of the version that "this was not me" can undo; none: there is none.

        It is the one that asked for the change that waits, else the one that brought
        the present account, as long as payments to it can still be stopped.
        """
        return self._disputable(self.situation(mapping), self._versions(mapping))

    @api.private
    def dispute_reference(self, mapping) -> str | None:
        """The person's own number of the dispute that stops payments now, if any."""
        if mapping.state != "suspended":
            return None
        number = self._last(mapping, "suspend").transaction_id
        return read_reference_number(number or "")

    @api.private
    def version_of_reference(self, person, reference: str):
        """Find one of the person's own changes by its reference number.

        :return: a ``g2p.spar.mapping.version``; empty for another person's number
            just as for one that does not exist
        """
        number = read_reference_number(reference)
        mapping = self.mapping(person)
        versions = mapping.version_ids
        if not (number and mapping):
            return versions.browse()
        return versions.filtered(lambda one: one.transaction_id == number)[:1]

    @api.private
    def receipt(self, version) -> dict:
        """Return what a result page says of one step, to be printed or kept."""
        snapshot = version.before or version.after
        return {
            "reference": version.transaction_id,
            "when": self._moment(version.changed_at),
            "address": self.tell_address(snapshot),
        }

    # === TELLING === #

    @api.private
    def tell_address(self, source) -> dict:
        """Say an account as its owner would, with the number masked.

        :param source: a mapping, or a snapshot of one (``before``, ``after``)
        :return: ``provider``, ``provider_id``, ``logo``, ``kind``, ``branch``,
            ``lines`` (pairs of label and text) and ``short``, all in one line
        """
        provider, strategy, lines = self._read(source)
        is_snapshot = isinstance(source, dict)
        code = source.get("branch_code") if is_snapshot else source.branch_code
        return {
            "provider": provider.name or None,
            "provider_id": provider.id or None,
            "logo": self._logo(provider),
            "kind": strategy.fa_type_id.name or None,
            "branch": self._branch(provider, code),
            "lines": lines,
            "short": self._in_one_line(provider, lines),
        }

    def _read(self, source):
        """Return provider, strategy and lines of an account or a snapshot of one."""
        get = source.get if isinstance(source, dict) else source.__getitem__
        provider = self._record("g2p.spar.provider", get("provider_id"))
        strategy = self._record("g2p.spar.strategy", get("strategy_id"))
        parts = self._parts(source, strategy)
        return provider, strategy, self._lines(get("fa_value"), strategy, parts)

    def _in_one_line(self, provider, lines) -> str:
        return " ·\u00a0".join(filter(None, [provider.name, lines[0][1]]))

    def _record(self, model, value):
        """Return a record of reference data from a record or the id in a snapshot."""
        # sudo: what a bank is called is told to whoever has an account there.
        model_sudo = self.env[model].sudo().with_context(active_test=False)
        return model_sudo.browse(
            value if isinstance(value, int) else value and value.id
        )

    def _parts(self, source, strategy) -> dict[str, str] | None:
        """The named parts of an address; none for one that nobody can read."""
        if not isinstance(source, dict):
            return source.fa_parts or None
        reference = self.env["g2p.spar.strategy"].get_reference()
        try:
            return reference.read_address(
                source["fa_value"], strategy.number or None
            ).parts
        except AddressError:
            return None

    def _lines(self, fa_value, strategy, parts) -> list[tuple[str, str]]:
        """What a person typed, the number first and masked."""
        rules = strategy.fa_type_id.part_ids.filtered(lambda one: one.source == "typed")
        lines = [
            (rule.label, mask_number(text) if rule.sensitive else text)
            for rule in rules.sorted(lambda one: not one.sensitive)
            if (text := (parts or {}).get(rule.name))
        ]
        return lines or [(self.env._("Account"), _mask_opaque(fa_value or ""))]

    def _branch(self, provider, code) -> str | None:
        """The name of a branch, or its code where it is not in our lists."""
        if not code:
            return None
        branches_sudo = self._record("g2p.spar.branch", None)
        domain = [("provider_id", "=", provider.id)]
        return branches_sudo.find_by_code(code, domain).name or code

    def _logo(self, provider) -> str | None:
        """The address of a logo; it changes with it, so browsers may keep it."""
        if not provider.with_context(bin_size=True).image_128:
            return None
        return f"/spar/logo/{provider.id}?v={int(provider.write_date.timestamp())}"

    def _entry(self, version, disputable: int | None, asked: dict) -> dict:
        """Tell one line of the history.

        :param asked: changes that were asked for, by the number of their line
        """
        before, after = version.before, version.after
        event = event_of(version.step, before, after, version.channel)
        change = asked.get(version.version)
        is_same = address_of(before) == address_of(after)
        return {
            "number": version.version,
            "what": self.env._(person_words.EVENTS[event]),
            "when": self._moment(version.changed_at),
            "how": self.env._(person_words.CHANNELS[version.channel]),
            "before": self._short(before) if not is_same else None,
            "after": self._short(after),
            "is_same": is_same,
            "asked": change and self._short(self._waiting().snapshot(version, change)),
            "reference": read_reference_number(version.transaction_id or ""),
            "receipt": self._receipt_path(version, event),
            "may_dispute": version.version == disputable,
        }

    def _receipt_path(self, version, event) -> str | None:
        """Where the result of one of the person's own steps is shown again."""
        number = read_reference_number(version.transaction_id or "")
        path = _RECEIPTS.get(event)
        return path and number and version.channel == "portal" and f"{path}/{number}"

    def _short(self, snapshot) -> str | None:
        if not address_of(snapshot):
            return None
        provider, _strategy, lines = self._read(snapshot)
        return self._in_one_line(provider, lines)

    def _situation_words(self, situation) -> dict[str, str]:
        return person_words.situation_words(self.env, situation, self._moment)

    # === WHEN === #

    def _versions(self, mapping):
        """All that happened to an account, the newest first."""
        versions = mapping.env["g2p.spar.mapping.version"]
        if not mapping:
            return versions
        # Whether the account is one of a sandbox was asked when it was found.
        return versions.with_context(sandbox_test=False).search_fetch(
            [("mapping_id", "=", mapping.id)], _OF_VERSION, order="version desc"
        )

    def _brought(self, versions):
        """Of the versions of an account the one that brought the present address."""
        for version in versions:
            event = event_of(version.step, version.before, version.after)
            if event in BROUGHT:
                return version
        return versions.browse()

    @api.private
    def is_present(self, mapping, version) -> bool:
        """Whether money goes to the account that a version brought, renewed or not."""
        is_paid = self.situation(mapping).is_paid
        return is_paid and self._brought(self._versions(mapping)) == version

    def _last(self, mapping, step):
        return mapping.version_ids.search(
            [("mapping_id", "=", mapping.id), ("step", "=", step)],
            order="version desc",
            limit=1,
        )

    def _day(self, moment) -> str | None:
        return moment and words.write_day(moment, self._lang(), self._zone())

    def _moment(self, moment) -> str:
        return words.write_moment(moment, self._lang(), self._zone())

    def _lang(self) -> str:
        return self.env.lang or "en_US"

    def _zone(self):
        """The person's time zone, else the office's."""
        # A session knows its user's zone; to ask the user would be two reads more.
        own = self.env.context.get("tz")
        return words.zone_of(own or self.env["g2p.spar.portal.settings"].time_zone())


def _mask_opaque(text: str) -> str:
    """Mask an address of which only the form ``type:value@provider`` is known.

    >>> _mask_opaque("account:123456789@a-bank")
    '****789 (a-bank)'
    """
    value, at, provider = text.partition("@")
    if not at:
        return mask_address(text)
    return f"{mask_number(value.partition(':')[2] or value)} ({provider})"
