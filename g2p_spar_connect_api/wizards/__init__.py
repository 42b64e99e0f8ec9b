from . import (
    g2p_spar_partner_key_add,
    g2p_spar_sender_probe,
    g2p_spar_sender_probe_line,
    g2p_spar_sender_secret_show,
)
