from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..core.errors import AddressError, StrategyError
from ..core.reader import check_parts, names_of
from ..core.reference import ProviderRule, Reference, StrategyRule
from ..core.strategy import compile_pattern, compile_strategy


class G2PSparStrategy(models.Model):
    _name = "g2p.spar.strategy"
    _inherit = ["g2p.spar.reference.mixin"]
    _description = "Address Strategy"
    _order = "sequence, number"

    name = fields.Char(required=True)
    number = fields.Integer(
        required=True,
        default=lambda self: self._default_number(),
        help="The strategy_id by which other systems name this strategy.",
    )
    fa_type_id = fields.Many2one(
        "g2p.spar.fa.type",
        string="Address Type",
        required=True,
        ondelete="restrict",
        index=True,
    )
    template = fields.Char(
        required=True,
        help="The written address, with the names of parts in braces: "
        "account:{account_number}@{branch_code}.{bank_code}.bank",
    )
    pattern = fields.Char(
        string="Hand-Written Pattern",
        help="Only for strategies of earlier systems whose pattern reads more than "
        "the template writes. Empty, which is better: addresses are read by the "
        "template itself.",
    )
    sequence = fields.Integer(
        default=10, help="Strategies are tried in this order on an unknown address."
    )
    answers_only = fields.Boolean(
        string="Only for Answers",
        help="It writes addresses for partners who want this form. No address is "
        "read or stored with it.",
    )
    answer_check = fields.Selection(
        [("none", "Not checked"), ("iban", "IBAN (ISO 13616)")],
        string="In Answers It Must Be",
        required=True,
        default="none",
        help="A partner who wants this form gets no address that is anything else.",
    )
    active = fields.Boolean(default=True)
    part_names = fields.Char(
        compute="_compute_part_names", string="Parts in the Template"
    )
    # The box to try a strategy: nothing of it is stored, a number typed here stays
    # in the browser.
    try_address = fields.Char(string="Address to Read", store=False)
    try_parts = fields.Text(compute="_compute_try_parts", string="Its Parts")
    try_values = fields.Text(
        string="Parts to Write", store=False, help="One part a line, as name: value"
    )
    try_written = fields.Text(compute="_compute_try_written", string="The Address")

    _number_uniq = models.Constraint(
        "unique (number)", "Another strategy has this number already."
    )
    _number_positive = models.Constraint(
        "CHECK (number > 0)", "The number of a strategy must be greater than zero."
    )

    # === DEFAULTS === #

    def _default_number(self):
        last = self.with_context(active_test=False).search(
            [], order="number DESC", limit=1
        )
        return last.number + 1

    # === COMPUTE METHODS === #

    @api.depends("template")
    def _compute_part_names(self):
        for strategy in self:
            try:
                names = compile_strategy(strategy.template or "").part_names
            except StrategyError:
                names = ()
            strategy.part_names = ", ".join(names)

    @api.depends("try_address", "template", "pattern", "fa_type_id", "answers_only")
    def _compute_try_parts(self):
        for strategy in self:
            strategy.try_parts = strategy.try_address and strategy._try(
                strategy._read_for_person, strategy.try_address
            )

    @api.depends(
        "try_values",
        "template",
        "pattern",
        "fa_type_id",
        "answers_only",
        "answer_check",
    )
    def _compute_try_written(self):
        for strategy in self:
            strategy.try_written = strategy.try_values and strategy._try(
                strategy._write_for_person, strategy.try_values
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("template", "pattern", "fa_type_id")
    def _check_template(self):
        for strategy in self:
            names = self._call_core(strategy._compile).part_names
            known = names_of(strategy.fa_type_id._to_rule().parts)
            unknown = [name for name in names if name.casefold() not in known]
            if unknown:
                raise ValidationError(
                    self.env._(
                        "The template of %(strategy)s has the part %(part)s, which "
                        "%(type)s does not have. Add it to the parts of the type, or "
                        "as another name of one of them.",
                        strategy=strategy.name,
                        part=unknown[0],
                        type=strategy.fa_type_id.name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.private
    def get_reference(self):
        """Return all reference data as one immutable value, from memory.

        :rtype: Reference
        """
        return self._spar_reference()

    @ormcache()
    def _spar_reference(self):
        """Read all reference data; the mixin clears this cache at each change.

        The statements are as many as there are tables, not rows.
        """
        # The picture is one for all callers and holds no personal data; what a
        # caller may do with it is decided where it is used.
        strategy_sudo = self.env["g2p.spar.strategy"].sudo()
        strategy_sudo = strategy_sudo.with_context(lang="en_US", active_test=True)
        env_sudo = strategy_sudo.env
        providers, archived = strategy_sudo._provider_rules()
        fa_types = [one._to_rule() for one in env_sudo["g2p.spar.fa.type"].search([])]
        return Reference(
            strategies=tuple(one._to_rule() for one in strategy_sudo.search([])),
            providers_by_code={rule.code.casefold(): rule for rule in providers},
            id_types=tuple(
                one._to_rule() for one in env_sudo["g2p.spar.id.type"].search([])
            ),
            fa_types_by_code={
                code.casefold(): rule
                for rule in fa_types
                for code in (rule.code, *rule.aliases)
            },
            archived_providers=archived,
        )

    def _provider_rules(self):
        """Return active and archived providers.

        :rtype: tuple[tuple[ProviderRule, ...], tuple[ProviderRule, ...]]
        """
        every = self.env["g2p.spar.provider"].with_context(active_test=False)
        providers = every.search_fetch([], ["code", "name", "kind_id", "active"])
        rules = [
            (one.active, ProviderRule(one.id, one.code, one.name, one.kind_id.code))
            for one in providers
        ]
        return (
            tuple(rule for active, rule in rules if active),
            tuple(rule for active, rule in rules if not active),
        )

    def _compile(self):
        """Return the strategy in its compiled form.

        :rtype: CompiledStrategy
        :raise StrategyError: template or pattern are unusable
        """
        self.ensure_one()
        if self.pattern:
            return compile_pattern(self.template, self.pattern)
        return compile_strategy(self.template or "")

    def _to_rule(self):
        """Return the strategy as the pure rules know it.

        :rtype: StrategyRule
        """
        return StrategyRule(
            # An unsaved form has no id yet.
            id=self._origin.id or 0,
            number=self.number,
            name=self.name or "",
            fa_type_id=self.fa_type_id.id,
            fa_type_code=self.fa_type_id.code,
            compiled=self._compile(),
            parts=self.fa_type_id._to_rule().parts,
            answers_only=self.answers_only,
            answer_check=self.answer_check or "none",
        )

    def _uses_part(self, part):
        """Tell whether the template writes ``part``, by any of its names."""
        names = self._compile().part_names
        return bool({name.casefold() for name in names} & set(part._all_names()))

    # === THE BOX TO TRY A STRATEGY === #

    def _try(self, function, text):
        """Return what ``function`` says about ``text``, or why it refuses."""
        if not self.fa_type_id:
            return self.env._("Choose the address type first.")
        try:
            return function(text)
        except (AddressError, StrategyError) as error:
            return str(self._refusal(error))

    def _alone(self):
        """Return a picture with this strategy only.

        :rtype: Reference
        """
        fa_type = self.fa_type_id._to_rule()
        return Reference(
            strategies=(self._to_rule(),),
            providers_by_code=self.get_reference().providers_by_code,
            fa_types_by_code={fa_type.code.casefold(): fa_type},
        )

    def _read_for_person(self, text):
        parts = self._alone().read_address(text).parts
        if parts is None:
            return self.env._("This strategy does not read this address.")
        return "\n".join(f"{name}: {value}" for name, value in parts.items())

    def _write_for_person(self, text):
        pairs = (line.partition(":") for line in text.splitlines())
        parts = {name.strip(): value.strip() for name, _colon, value in pairs}
        parts.pop("", None)
        if self.answers_only:
            given = check_parts(self.fa_type_id._to_rule().parts, parts)
            return self._alone().render(given, self.number)
        return self._alone().build_address(parts, self.fa_type_id.code).fa_value
