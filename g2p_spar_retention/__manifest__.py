{
    "name": "SPAR: Retention",
    "summary": "Purges what the law does not want kept, and records that it did",
    "version": "19.0.1.1.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_mapper"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/g2p_spar_retention_rule_views.xml",
        "views/g2p_spar_data_request_views.xml",
    ],
}
