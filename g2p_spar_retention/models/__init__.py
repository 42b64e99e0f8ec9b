from . import g2p_spar_retention_rule, g2p_spar_retention_run
