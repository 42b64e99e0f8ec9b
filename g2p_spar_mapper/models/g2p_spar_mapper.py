from collections.abc import Callable, Sequence

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..core.commands import (
    LinkItem,
    Origin,
    Outcome,
    ResolveItem,
    StepItem,
    StoredKey,
    UnlinkItem,
)
from ..core.plan import (
    Plan,
    plan_all,
    plan_link,
    plan_unlink,
    plan_update,
)
from ..core.plan_change import (
    plan_apply,
    plan_erase,
    plan_renew,
    plan_report,
    plan_rollback,
    plan_step,
    plan_withdraw,
)
from ..core.reading import Reader, read_batch
from ..core.reason import Cause, Operation
from ..core.resolving import Found, Question, answer_all, read_questions
from ..core.rows import Entry, Stored
from ..core.state import Step, is_payable
from . import change_statements, statements
from .statements import Author

#: How often items are planned, anew after others changed the same IDs.
MAX_ROUNDS = 4

_STAFF = "g2p_spar_mapper.group_officer"
_MANAGER = "g2p_spar_mapper.group_manager"
_API = "g2p_spar_mapper.group_api"

#: Who may do what. Code running as the system (env.su) may do all of it.
RIGHTS = {
    Operation.RESOLVE: (_API, _STAFF),
    Step.LINK: (_API, _STAFF),
    Step.UPDATE: (_API, _STAFF),
    Step.UNLINK: (_API, _STAFF),
    Step.HOLD: (_STAFF,),
    Step.SUSPEND: (_STAFF,),
    Step.RELEASE: (_MANAGER,),
    Step.REINSTATE: (_MANAGER,),
    Step.APPLY: (_STAFF,),
    Step.WITHDRAW: (_STAFF,),
    Step.ROLLBACK: (_MANAGER,),
    Step.RENEW: (_STAFF,),
    Step.REPORT: (_API, _STAFF),
    Step.ERASE: (_MANAGER,),
}


