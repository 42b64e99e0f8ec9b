# A model stands behind the ones it inherits from.
# isort: skip_file
from . import g2p_spar_reference_mixin
from . import g2p_spar_searchable_mixin
from . import g2p_spar_provider_kind
from . import g2p_spar_provider
from . import g2p_spar_branch
from . import g2p_spar_fa_type
from . import g2p_spar_fa_part
from . import g2p_spar_strategy
from . import g2p_spar_id_type
