from . import g2p_spar_dashboard, g2p_spar_report