class G2PSparMapper(models.AbstractModel):
    """The registry's one service: every reading and writing goes through it.

    REST controllers, portal, imports, screens and payment systems in the same
    instance call these methods and nothing else. Each takes a list of items and
    returns a list of outcomes, one per item, in the same order; a bad item is
    answered in its place and never spoils the others. The number of statements
    does not depend on the number of items.

    Collect, query once, decide, write once: the items are read (``core.reading``),
    one statement reads and locks what is stored, a pure function decides
    (``core.plan``), one statement writes the rows and one the history.

    The methods raise ``AccessError`` when the caller has no right to the
    operation, and nothing else for whatever the items contain.
    """

    _name = "g2p.spar.mapper"
    _description = "ID-account mapper"

    # === THE FOUR VERBS === #

    @api.private
    def link(
        self, items: Sequence[LinkItem], origin: Origin | None = None
    ) -> list[Outcome]:
        """Link IDs to addresses.

        :param items: what to link; a ``Cause`` in the place of an item is
            answered as it is
        :param origin: where the call comes from; default: staff
        """
        return self._change(Step.LINK, items, origin)

    @api.private
    def update(
        self, items: Sequence[LinkItem], origin: Origin | None = None
    ) -> list[Outcome]:
        """Change the address, name or phone of linked IDs; see :meth:`link`."""
        return self._change(Step.UPDATE, items, origin)

    @api.private
    def unlink(
        self, items: Sequence[UnlinkItem] = (), origin: Origin | None = None
    ) -> list[Outcome]:
        """Take the address away from IDs; see :meth:`link`.

        An abstract model has no records that the ORM could delete, so the
        protocol may have its word.
        """
        return self._change(Step.UNLINK, items, origin)

    @api.private
    def resolve(
        self,
        items: Sequence[ResolveItem],
        origin: Origin | None = None,
        with_parts: bool = False,
    ) -> list[Outcome]:
        """Answer to which address each ID should be paid. Writes nothing.

        :param items: what is asked; a ``Cause`` in the place of an item is
            answered as it is
        :param with_parts: whether the outcomes shall have ``fa_parts``
        """
        self._check_right(Operation.RESOLVE)
        origin = origin or Origin(channel="staff", may_reverse=True)
        items = self.forward(Operation.RESOLVE, items, origin)
        outcomes, questions = read_questions(items, self._reader(origin), origin)
        found = self._find(questions, origin, with_parts)
        return answer_all(outcomes, questions, found, origin, fields.Datetime.now())

    @api.private
    def versions(self, mapping_ids: Sequence[int]) -> dict[int, tuple[int, bool]]:
        """Version of some mappings, and whether they are payable now.

        For a payment system that prepared payments with a resolve and wants to
        know, just before it sends them, whether an address has changed.

        :param mapping_ids: ids from :class:`Outcome`
        :return: ``{id: (version, payable)}``; an id that does not exist is missing
        """
        self._check_right(Operation.RESOLVE)
        now = fields.Datetime.now()
        rows = statements.read_versions(statements.executor(self.env.cr), mapping_ids)
        return {row[0]: (row[1], is_payable(*row[2:], now)) for row in rows}

    @api.private
    def forward(self, operation: Operation, items: Sequence, origin: Origin) -> list:
        """Have those items done whose IDs live elsewhere.

        An addon that knows other mappers extends this. The four verbs call it
        before they read or write anything here. A caller that is about to write
        something itself calls it before that, with the same arguments, and gives
        the verb what it returned: no item is done twice.

        :param items: as given to the verb
        :return: the items, with an ``Outcome`` in the place of each that was done
        """
        return items

    # === STEPS OF STAFF === #

    @api.private
    def hold(self, items: Sequence[StepItem], origin: Origin) -> list[Outcome]:
        """Stop payments to active mappings until a date or a release."""
        return self._change(Step.HOLD, items, origin)

    @api.private
    def release(self, items: Sequence[StepItem], origin: Origin) -> list[Outcome]:
        """End holds."""
        return self._change(Step.RELEASE, items, origin)

    @api.private
    def suspend(self, items: Sequence[StepItem], origin: Origin) -> list[Outcome]:
        """Stop payments to disputed mappings until somebody decides."""
        return self._change(Step.SUSPEND, items, origin)

    @api.private
    def reinstate(self, items: Sequence[StepItem], origin: Origin) -> list[Outcome]:
        """Pay suspended mappings again."""
        return self._change(Step.REINSTATE, items, origin)

    # === BUSINESS METHODS === #

    def _check_right(self, operation: Operation | Step) -> None:
        """Refuse users without a group that may do the operation.

        :raise AccessError: they have none
        """
        if self.env.su:
            return
        if not any(self.env.user.has_group(group) for group in RIGHTS[operation]):
            raise AccessError(
                self.env._(
                    "You may not do this in the payment accounts registry (%s). Ask"
                    " your administrator for the right.",
                    operation.value,
                )
            )

    def _reader(self, origin: Origin) -> Reader:
        return Reader(self.env["g2p.spar.strategy"].get_reference(), origin)

    def _change(
        self, step: Step, items: Sequence, origin: Origin | None
    ) -> list[Outcome]:
        """Carry a batch of changes out.

        Items that lose a race are planned again, on what the winner wrote, so
        that they get the answer they would have got a moment later. In a
        transaction that cannot see the winner (repeatable read) PostgreSQL
        raises a serialization failure instead, which Odoo answers by running
        the whole transaction again.
        """
        self._check_right(step)
        origin = origin or Origin(channel="staff")
        if step in _FORWARDED:
            items = self.forward(Operation(step), items, origin)
        author = Author(self.env.uid, fields.Datetime.now(), origin)
        outcomes, pending = read_batch(items, _read_item(self._reader(origin), step))
        pending = self._prepare(step, pending, origin)
        for attempt in range(MAX_ROUNDS):
            if not pending:
                return outcomes
            # Most links are of new IDs: the insert itself finds the others.
            is_guess = attempt == 0 and step == Step.LINK and not _are_known(pending)
            stored = {} if is_guess else self._read_stored(pending)
            rules = self._rules(stored, pending, author.now)
            branches = self._branches(pending)
            plan = Plan(stored, branches, origin, author.now, rules, self.env.uid)
            plan_all(_PLANNERS[step], plan, pending)
            lost = self._write_plan(plan, stored, author)
            _fill(outcomes, plan, pending, lost)
            pending = [entry for entry in pending if entry.id.id_key in lost]
        for entry in pending:
            outcomes[entry.index] = Outcome(Cause.BUSY)
        return outcomes

    def _read_stored(self, entries: list[Entry]) -> dict[str, Stored]:
        """Read and lock what is stored of some entries."""
        keys = dict.fromkeys(entry.id.id_key for entry in entries)
        execute = statements.executor(self.env.cr)
        found = statements.read_for_change(execute, list(keys))
        return change_statements.with_waiting(execute, found)

    def _branches(self, entries: list[Entry]) -> dict:
        codes = {
            entry.fa.branch_code.casefold()
            for entry in entries
            if entry.fa and entry.fa.provider_id and entry.fa.branch_code
        }
        if not codes:
            return {}
        return statements.read_branches(statements.executor(self.env.cr), sorted(codes))

    def _write_plan(
        self, plan: Plan, stored: dict[str, Stored], author: Author
    ) -> set[str]:
        """Write a plan.

        :param stored: what the plan began with
        :return: keys of the IDs that another caller linked first, of which
            nothing was written
        """
        if not plan.written:
            return set()
        execute = statements.executor(self.env.cr)
        rows = [plan.written[key] for key in sorted(plan.written)]
        new = [row for row in rows if row.id_key not in stored]
        changes = [(stored[row.id_key], row) for row in rows if row.id_key in stored]
        ids = statements.insert_rows(execute, new, author) if new else {}
        lost = {row.id_key for row in new} - ids.keys()
        if changes:
            statements.update_rows(execute, changes, plan.relinked, author)
            ids |= {row.id_key: before.mapping_id for before, row in changes}
        versions = [v for v in plan.versions if v.after.id_key in ids]
        if versions:
            statements.append_versions(execute, versions, ids, author)
        self._write_besides(plan, versions, ids, author)
        for model in ("g2p.spar.mapping", "g2p.spar.mapping.version"):
            self.env[model].invalidate_model(flush=False)
        return lost

    def _find(
        self, questions: list[Question], origin: Origin, with_parts: bool
    ) -> Found:
        """Read what the questions ask about: one statement for each kind of key."""
        execute = statements.executor(self.env.cr)
        id_keys = [key for _, _, key, _ in questions if key is not None]
        fa_keys = [fa_key for _, _, key, fa_key in questions if key is None]
        id_prefixes = self._expand("id_key", id_keys) if origin.may_prefix else {}
        fa_prefixes = self._expand("fa_key", fa_keys) if origin.may_prefix else {}
        id_keys += id_prefixes.values()
        fa_keys += fa_prefixes.values()
        by_id, by_fa = {}, {}
        if id_keys:
            by_id = statements.read_for_resolve(execute, id_keys, with_parts)
        if fa_keys:
            by_fa = statements.read_by_address(execute, fa_keys)
        by_id |= {p: by_id[key] for p, key in id_prefixes.items() if key in by_id}
        by_fa |= {p: by_fa[key] for p, key in fa_prefixes.items() if key in by_fa}
        return Found(by_id, by_fa)

    def _expand(self, column: str, keys: list[str]) -> dict[str, str]:
        """Whole keys of the prefixes among ``keys`` that fit exactly one mapping."""
        prefixes = [key for key in keys if key.endswith("@")]
        if not prefixes:
            return {}
        return statements.expand_prefixes(
            statements.executor(self.env.cr), column, prefixes
        )


