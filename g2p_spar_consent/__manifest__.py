{
    "name": "SPAR: Consent",
    "summary": "People allow applications to ask about their account, and stop it",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_connect_api", "g2p_spar_portal"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/g2p_spar_consent_views.xml",
        "views/g2p_spar_purpose_views.xml",
        "views/g2p_spar_sender_views.xml",
        "views/g2p_spar_consent_menus.xml",
        "views/consent_templates.xml",
    ],
}
