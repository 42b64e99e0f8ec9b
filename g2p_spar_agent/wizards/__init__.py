from . import g2p_spar_agent_refusal
