"""Keep the form in which each partner is told addresses."""

from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Let the one form that was chosen for a partner be its only one."""
    if not column_exists(cr, "g2p_spar_sender", "output_strategy_id"):
        return
    cr.execute(
        """
        INSERT INTO g2p_spar_sender_g2p_spar_strategy_rel
            (g2p_spar_sender_id, g2p_spar_strategy_id)
        SELECT id, output_strategy_id FROM g2p_spar_sender
        WHERE output_strategy_id IS NOT NULL
        """
    )
    cr.execute(
        """
        UPDATE g2p_spar_sender SET output_form = 'chosen'
        WHERE output_strategy_id IS NOT NULL
        """
    )
