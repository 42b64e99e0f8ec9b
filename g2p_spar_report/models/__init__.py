from . import (
    counting,
    g2p_spar_dashboard,
    g2p_spar_report,
    g2p_spar_tally,
    g2p_spar_tally_address,
    g2p_spar_tally_cell,
    g2p_spar_tally_change,
    g2p_spar_tally_day,
    g2p_spar_tally_total,
    views,
)
