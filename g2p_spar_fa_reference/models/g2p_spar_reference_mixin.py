"""What all tables of reference data have in common."""

import re

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..core.errors import AddressError, StrategyError

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]*")


class G2PSparReferenceMixin(models.AbstractModel):
    _name = "g2p.spar.reference.mixin"
    _description = "SPAR reference data"
    # Whether the rows are part of the picture which workers keep in memory.
    _in_reference = True

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create records; workers then read the reference data again."""
        records = super().create(vals_list)
        self._forget_reference()
        return records

    def write(self, vals):
        """Write records; workers then read the reference data again."""
        result = super().write(vals)
        self._forget_reference()
        return result

    def unlink(self):
        """Delete records; workers then read the reference data again."""
        result = super().unlink()
        self._forget_reference()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse to delete what something else stands on; archiving is the way."""
        for record in self:
            if record._spar_usage_count():
                raise UserError(
                    self.env._(
                        "%(name)s is in use and cannot be deleted. Archive it "
                        "instead: it is then offered no more, and what uses it "
                        "stays readable.",
                        name=record.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _forget_reference(self):
        """Let every worker read the reference data again at its next need."""
        if self._in_reference:
            self.env.registry.clear_cache()

    def _spar_usage_count(self):
        """Count the records which use these ones, archived ones included.

        Addons that point to reference data add their own records. The count may
        stop at any positive number: only "none" or "some" is asked.

        :rtype: int
        """
        return 0

    def _refusal(self, error):
        """Turn a refusal of ``core/`` into one for the screen, in the user's language.

        :param error: an AddressError or StrategyError
        :rtype: ValidationError
        """
        values = dict(error.values)
        if "part" in values:
            values["part"] = self._part_label(values["part"])
        # The sentences are listed in messages.py, where the export finds them.
        return ValidationError(self.env._(error.sentence, **values))

    def _part_label(self, label):
        """Return the label of a part in the user's language.

        :param str label: the English label, or any other name
        :rtype: str
        """
        # Labels are no secret, and who reads a refusal may have no right to the
        # table behind it.
        part_sudo = self.env["g2p.spar.fa.part"].sudo()
        found = part_sudo.with_context(lang="en_US").search(
            [("label", "=ilike", label)], limit=1
        )
        return found.with_context(lang=self.env.lang).label.lower() if found else label

    def _call_core(self, function, *args):
        """Call a function of ``core/``; its refusals become ValidationErrors."""
        try:
            return function(*args)
        except (AddressError, StrategyError) as error:
            raise self._refusal(error) from error

    def _check_code_form(self, field="code"):
        """Refuse codes which could not stand inside an address."""
        for record in self:
            if record[field] and not CODE.fullmatch(record[field]):
                raise ValidationError(
                    self.env._(
                        "The code %(code)s may only have letters, digits, dashes and "
                        "underscores, because it becomes part of addresses.",
                        code=record[field],
                    )
                )
