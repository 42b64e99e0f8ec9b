from . import (
    g2p_spar_oidc_client,
)
