from collections.abc import Sequence
from datetime import datetime, timedelta

from odoo import api, fields, models

from ..core.commands import (
    CheckItem,
    Origin,
    Outcome,
    RenewItem,
    ReportItem,
    RollbackItem,
    StoredKey,
    UnlinkItem,
    WaitingItem,
)
from ..core.fields import read_info
from ..core.plan import Plan
from ..core.policy import Rules, longest_memory
from ..core.reading import Unreadable, refuse_repeats
from ..core.reason import Cause
from ..core.rows import Entry, Stored, Version
from ..core.state import Step
from . import change_statements
from .statements import Author, executor

#: What is done in one transaction by the jobs.
PAGE = 500
EXPIRED = "The link ended and was not renewed in time"


class G2PSparMapper(models.AbstractModel):
    """Changes that wait, and what follows a link later in its life."""

    _inherit = "g2p.spar.mapper"

    # === STEPS === #

    @api.private
    def apply(self, items: Sequence[WaitingItem], origin: Origin) -> list[Outcome]:
        """Make changes that wait, because somebody agrees or their time has come.

        Whoever asked for a change cannot agree to it (``Cause.OWN_CHANGE``).
        """
        return self._change(Step.APPLY, items, origin)

    @api.private
    def withdraw(self, items: Sequence[WaitingItem], origin: Origin) -> list[Outcome]:
        """Give changes up that wait; the stored addresses stay."""
        return self._change(Step.WITHDRAW, items, origin)

    @api.private
    def rollback(self, items: Sequence[RollbackItem], origin: Origin) -> list[Outcome]:
        """Bring earlier versions back, also as the end of a dispute.

        Policies are asked as for any other change, so that it may have to wait.
        """
        return self._change(Step.ROLLBACK, items, origin)

    @api.private
    def renew(self, items: Sequence[RenewItem], origin: Origin) -> list[Outcome]:
        """Let links go on for as long as their ID types say."""
        return self._change(Step.RENEW, items, origin)

    @api.private
    def report(
        self, items: Sequence[ReportItem | CheckItem], origin: Origin
    ) -> list[Outcome]:
        """Take over what payers and banks tell of payments.

        Payments to an address to which one failed stop until somebody decides; how
        a test transfer or a first payment ended is noted as a check.
        """
        items = refuse_repeats(items)
        checks = [place for place, item in enumerate(items) if is_check(item)]
        stops = [Outcome(Cause.DONE) if is_check(item) else item for item in items]
        outcomes = self._change(Step.REPORT, stops, origin)
        noted = self.add_checks([items[place] for place in checks], origin)
        for place, outcome in zip(checks, noted, strict=True):
            outcomes[place] = outcome
        return outcomes

    # === JOBS === #

    @api.private
    def apply_due(self, after: int = 0) -> tuple[int, int | None]:
        """Make some of the changes whose time has come.

        Each is made in the channel in which it was asked for. One that cannot be
        made now, as somebody put its mapping on hold, waits on.

        :param after: id of the change behind which to begin
        :return: how many were made; and the last id looked at, none at the end
        """
        now = fields.Datetime.now()
        rows = change_statements.read_due(executor(self.env.cr), now, after, PAGE)
        by_channel: dict[str, list[WaitingItem]] = {}
        for pending_id, channel, key in rows:
            item = WaitingItem(str(pending_id), StoredKey(key), pending_id, True)
            by_channel.setdefault(channel, []).append(item)
        outcomes = [
            outcome
            for channel, items in by_channel.items()
            for outcome in self.apply(items, Origin(channel=channel))
        ]
        done = sum(outcome.succeeded for outcome in outcomes)
        return done, rows[-1][0] if len(rows) == PAGE else None

    @api.private
    def expire_some(self) -> int:
        """Take addresses away from IDs whose links ended and were not renewed.

        :return: how many; 0: there are no more
        """
        lives = self.env["g2p.spar.id.type"].get_lives()
        now = fields.Datetime.now()
        keys = change_statements.read_over(executor(self.env.cr), lives, now, PAGE)
        items = [UnlinkItem(str(n), StoredKey(key)) for n, key in enumerate(keys)]
        outcomes = self.unlink(items, Origin(channel="registry", reason=EXPIRED))
        return sum(outcome.succeeded for outcome in outcomes)

    @api.private
    def remind(self) -> int:
        """Note whom to remind of the end of a link. :return: how many are new"""
        lives = self.env["g2p.spar.id.type"].get_lives()
        return change_statements.insert_reminders(
            executor(self.env.cr), lives, fields.Datetime.now()
        )

    # === BUSINESS METHODS === #

    def _rules(
        self, stored: dict[str, Stored], entries: list[Entry], now: datetime
    ) -> Rules:
        """What the registry has decided about changes, and what that depends on."""
        policies = self.env["g2p.spar.change.policy"].get_policies()
        lives = self.env["g2p.spar.id.type"].get_lives()
        past = {}
        if days := longest_memory(policies):
            past = self._past(stored, entries, now - timedelta(days=days))
        return Rules(policies, past, lives)

    def _past(
        self, stored: dict[str, Stored], entries: list[Entry], since: datetime
    ) -> dict[str, Sequence[datetime]]:
        """Moments of earlier changes, of those whose address is about to change."""
        keys = {
            known.mapping_id: key
            for entry in entries
            if entry.fa and (known := stored.get(key := entry.id.id_key))
            if known.row.fa_key != entry.fa.fa_key
        }
        if not keys:
            return {}
        execute = executor(self.env.cr)
        past = change_statements.read_past(execute, list(keys), since)
        return {keys[mapping_id]: moments for mapping_id, moments in past.items()}

    def _prepare(self, step: Step, entries: list[Entry], origin: Origin) -> list[Entry]:
        """Give entries what the service itself knows: the versions to bring back."""
        if step != Step.ROLLBACK or not entries:
            return entries
        wanted = [(entry.id.id_key, _number(entry.item.version)) for entry in entries]
        execute = executor(self.env.cr)
        snapshots = change_statements.read_snapshots(execute, wanted)
        reader = self._reader(origin)
        return [
            self._bring_back(entry, reader, *snapshots[key])
            if key in snapshots
            else entry
            for entry, key in zip(entries, wanted, strict=True)
        ]

    def _bring_back(self, entry, reader, snapshot, number) -> Entry:
        """Give an entry the address, name and phone of a version.

        :param reader: reader of the call
        :param snapshot: what the version's history line kept
        :param number: number of the strategy that wrote its address
        """
        try:
            fa = reader.read_stored(entry.id, snapshot["fa_value"], number)
        except Unreadable:
            # Its form is not known any more: nothing that could be paid.
            return entry
        return entry._replace(
            fa=fa,
            name=snapshot.get("name"),
            phone=snapshot.get("phone"),
            info=read_info(snapshot.get("additional_info")),
        )

    def _write_besides(
        self,
        plan: Plan,
        versions: Sequence[Version],
        ids: dict[str, int],
        author: Author,
    ) -> None:
        """Write what a plan says of changes that wait and of reports."""
        execute = executor(self.env.cr)
        if plan.ended:
            ended = {ids[key]: state for key, state in plan.ended.items()}
            change_statements.end_waiting(execute, ended, author)
        if plan.proposed:
            known = {
                one.after.id_key: (ids[one.after.id_key], one.after, one.reference_id)
                for one in versions
                if one.step == Step.PROPOSE
            }
            change_statements.insert_waiting(execute, plan.proposed, known, author)
        if plan.reported:
            reports = [
                (ids[key], plan.written[key].version, item)
                for key, item in plan.reported.items()
            ]
            change_statements.insert_failures(execute, reports, author)
        if plan.ended or plan.proposed:
            self.env["g2p.spar.pending.change"].invalidate_model(flush=False)


def is_check(item: object) -> bool:
    """Whether an item of a report tells of a check, not of a failed payment."""
    return isinstance(item, CheckItem)


def _number(value: object) -> int:
    """The number of a version; 0, which none has, for what is no number."""
    is_number = isinstance(value, int) and 0 < value < 2**31
    return value if is_number else 0
