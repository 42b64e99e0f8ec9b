from . import (
    auth_oauth_provider,
    g2p_spar_oidc_client,
    g2p_spar_oidc_key,
    g2p_spar_own_account,
    g2p_spar_own_account_step,
    g2p_spar_page,
    ir_http,
)
from . import auth_oauth_provider_login  # isort: skip
from . import (
    g2p_spar_identity,
    g2p_spar_login,
    g2p_spar_oidc_event,
    g2p_spar_oidc_login,
    g2p_spar_page_login,
    g2p_spar_person,
    g2p_spar_step_up,
    g2p_spar_throttle,
    ir_http_person,
    res_partner,
    res_users,
    res_users_apikeys,
)
from . import (
    g2p_spar_contact,
    g2p_spar_notice,
    g2p_spar_notice_reading,
    g2p_spar_portal_settings,
    g2p_spar_post,
    g2p_spar_profile,
    mail_mail,
    res_config_settings,
    sms_sms,
    sms_tracker,
)
from . import g2p_spar_change, g2p_spar_change_draft, g2p_spar_change_form
