from . import g2p_spar_data_request, g2p_spar_retention_rule, g2p_spar_retention_run
