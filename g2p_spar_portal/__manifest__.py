{
    "name": "SPAR: Beneficiary Portal",
    "summary": "People see and choose where their benefits are paid, with the national ID",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_mapper", "portal", "auth_oauth", "sms"],
    "external_dependencies": {"python": ["authlib", "joserfc", "phonenumbers"]},
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_notices_data.xml",
        "views/g2p_spar_portal_mail_templates.xml",
        "views/layout_templates.xml",
        "views/account_templates.xml",
    ],
}
