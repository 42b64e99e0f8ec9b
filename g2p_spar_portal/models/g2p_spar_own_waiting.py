from odoo import api, fields, models

from odoo.addons.g2p_spar_mapper.core.policy import Facts, due_at, judge, longest_memory
from odoo.addons.g2p_spar_mapper.models.change_statements import read_past
from odoo.addons.g2p_spar_mapper.models.statements import executor

from ..core.situation import Meanwhile
from . import person_words

#: What pages show of a change that waits.
_SHOWN = ("version", "changes", "state", "due_at", "held", "requested_at", "channel")


class G2PSparOwnWaiting(models.AbstractModel):
    """A change of a person's own account that waits, told in words for a page.

    As ``g2p.spar.own.account``: every row is reached from the person's own mapping,
    which these methods are given.
    """

    _name = "g2p.spar.own.waiting"
    _description = "Waiting Change of a Person's Own Account"

    @api.private
    def find(self, mapping):
        """Return the ``g2p.spar.pending.change`` that waits, empty when none does."""
        waiting = [("state", "=", "waiting")]
        if not mapping.change_waits:
            return self._changes().browse()
        return self._changes_of(mapping, waiting)

    @api.private
    def of_versions(self, mapping, versions):
        """Return which changes some lines of the history asked for, by their numbers.

        :param versions: of the mapping; only of those that asked is one looked for
        """
        asking = versions.filtered(lambda one: one.step == "propose")
        if not asking:
            return {}
        numbers = [("version", "in", asking.mapped("version"))]
        return {one.version: one for one in self._changes_of(mapping, numbers)}

    @api.private
    def snapshot(self, version, change) -> dict:
        """Return the account that was asked for, as history would keep it.

        :param version: the line of the history which the change made
        """
        return version.after | change.changes | {"state": "active"}

    @api.private
    def tell(self, version, change) -> dict:
        """Say what was asked for.

        :return: ``version``, ``address`` (see ``own.account.tell_address``), ``asked``
            and ``how`` (when and by whom, in words)
        """
        own = self.env["g2p.spar.own.account"]
        return {
            "version": change.version,
            "address": own.tell_address(self.snapshot(version, change)),
            "asked": own._moment(change.requested_at),
            "how": self.env._(person_words.CHANNELS[change.channel]),
        }

    @api.private
    def say_wait(self, change, is_paid) -> list[str]:
        """Say when a change that waits is made, and what is paid until then.

        :param is_paid: whether money goes to the present account
        """
        before = Meanwhile.PAID if is_paid else Meanwhile.NOTHING
        meanwhile = Meanwhile.HELD if change.held else before
        return self._words(meanwhile, change.due_at or None)

    @api.private
    def foresee(self, mapping, address) -> list[str] | None:
        """Say when a change would be made that has to wait; none: it is made at once.

        :param mapping: the person's own, empty for a first account
        :param ParsedAddress address: the new one
        """
        if not mapping or mapping.fa_key == address.fa_key:
            return None
        now = fields.Datetime.now()
        policy = self._policy(mapping, address, now)
        if policy is None:
            return None
        meanwhile = Meanwhile.NOTHING
        if self.env["g2p.spar.own.account"].situation(mapping).is_paid:
            meanwhile = Meanwhile.PAID if policy.pays_old else Meanwhile.HELD
        return self._words(meanwhile, due_at(policy, now))

    # === BUSINESS METHODS === #

    def _policy(self, mapping, address, now):
        """Return the policy because of which the service would have a change wait."""
        policies = self.env["g2p.spar.change.policy"].get_policies()
        past = []
        if days := longest_memory(policies):
            since = fields.Datetime.subtract(now, days=days)
            found = read_past(executor(self.env.cr), mapping.ids, since)
            past = found.get(mapping.id, [])
        facts = Facts(
            False, mapping.id_type_id.id, address.provider_id, "portal", now, past
        )
        return judge(policies, facts)

    def _words(self, meanwhile, moment) -> list[str]:
        own = self.env["g2p.spar.own.account"]
        day = moment and own._moment(moment)
        return person_words.wait_words(self.env, meanwhile, day)

    def _changes_of(self, mapping, domain):
        domain = [("mapping_id", "=", mapping.id), *domain]
        # Whether the account is one of a sandbox was asked when it was found.
        changes = self._changes().with_context(sandbox_test=False)
        return changes.search_fetch(domain, _SHOWN)

    def _changes(self):
        # sudo: people have no rights to the registry; the mapping is their own.
        return self.env["g2p.spar.pending.change"].sudo()
