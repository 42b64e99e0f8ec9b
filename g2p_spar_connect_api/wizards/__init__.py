from . import g2p_spar_partner_key_add, g2p_spar_sender_secret_show
