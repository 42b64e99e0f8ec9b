from . import g2p_spar_sender_secret_show
