{
    "name": "SPAR: G2P Connect API",
    "summary": "The registry spoken to by payment systems: G2P Connect over HTTPS",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_mapper"],
    "external_dependencies": {"python": ["joserfc", "jsonschema-rs", "orjson"]},
    "data": [
        "security/ir.model.access.csv",
        "data/res_users_data.xml",
        "data/ir_cron_data.xml",
    ],
}
