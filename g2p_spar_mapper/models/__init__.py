from . import g2p_spar_facts_mixin, g2p_spar_sandbox_mixin

# isort: split
# What inherits from the above comes behind it.
from . import (
    g2p_spar_change_policy,
    g2p_spar_failure_report,
    g2p_spar_id_type,
    g2p_spar_mapper,
    g2p_spar_mapper_change,
    g2p_spar_mapper_check,
    g2p_spar_mapper_demo,
    g2p_spar_mapper_erasure,
    g2p_spar_mapper_sandbox,
    g2p_spar_mapping,
    g2p_spar_mapping_dialogs,
    g2p_spar_mapping_holder,
    g2p_spar_mapping_level,
    g2p_spar_mapping_life,
    g2p_spar_mapping_names,
    g2p_spar_mapping_version,
    g2p_spar_name_check,
    g2p_spar_name_service,
    g2p_spar_outgoing,
    g2p_spar_outgoing_address,
    g2p_spar_pending_change,
    g2p_spar_personal_data,
    g2p_spar_provider,
    g2p_spar_reminder,
    g2p_spar_verification,
)
