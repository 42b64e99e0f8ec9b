"""Stores a converted dump, and only what is not there yet."""

from collections import Counter

from odoo.exceptions import ValidationError

from ..core.errors import StrategyError
from ..core.id_template import same_ends
from ..core.spar_tables import Problem
from ..core.strategy import needs_pattern


class ReferenceStore:
    """One run of an import.

    Rows that exist already stay as they are, so a second run changes nothing and
    the work of staff since the first one is kept.

    :param env: environment of the user who imports, with their rights
    :param offset: added to the numbers of strategies
    :param enforce: whether patterns of levels become checks of existing parts
    :ivar problems: why nothing may be kept of this run
    :ivar created: number of new records by model
    :ivar found: number of rows that were there already, by model
    :ivar renumbered: number in the dump -> number here, where they differ
    :ivar patterns_left_out: names of parts whose pattern was not taken over
    """

    def __init__(self, env, offset, enforce):
        self.env = env(context=dict(env.context, active_test=False))
        self.offset = offset
        self.enforce = enforce
        self.problems = []
        self.created = Counter()
        self.found = Counter()
        self.renumbered = {}
        self.patterns_left_out = []
        self.kinds = {
            kind.code: kind for kind in self.env["g2p.spar.provider.kind"].search([])
        }

    def store(self, conversion):
        """Store all rows of a conversion.

        :param Conversion conversion: without problems
        """
        self._store_fa_types(conversion.fa_types)
        for row in conversion.parts:
            self._store_part(row)
        self._store_providers(conversion.providers)
        self._store_branches(conversion.branches)
        for row in conversion.strategies:
            self._store_strategy(row)
        for row in conversion.id_types:
            self._store_id_type(row)

    def _report(self, row, sentence, **values):
        origin = row.origin
        self.problems.append(Problem(origin.file, origin.line, "", sentence, values))

    def _create(self, model, rows, vals_list):
        """Create records, counted; a refusal is reported with the row's place."""
        try:
            records = self.env[model].create(vals_list)
        except ValidationError as error:
            row = rows[0]
            self._report(row, "%(refusal)s", refusal=error.args[0])
            return self.env[model]
        self.created[model] += len(records)
        return records

    # === ADDRESS TYPES AND PARTS === #

    def _fa_type(self, code):
        return self.env["g2p.spar.fa.type"].search([("code", "=ilike", code)])

    def _store_fa_types(self, rows):
        for row in rows:
            if self._fa_type(row.code):
                self.found["g2p.spar.fa.type"] += 1
                continue
            vals = {
                "code": row.code,
                "name": row.name,
                "kind_id": self.kinds[row.kind].id,
            }
            self._create("g2p.spar.fa.type", [row], [vals])

    def _store_part(self, row):
        fa_type = self._fa_type(row.fa_type)
        parts = {name: part for part in fa_type.part_ids for name in part._all_names()}
        part = parts.get(row.name)
        if part:
            self.found["g2p.spar.fa.part"] += 1
            self._compare_constant(row, part)
        elif row.canonical in parts:
            part = parts[row.canonical]
            names = [name for name in (part.aliases, row.name) if name]
            part.aliases = ", ".join(names)
        else:
            part = self._create_part(row, fa_type)
        if row.pattern and part.pattern != row.pattern:
            self._take_pattern(row, part)

    def _compare_constant(self, row, part):
        accepted = (part.constant or "").split("|")
        if row.source == "constant" and row.constant not in accepted:
            self._report(
                row,
                "The part %(part)s of %(type)s has another fixed value here than "
                "%(value)s.",
                part=row.name,
                type=row.fa_type,
                value=row.constant,
            )

    def _create_part(self, row, fa_type):
        vals = {
            "fa_type_id": fa_type.id,
            "name": row.canonical,
            "label": row.label,
            "aliases": row.name if row.name != row.canonical else False,
            "source": row.source,
            "constant": row.constant or False,
            "sequence": 100,
        }
        return self._create("g2p.spar.fa.part", [row], [vals])

    def _take_pattern(self, row, part):
        """Make the pattern of a level the check of its part, when that is wanted."""
        if not self.enforce:
            self.patterns_left_out.append(part.label)
            return
        try:
            part.write({"check": "regex", "pattern": row.pattern})
        except ValidationError as error:
            self._report(row, "%(refusal)s", refusal=error.args[0])

    # === PROVIDERS AND BRANCHES === #

    def _providers(self):
        """Return all providers by casefolded code."""
        providers = self.env["g2p.spar.provider"].search_fetch([], ["code", "kind_id"])
        return {provider.code.casefold(): provider for provider in providers}

    def _store_providers(self, rows):
        known = self._providers()
        fresh = []
        for row in rows:
            provider = known.get(row.code.casefold())
            if provider is None:
                fresh.append(row)
                continue
            self.found["g2p.spar.provider"] += 1
            if provider.kind_id.code != row.kind:
                self._report(
                    row,
                    "The code %(code)s belongs to a provider of another kind here.",
                    code=row.code,
                )
        vals_list = [
            {
                "code": row.code,
                "name": row.name,
                "kind_id": self.kinds[row.kind].id,
                "mnemonic": row.mnemonic if row.mnemonic != row.code else False,
                "note": row.note if row.note != row.name else False,
                "active": row.active,
            }
            for row in fresh
        ]
        if fresh:
            self._create("g2p.spar.provider", fresh, vals_list)

    def _store_branches(self, rows):
        providers = self._providers()
        known = {
            (provider.id, code.casefold())
            for provider, code in self.env["g2p.spar.branch"]._read_group(
                [("provider_id", "in", [one.id for one in providers.values()])],
                ["provider_id", "code"],
            )
        }
        fresh, vals_list = [], []
        for row in rows:
            provider = providers.get(row.provider.casefold())
            if provider is None:
                continue
            if (provider.id, row.code.casefold()) in known:
                self.found["g2p.spar.branch"] += 1
                continue
            fresh.append(row)
            vals_list.append(
                {
                    "provider_id": provider.id,
                    "code": row.code,
                    "name": row.name,
                    "mnemonic": row.mnemonic if row.mnemonic != row.code else False,
                    "place": row.place or False,
                    "active": row.active,
                }
            )
        if fresh:
            self._create("g2p.spar.branch", fresh, vals_list)

    # === STRATEGIES AND IDENTIFIER TYPES === #

    def _store_strategy(self, row):
        model = self.env["g2p.spar.strategy"]
        fa_type = self._fa_type(row.fa_type)
        number = row.number + self.offset
        same = model.search(
            [
                ("template", "=", row.template),
                ("fa_type_id", "=", fa_type.id),
                ("answers_only", "=", False),
            ],
            limit=1,
        )
        if same:
            self.found["g2p.spar.strategy"] += 1
            self._note_number(row, same.number)
            return
        taken = model.search([("number", "=", number)])
        if taken:
            self._report(
                row,
                "The number %(number)s belongs to the strategy %(name)s here. Choose "
                "another offset.",
                number=number,
                name=taken.name,
            )
            return
        vals = {
            "name": row.name,
            "number": number,
            "fa_type_id": fa_type.id,
            "template": row.template,
            "pattern": self._pattern(row, fa_type),
            "active": row.active,
        }
        if self._create("g2p.spar.strategy", [row], [vals]):
            self._note_number(row, number)

    def _note_number(self, row, number):
        if number != row.number:
            self.renumbered[row.number] = number

    def _pattern(self, row, fa_type):
        """Return the hand-written pattern if it reads more than the template."""
        if not row.pattern:
            return False
        fixed = {
            name: part.constant.split("|")[0]
            for part in fa_type.part_ids.filtered("constant")
            for name in part._all_names()
        }
        try:
            needed = needs_pattern(row.template, row.pattern, fixed)
        except StrategyError:
            # Unsafe or wrong: the template, which is sound, reads by itself.
            needed = False
        return row.pattern if needed else False

    def _store_id_type(self, row):
        known = self.env["g2p.spar.id.type"].search([]).mapped("template")
        if any(same_ends(row.template, template) for template in known):
            self.found["g2p.spar.id.type"] += 1
            return
        vals = {
            "code": row.code,
            "name": row.name,
            "template": row.template,
            "case_significant": True,
            "active": row.active,
        }
        self._create("g2p.spar.id.type", [row], [vals])
