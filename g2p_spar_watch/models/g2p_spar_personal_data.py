from odoo import models
from odoo.tools import SQL


class G2PSparPersonalData(models.AbstractModel):
    """Alerts about a person or an address of theirs."""

    _inherit = "g2p.spar.personal.data"

    def _collect(self, mapping):
        """Also tell what was found about the person."""
        of_mapping = [("mapping_id", "=", mapping.id)]
        return super()._collect(mapping) | {
            "alerts": self._found("g2p.spar.alert", of_mapping)
        }

    def _kinds(self):
        return super()._kinds() | {"alerts": "g2p.spar.alert"}

    def _erase(self, mapping_id):
        """Also forget what was written about the person; rule and outcome stay."""
        erased = super()._erase(mapping_id)
        subjects = [f"address:{key}" for key in sorted(self._own_alone(erased))]
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE g2p_spar_alert SET
                    note = CASE WHEN mapping_id = %(id)s THEN NULL ELSE note END,
                    subject = CASE WHEN subject = ANY(%(subjects)s)
                        THEN %(person)s || ':' || id ELSE subject END
                WHERE mapping_id = %(id)s OR subject = ANY(%(subjects)s)
                RETURNING id
                """,
                id=mapping_id,
                subjects=subjects,
                person=erased.pseudonym,
            )
        )
        self._erase_notes([row[0] for row in rows])
        return erased

    def _own_alone(self, erased):
        """Return the keys of those addresses which nobody else is linked to."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT fa_key FROM g2p_spar_mapping WHERE fa_key = ANY(%s)",
                list(erased.fa_keys),
            )
        )
        return erased.fa_keys - {row[0] for row in rows}

    def _erase_notes(self, alert_ids):
        """Forget what was said below alerts; who took and closed them stays."""
        of_alerts = [("res_model", "=", "g2p.spar.alert"), ("res_id", "in", alert_ids)]
        self.env["ir.attachment"].search(of_alerts).unlink()
        self.env.execute_query(
            SQL(
                """
                UPDATE mail_tracking_value t
                SET old_value_text = NULL, new_value_text = NULL
                FROM mail_message m WHERE m.id = t.mail_message_id
                AND m.model = 'g2p.spar.alert' AND m.res_id = ANY(%s) RETURNING t.id
                """,
                alert_ids,
            )
        )
        rows = self.env.execute_query(
            SQL(
                "UPDATE mail_message SET body = NULL, subject = NULL"
                " WHERE model = 'g2p.spar.alert' AND res_id = ANY(%s) RETURNING id",
                alert_ids,
            )
        )
        # Odoo would remove the messages, and with them who said something, too.
        self.env.execute_query(
            SQL(
                "DELETE FROM mail_mail WHERE mail_message_id = ANY(%s) RETURNING id",
                [row[0] for row in rows],
            )
        )
