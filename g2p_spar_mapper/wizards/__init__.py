from . import (
    g2p_spar_change_policy_test,
    g2p_spar_mapping_change,
    g2p_spar_mapping_change_part,
    g2p_spar_mapping_import,
)
