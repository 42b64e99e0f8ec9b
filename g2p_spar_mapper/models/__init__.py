from . import g2p_spar_facts_mixin, g2p_spar_sandbox_mixin

# isort: split
# What inherits from the above comes behind it.
from . import (
    g2p_spar_mapper,
    g2p_spar_mapper_demo,
    g2p_spar_mapper_sandbox,
    g2p_spar_mapping,
    g2p_spar_mapping_version,
    g2p_spar_outgoing,
    g2p_spar_outgoing_address,
    g2p_spar_provider,
)
