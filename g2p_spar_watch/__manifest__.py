{
    "name": "SPAR: Watching",
    "summary": "Finds what looks wrong in the registry and sees that somebody answers",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_mapper", "mail"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "data/g2p_spar_alert_rule_data.xml",
        "views/g2p_spar_alert_views.xml",
        "views/g2p_spar_alert_rule_views.xml",
        "views/g2p_spar_watch_menus.xml",
    ],
}
