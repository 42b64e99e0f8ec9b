from . import g2p_spar_intake_preview
