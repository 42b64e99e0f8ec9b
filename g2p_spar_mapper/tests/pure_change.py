"""Policies, and registries in which a change waits: for tests of the pure core."""

from datetime import timedelta

from ..core.policy import Effect, Policy, Rules
from ..core.state import Step
from .pure import OTHER_FA, Registry, link_item

DAY = timedelta(days=1)
THIRD_FA = "account:555555@indigo.dfsp1.bank_acc"
PAYS_OLD = Policy(5, Effect.WAIT, hours=24)
PAYS_NOTHING = PAYS_OLD._replace(pays_old=False)
FOUR_EYES = Policy(6, Effect.APPROVE)
ASKER, OTHER = 1, 2


def registry(policy=PAYS_OLD, life=None):
    """A registry with one policy, in which the default ID is linked."""
    found = Registry(Rules((policy,) if policy else (), {}, {41: life} if life else {}))
    found.run(Step.LINK, link_item(name="Amina", phone_number="+254712345678"))
    return found


def waits(policy=PAYS_OLD):
    """A registry in which a change to OTHER_FA waits."""
    found = registry(policy)
    found.run(Step.UPDATE, link_item(fa=OTHER_FA), user_id=ASKER)
    return found
