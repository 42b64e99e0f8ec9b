{
    "name": "SPAR: Reporting and Watching of Partners and Lists",
    "summary": "Partners and lists on the dashboard, in views and in alert rules",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": [
        "g2p_spar_connect_api",
        "g2p_spar_intake",
        "g2p_spar_report",
        "g2p_spar_watch",
    ],
    "data": ["data/g2p_spar_alert_rule_data.xml"],
    "auto_install": True,
}
