from . import (
    g2p_spar_access,
    g2p_spar_cipher,
    g2p_spar_connect,
    g2p_spar_facts_mixin,
    g2p_spar_message,
    g2p_spar_purpose,
    g2p_spar_sender,
    g2p_spar_sender_secret,
    g2p_spar_signer,
    g2p_spar_signing_key,
    ir_http,
)
