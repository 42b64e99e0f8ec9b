from . import (
    g2p_spar_alert,
    g2p_spar_alert_rule,
    g2p_spar_dashboard,
    g2p_spar_dashboard_intake,
    g2p_spar_intake,
    g2p_spar_report,
)
