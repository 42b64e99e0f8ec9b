from odoo import models
from odoo.tools import SQL

#: What a person is told of a capture.
_TOLD = (
    "reference",
    "create_date",
    "user_id",
    "device_id",
    "state",
    "proof",
    "acr",
    "proved_at",
    "fa_type_id",
    "fa_masked",
    "fa_value",
    "person_name",
    "due_at",
    "decided_by_id",
    "decision",
    "ended_at",
)


class G2PSparPersonalData(models.AbstractModel):
    """What field agents took down of a person."""

    _inherit = "g2p.spar.personal.data"

    def _kinds(self):
        return super()._kinds() | {"captures": "g2p.spar.agent.capture"}

    def _collect(self, mapping):
        """Also tell by whom and how the account was taken down."""
        captures = self._captures(mapping.id_key)
        rows = self._rows(captures, _TOLD)
        for row, capture in zip(rows, captures, strict=True):
            if capture.photo:
                row["photo"] = f"data:image/jpeg;base64,{capture.photo.decode()}"
        return super()._collect(mapping) | {"captures": rows}

    def _erase(self, mapping_id):
        """Also forget photos and what was typed; that there was a capture stays.

        What waits for an officer is refused, and what was only begun goes whole.
        """
        id_key = self.env["g2p.spar.mapping"].browse(mapping_id).id_key
        captures = self._captures(id_key)._give_up()
        of_captures = [
            ("res_model", "=", captures._name),
            ("res_id", "in", captures.ids),
            ("res_field", "!=", False),
        ]
        self.env["ir.attachment"].search(of_captures).unlink()
        dialogs = self.env["g2p.spar.agent.refusal"]
        dialogs.search([("capture_id", "in", captures.ids)]).unlink()
        erased = super()._erase(mapping_id)
        self.env.execute_query(
            SQL(
                """
                UPDATE g2p_spar_agent_capture SET id_key = %s, id_masked = NULL,
                    fa_masked = NULL, sealed = NULL, photo_digest = NULL,
                    decision = NULL
                WHERE id = ANY(%s) RETURNING id
                """,
                erased.key,
                captures.ids,
            )
        )
        captures.invalidate_recordset(flush=False)
        return erased

    def _captures(self, id_key):
        return self.env["g2p.spar.agent.capture"].search([("id_key", "=", id_key)])