#: Steps that another mapper understands.
_FORWARDED = frozenset({Step.LINK, Step.UPDATE, Step.UNLINK})
_PLANNERS = {
    Step.LINK: plan_link,
    Step.UPDATE: plan_update,
    Step.UNLINK: plan_unlink,
    Step.APPLY: plan_apply,
    Step.WITHDRAW: plan_withdraw,
    Step.ROLLBACK: plan_rollback,
    Step.RENEW: plan_renew,
    Step.REPORT: plan_report,
    Step.ERASE: plan_erase,
    **{
        step: plan_step(step)
        for step in (Step.HOLD, Step.RELEASE, Step.SUSPEND, Step.REINSTATE)
    },
}


def _are_known(entries: list[Entry]) -> bool:
    """Whether some entries stand on a mapping that is there already."""
    return any(isinstance(entry.item.id, StoredKey) for entry in entries)


def _read_item(reader: Reader, step: Step) -> Callable[[int, object], Entry]:
    """The reader's method for the items of a step."""
    return getattr(reader, step.value, reader.step)


def _fill(
    outcomes: list[Outcome | None], plan: Plan, entries: list[Entry], lost: set[str]
) -> None:
    """Take the outcomes of a plan over, but for those that lost a race."""
    for entry in entries:
        if entry.id.id_key not in lost:
            outcomes[entry.index] = plan.outcomes[entry.index]
