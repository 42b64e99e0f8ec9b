from typing import NamedTuple

from odoo import api, models

from odoo.addons.g2p_spar_fa_reference.core.errors import AddressError
from odoo.addons.g2p_spar_fa_reference.core.rules import FaTypeRule

from ..core.change import (
    Choice,
    Named,
    Step,
    may_show,
    offered_types,
    open_step,
    parts_of,
    steps_of,
    typed_parts,
)
from ..core.typed import Problem, hint_of, input_mode, needs_repeat, read_typed
from .change_words import say_number, say_problem

#: More results than this nobody reads; one more word finds the right one.
MOST_FOUND = 20


class Way(NamedTuple):
    """Where a person is in one change.

    :ivar draft_sudo: the ``g2p.spar.change.draft``
    :ivar fa_type: the chosen type of address
    :ivar choice: what was chosen and typed, as far as it still holds
    """

    draft_sudo: models.BaseModel
    fa_type: FaTypeRule
    choice: Choice

    @property
    def step(self) -> Step:
        """The first step that is not done yet."""
        return open_step(self.fa_type, self.choice)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of this way."""
        return steps_of(self.fa_type, self.choice.has_branches)

    def may_show(self, step: str) -> bool:
        """Whether a step can be shown now."""
        return may_show(self.fa_type, self.choice, Step(step))


class G2PSparChangeForm(models.AbstractModel):
    """The pages on which a person says where the money shall go.

    What is chosen is checked against the reference data at each step, and again at
    each later one: a bank that was taken off the list meanwhile is asked for anew.
    """

    _name = "g2p.spar.change.form"
    _description = "Choosing another account"

    # === THE WAY === #

    @api.private
    def types(self):
        """Return the types of address to choose from, in the person's language.

        :rtype: list[dict[str, str]]
        """
        rules = offered_types(self._reference())
        # Names of types are on everybody's page; a portal user reads no tables.
        types_sudo = self.env["g2p.spar.fa.type"].sudo()
        names = {
            one.id: one.name for one in types_sudo.browse(rule.id for rule in rules)
        }
        return [
            {"code": rule.code, "name": names[rule.id], "kind": rule.kind_code}
            for rule in rules
        ]

    @api.private
    def begin(self, person, code):
        """Begin a change.

        :param str code: of a type of address, as a form sent it
        :return: where the person is now, none when there is no such type
        :rtype: Way | None
        """
        rule = self.find_type(code)
        if rule is None:
            return None
        draft_sudo = self._drafts()._begin(person.identity_id, rule.id)
        return Way(draft_sudo, rule, Choice())

    @api.private
    def find_type(self, code):
        """Return the type of address of that code, if it can be chosen now.

        :rtype: FaTypeRule | None
        """
        offered = offered_types(self._reference())
        return next((one for one in offered if one.code == code), None)

    @api.private
    def open(self, person, token, is_typing=False):
        """Return where a person is in one change.

        :param str token: from the address of the page
        :param bool is_typing: the person is at a page of it and types: whether the
            branch chosen before is still there is asked when that page is sent
        :return: none when there is no such change of this person, or it is too old,
            or its type of address cannot be chosen any more
        :rtype: Way | None
        """
        draft_sudo = self._drafts()._find(person.identity_id, token)
        return self.resume(draft_sudo, is_typing)

    @api.private
    def resume(self, draft_sudo, is_typing=False):
        """Return where somebody is in a draft; see :meth:`open`.

        :param draft_sudo: has ``token``, ``fa_type_id``, ``_choice`` and ``_keep``, as
            ``g2p.spar.change.draft`` has
        :rtype: Way | None
        """
        rules = offered_types(self._reference())
        rule = next((one for one in rules if one.id == draft_sudo.fa_type_id.id), None)
        if not draft_sudo or rule is None:
            return None
        choice = self._still_there(rule, draft_sudo._choice(), is_typing)
        return Way(draft_sudo, rule, choice)

    def _drafts(self):
        # Nobody has rights to drafts; each is found by its owner's identity only.
        return self.env["g2p.spar.change.draft"].sudo()

    def _reference(self):
        return self.env["g2p.spar.strategy"].get_reference()

    def _still_there(self, rule, choice, is_typing):
        """Return the choice without what was taken off the lists meanwhile."""
        if choice.provider and not self._find_provider(rule, choice.provider.code):
            return Choice()
        if is_typing or not choice.branch:
            return choice
        found = self._find_branch(choice, choice.branch.code)
        return choice if found else choice._replace(branch=None)

    # === PROVIDER AND BRANCH === #

    @api.private
    def search(self, way, step, query):
        """Find providers or branches by a few words.

        :param Way way: where the person is
        :param Step step: which of the two is looked for
        :param str query: what was typed
        :return: at most :data:`MOST_FOUND` of code, name and place, and whether there
            are more
        :rtype: tuple[list[dict], bool]
        """
        model_sudo, domain = self._searched(way, step)
        found = model_sudo.find_by_words(query, domain, MOST_FOUND + 1)
        if len(found) > MOST_FOUND and not query.strip():
            # The first twenty of thousands are nobody's.
            return [], True
        with_place = "place" in found._fields
        rows = [
            {
                "code": one.code,
                "name": one.name,
                "place": (with_place and one.place) or "",
                # Branches of one town are told apart by it.
                "with_code": step == Step.BRANCH,
            }
            for one in found[:MOST_FOUND]
        ]
        return rows, len(found) > MOST_FOUND

    def _searched(self, way, step):
        if step == Step.BRANCH:
            return self._open_list("g2p.spar.branch"), self._branch_domain(way.choice)
        return self._open_list("g2p.spar.provider"), self._provider_domain(way.fa_type)

    def _open_list(self, model):
        # Lists of banks and branches are for everybody who is to choose from them.
        return self.env[model].sudo()

    def _provider_domain(self, rule):
        return [("kind_id.code", "=", rule.kind_code)]

    def _branch_domain(self, choice):
        rules = self._reference().providers_by_code
        provider = rules[choice.provider.code.casefold()]
        return [("provider_id", "=", provider.id)]

    def _find_provider(self, rule, code):
        """Return the active provider of that very code and of the type's kind."""
        found = self._reference().providers_by_code.get(code.casefold())
        is_meant = found and found.code == code and found.kind_code == rule.kind_code
        return found if is_meant else None

    def _find_branch(self, choice, code):
        # Of 100,000 branches an index finds the code, in capitals or not.
        branches_sudo = self._open_list("g2p.spar.branch")
        found = branches_sudo.find_by_code(code, self._branch_domain(choice))
        return found.filtered(lambda branch: branch.code == code)

    @api.private
    def choose(self, way, step, code):
        """Keep which provider or branch was chosen.

        :param str code: as the form sent it
        :return: whether there is such a one to choose
        :rtype: bool
        """
        if step == Step.PROVIDER:
            choice = self._with_provider(way, code)
        else:
            branch = self._find_branch(way.choice, code)
            choice = branch and way.choice.with_branch(Named(branch.code, branch.name))
        if choice:
            way.draft_sudo._keep(choice)
        return bool(choice)

    def _with_provider(self, way, code):
        provider = self._find_provider(way.fa_type, code)
        if provider is None:
            return None
        chosen = Named(provider.code, provider.name)
        of_provider = [("provider_id", "=", provider.id)]
        branches_sudo = self._open_list("g2p.spar.branch")
        has_branches = bool(branches_sudo.search(of_provider, limit=1))
        return way.choice.with_provider(chosen, has_branches)

    @api.private
    def tell_found(self, rows, has_more):
        """Return what was found with a sentence that says how many there are.

        :param rows: see :meth:`search`
        :rtype: dict
        """
        return {"rows": rows, "told": self.say_found(len(rows), has_more)}

    @api.private
    def say_found(self, count, has_more):
        """Say how many there are, for those too who do not see the list.

        :rtype: str
        """
        shown = say_number(self.env, count)
        if has_more and not count:
            return self.env._("There are many. Write the first letters to find yours.")
        if has_more:
            return self.env._(
                "The first %s are shown. Write more letters to find others.", shown
            )
        if not count:
            return self.env._("Nothing found. Write it in another way.")
        return self.env._("Found: %s", shown)

    @api.private
    def label_of(self, way, step):
        """Return what a person calls the thing that a step chooses.

        :rtype: str
        """
        source = "branch" if step == Step.BRANCH else "provider"
        part = next((p for p in way.fa_type.parts if p.source == source), None)
        return self._labels(way.fa_type)[part.name] if part else ""

    @api.private
    def place_of(self, way, step):
        """Say at which step of how many a person is; choosing the kind was the first.

        :rtype: str
        """
        # Until a bank is chosen it may have branches: the number never grows.
        has_branches = way.choice.has_branches or not way.choice.provider
        steps = steps_of(way.fa_type, has_branches)
        place = say_number(self.env, steps.index(step) + 2)
        count = say_number(self.env, len(steps) + 1)
        return self.env._("Step %(step)s of %(steps)s", step=place, steps=count)

    # === NUMBERS === #

    @api.private
    def fields_of(self, way, form=None, problems=None):
        """Return what to ask for, with what was typed and what is wrong with it.

        :param form: what the form sent, none: what is kept
        :param problems: sentences by part, see :meth:`type_in`
        :rtype: list[dict]
        """
        labels = self._labels(way.fa_type)
        kept = {f"part_{name}": v for name, v in (way.choice.typed or {}).items()}
        shown = form or kept
        return [
            {
                "name": part.name,
                "label": labels.get(part.name, part.label),
                "required": part.required,
                "mode": input_mode(part),
                "repeat": needs_repeat(part),
                "hint": self._hint(part),
                "value": shown.get(f"part_{part.name}"),
                "again": shown.get(f"again_{part.name}"),
                "problem": (problems or {}).get(part.name),
                "again_problem": (problems or {}).get(f"again {part.name}"),
            }
            for part in typed_parts(way.fa_type)
        ]

    def _hint(self, part):
        found = hint_of(part)
        return say_problem(self.env, found) if found else None

    def _labels(self, fa_type):
        # As for types: what parts are called is on everybody's page.
        type_sudo = self.env["g2p.spar.fa.type"].sudo().browse(fa_type.id)
        return {part.name: part.label for part in type_sudo.part_ids}

    @staticmethod
    def _typed(form, prefix, part):
        return form.get(f"{prefix}_{part.name}") or ""

    @api.private
    def type_in(self, way, form):
        """Keep what was typed, if all of it can be taken.

        :param form: names and texts of the form's fields
        :return: what is wrong, sentences by part; nothing when it was kept
        :rtype: dict[str, str]
        """
        problems, typed = self._read(way, form)
        if not problems:
            choice = way.choice.with_typed(typed)
            problems = self._try_to_write(way, choice)
            if not problems:
                way.draft_sudo._keep(choice)
        return {name: say_problem(self.env, one) for name, one in problems.items()}

    @api.private
    def check(self, way, name, text):
        """Say what is wrong with one part while it is being typed.

        :param str name: of the part
        :return: a sentence, "" when nothing is wrong
        :rtype: str
        """
        rule = next((r for r in typed_parts(way.fa_type) if r.name == name), None)
        problem = rule and read_typed(rule, text).problem
        return say_problem(self.env, problem) if problem else ""

    def _read(self, way, form):
        """Read all typed parts. :return: problems and values, by part"""
        problems, typed = {}, {}
        for part in typed_parts(way.fa_type):
            again = self._typed(form, "again", part) if needs_repeat(part) else None
            found = read_typed(part, self._typed(form, "part", part), again)
            typed[part.name] = found.value
            if found.problem:
                is_second = found.problem.code.startswith("repeat")
                problems[f"again {part.name}" if is_second else part.name] = (
                    found.problem
                )
        return problems, typed

    def _try_to_write(self, way, choice):
        """Write the address, to find what only the whole of it shows."""
        try:
            self.address(way.fa_type, choice)
        except AddressError:
            first = typed_parts(way.fa_type)[0].name
            return {first: Problem("not_written")}
        return {}

    @api.private
    def address(self, fa_type, choice):
        """Return the address that was chosen.

        :rtype: ParsedAddress
        :raise AddressError: it cannot be written
        """
        parts = parts_of(fa_type, choice)
        return self._reference().build_address(parts, fa_type.code)
