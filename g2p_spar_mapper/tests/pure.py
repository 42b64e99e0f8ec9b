"""Reference data and short-hands for tests of the pure core: no database."""

from datetime import UTC, datetime, timedelta

from odoo.addons.g2p_spar_fa_reference.core.reference import (
    FaTypeRule,
    IdTypeRule,
    PartRule,
    ProviderRule,
    Reference,
    StrategyRule,
)
from odoo.addons.g2p_spar_fa_reference.core.strategy import compile_strategy

from ..core.commands import (
    LinkItem,
    Origin,
    RenewItem,
    ReportItem,
    ResolveItem,
    RollbackItem,
    StepItem,
    UnlinkItem,
    WaitingItem,
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
from ..core.policy import NO_RULES
from ..core.reading import Reader, read_batch
from ..core.resolving import Found, answer_all, read_questions
from ..core.rows import ResolveRow, ReverseRow, Stored
from ..core.state import Step

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC).replace(tzinfo=None)
HOUR = timedelta(hours=1)
ID = "token:Ab_1@nationalId"
FA = "account:123456@indigo.dfsp1.bank_acc"
OTHER_FA = "account:999999@indigo.dfsp1.bank_acc"

_BANK_PARTS = (
    PartRule("account_no", "Account number", "typed", required=True, sensitive=True),
    PartRule("branch", "Branch", "branch"),
    PartRule("bank", "Bank", "provider"),
    PartRule("type", "Type", "constant", constant="bank_acc"),
)

REFERENCE = Reference(
    strategies=(
        StrategyRule(
            id=11,
            number=1,
            name="Bank account",
            fa_type_id=21,
            fa_type_code="BANK_ACCOUNT",
            compiled=compile_strategy("account:{account_no}@{branch}.{bank}.{type}"),
            parts=_BANK_PARTS,
        ),
    ),
    providers_by_code={"dfsp1": ProviderRule(31, "dfsp1", "Bank 1")},
    id_types=(
        IdTypeRule(41, "national_id", "token", "nationalId", case_significant=True),
        IdTypeRule(42, "other"),
    ),
    fa_types_by_code={"bank_account": FaTypeRule(21, "BANK_ACCOUNT", "Bank account")},
)

#: Branches by (provider, casefolded code).
BRANCHES = {(31, "indigo"): 51}

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
}


def link_item(**values):
    """A link or update item; ID, address and reference have defaults."""
    return LinkItem(**{"reference_id": "r1", "id": ID, "fa": FA} | values)


def unlink_item(**values):
    """An unlink item of the same ID."""
    return UnlinkItem(**{"reference_id": "r1", "id": ID} | values)


def step_item(**values):
    """An item of a step of staff on the same ID."""
    return StepItem(**{"reference_id": "r1", "id": ID} | values)


def waiting_item(**values):
    """An item that decides about the change that waits of the same ID."""
    return WaitingItem(**{"reference_id": "r1", "id": ID} | values)


def rollback_item(**values):
    """An item that brings the first version of the same ID back."""
    return RollbackItem(**{"reference_id": "r1", "id": ID, "version": 1} | values)


def renew_item(**values):
    """An item that renews the link of the same ID."""
    return RenewItem(**{"reference_id": "r1", "id": ID} | values)


def report_item(**values):
    """A report of a failed payment of the same ID."""
    return ReportItem(**{"reference_id": "r1", "id": ID, "reason": "closed"} | values)


def resolve_item(**values):
    """A resolve item of the same ID, with details."""
    return ResolveItem(**{"reference_id": "r1", "id": ID, "details": True} | values)


class Registry:
    """What is stored, in memory, changed by plans as the service would do it.

    :param rules: which changes wait, and how long links last
    """

    def __init__(self, rules=NO_RULES):
        self.stored = {}
        self.versions = []
        self.rules = rules
        #: States of the changes that ended.
        self.ended = []
        self.relinked = set()
        #: Changes that the last batch has wait.
        self.proposed = {}

    def run(self, step, *items, origin=None, now=NOW, user_id=1):
        """Plan and keep one batch. :return: its outcomes"""
        origin = origin or Origin()
        reader = Reader(REFERENCE, origin)
        outcomes, entries = read_batch(items, getattr(reader, step, reader.step))
        entries = [self._bring_back(entry) for entry in entries]
        planner = _PLANNERS.get(step) or plan_step(step)
        plan = Plan(self.stored, BRANCHES, origin, now, self.rules, user_id)
        plan_all(planner, plan, entries)
        for entry in entries:
            outcomes[entry.index] = plan.outcomes[entry.index]
        for key, row in plan.written.items():
            known = self.stored.get(key)
            mapping_id = known.mapping_id if known else len(self.stored) + 1
            waiting = plan.current[key].waiting
            if waiting is not None:
                waiting = waiting._replace(pending_id=7)
            self.stored[key] = Stored(mapping_id, row, waiting)
        self.versions += plan.versions
        self.ended += plan.ended.values()
        self.relinked, self.proposed = plan.relinked, plan.proposed
        return outcomes

    def _bring_back(self, entry):
        """Give a rollback what its version had, as the service does."""
        if not isinstance(entry.item, RollbackItem):
            return entry
        for version in self.versions:
            if version.after.version == entry.item.version:
                row = version.after
                fa = REFERENCE.read_address(row.fa_value)
                return entry._replace(fa=fa, name=row.name, phone=row.phone, info=[])
        return entry

    def causes(self, step, *items, **kw):
        """The causes of a batch's outcomes."""
        return [outcome.cause for outcome in self.run(step, *items, **kw)]

    def resolve(self, *items, origin=None, now=NOW):
        """Outcomes of a resolve on what is stored."""
        origin = origin or Origin()
        outcomes, questions = read_questions(items, Reader(REFERENCE, origin), origin)
        by_id, by_fa = {}, {}
        for mapping_id, row, _waiting in self.stored.values():
            values = row._asdict() | {"mapping_id": mapping_id}
            by_id[row.id_key] = ResolveRow(*(values[f] for f in ResolveRow._fields))
            reverse = ReverseRow(*(values[f] for f in ReverseRow._fields))
            by_fa.setdefault(row.fa_key, []).append(reverse)
        return answer_all(outcomes, questions, Found(by_id, by_fa), origin, now)

    @property
    def waiting(self):
        """The change of the default ID that waits, or none."""
        return next(iter(self.stored.values())).waiting

    @property
    def row(self):
        """The row of the default ID."""
        return next(iter(self.stored.values())).row
