from . import (
    finding,
    g2p_spar_alert,
    g2p_spar_alert_rule,
    g2p_spar_payment_date,
    g2p_spar_personal_data,
)
