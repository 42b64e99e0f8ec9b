from . import (
    g2p_spar_agent_capture,
    g2p_spar_agent_capture_photo,
    g2p_spar_agent_capture_review,
    g2p_spar_agent_desk,
    g2p_spar_agent_device,
    g2p_spar_intake,
    g2p_spar_login,
    g2p_spar_oidc_event,
    g2p_spar_oidc_login,
    g2p_spar_page,
    g2p_spar_personal_data,
)
