{
    "name": "SPAR: ID-Account Mapper",
    "summary": "The registry that maps a person's ID to one financial address",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "application": True,
    "depends": ["g2p_spar_fa_reference"],
    "external_dependencies": {"python": ["orjson"]},
    "data": [
        "security/g2p_spar_mapper_groups.xml",
        "security/ir.model.access.csv",
    ],
}
