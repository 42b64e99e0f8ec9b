from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import file_open, file_path

from ..core.spar_dump import convert_files
from .reference_store import ReferenceStore

#: Models an import may add to, in the order in which it reports on them.
MODELS = (
    "g2p.spar.provider",
    "g2p.spar.branch",
    "g2p.spar.fa.type",
    "g2p.spar.fa.part",
    "g2p.spar.strategy",
    "g2p.spar.id.type",
)


class G2PSparReferenceImport(models.TransientModel):
    _name = "g2p.spar.reference.import"
    _description = "Import of Reference Data"

    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    number_mode = fields.Selection(
        [("keep", "Keep the numbers"), ("offset", "Add an offset to the numbers")],
        string="Numbers of Strategies",
        required=True,
        default="keep",
        help="SPAR 1.0 and 1.1 use the same numbers for different strategies.",
    )
    number_offset = fields.Integer(string="Offset", default=100)
    enforce_patterns = fields.Boolean(
        string="Enforce the Patterns of Levels",
        help="Earlier versions kept a pattern for account numbers and phones but "
        "never checked it, so addresses in use may not comply.",
    )
    state = fields.Selection(
        [("draft", "Files"), ("checked", "Checked"), ("done", "Imported")],
        default="draft",
    )
    version = fields.Char(string="Found", readonly=True)
    summary = fields.Text(readonly=True)
    problem_ids = fields.One2many(
        "g2p.spar.reference.import.problem", "import_id", readonly=True
    )

    # === ACTION METHODS === #

    def action_check(self):
        """Do everything an import does, show the outcome, and keep none of it."""
        self.ensure_one()
        savepoint = self.env.cr.savepoint()
        outcome = self._run(self._read_files())
        savepoint.close(rollback=True)
        self._forget_reference()
        return self._show(outcome, "checked")

    def action_import(self):
        """Store all files, or none of them when anything is wrong."""
        self.ensure_one()
        savepoint = self.env.cr.savepoint()
        outcome = self._run(self._read_files())
        failed = bool(outcome["problems"])
        savepoint.close(rollback=failed)
        self._forget_reference()
        return self._show(outcome, "checked" if failed else "done")

    def action_back(self):
        """Let the user choose other files."""
        self.ensure_one()
        self.problem_ids.unlink()
        self.state = "draft"
        return self._reopen()

    # === BUSINESS METHODS === #

    def _forget_reference(self):
        """Forget what was read between a savepoint and its rollback."""
        self.env.registry.clear_cache()

    def _read_files(self):
        """Return names and contents of the files.

        :rtype: list[tuple[str, bytes]]
        """
        if not self.attachment_ids:
            raise UserError(
                self.env._("Choose the CSV files of the tables, or a zip with them.")
            )
        return [(one.name, one.raw or b"") for one in self.attachment_ids]

    def _run(self, files):
        """Convert and store ``files``; say what came of it.

        :rtype: dict
        """
        conversion = convert_files(files)
        offset = self.number_offset if self.number_mode == "offset" else 0
        store = ReferenceStore(self.env, offset, self.enforce_patterns)
        if not conversion.problems:
            store.store(conversion)
            self.env.flush_all()
        return {
            "version": conversion.version,
            "problems": conversion.problems + store.problems,
            "summary": self._summarize(conversion, store),
        }

    def _show(self, outcome, state):
        """Write the outcome into the wizard and show it."""
        problems = outcome["problems"]
        self.problem_ids.unlink()
        self.write(
            {
                "state": state,
                "version": outcome["version"] and f"SPAR {outcome['version']}",
                "summary": False if problems else outcome["summary"],
                "problem_ids": [
                    fields.Command.create(self._prepare_problem_vals(problem))
                    for problem in problems
                ],
            }
        )
        return self._reopen()

    def _prepare_problem_vals(self, problem):
        return {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            # The sentences are listed in models/messages.py for translators.
            "sentence": self.env._(problem.sentence, **problem.values),
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Import Reference Data"),
        }

    def _summarize(self, conversion, store):
        """Say in plain lines what is new, what was there, and what to know.

        :rtype: str
        """
        lines = []
        for model in MODELS:
            if not store.created[model] + store.found[model]:
                continue
            lines.append(
                self.env._(
                    "%(model)s: %(created)s new, %(found)s already there",
                    model=self.env["ir.model"]._get(model).name,
                    created=store.created[model],
                    found=store.found[model],
                )
            )
        for old, new in sorted(store.renumbered.items()):
            lines.append(
                self.env._("Strategy %(old)s is number %(new)s here", old=old, new=new)
            )
        if store.patterns_left_out:
            lines.append(
                self.env._(
                    "Patterns not enforced: %(parts)s",
                    parts=", ".join(sorted(set(store.patterns_left_out))),
                )
            )
        if conversion.unused:
            lines.append(
                self.env._(
                    "Without reference data, passed over: %(files)s",
                    files=", ".join(conversion.unused),
                )
            )
        return "\n".join(lines)

    # === DEMONSTRATION DATA === #

    @api.model
    def _load_demo(self, folder, offset):
        """Import the CSV files of a folder of this addon, as an administrator would.

        :param str folder: folder below ``demo/``
        :param int offset: added to the numbers of strategies
        """
        path = Path("g2p_spar_fa_reference", "demo", folder)
        files = []
        for one in sorted(Path(file_path(str(path))).glob("*.csv")):
            with file_open(str(path / one.name), "rb") as stream:
                files.append((one.name, stream.read()))
        wizard = self.create({"number_mode": "offset", "number_offset": offset})
        problems = wizard._run(files)["problems"]
        if problems:
            raise UserError("\n".join(map(str, problems)))
