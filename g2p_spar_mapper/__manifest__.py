{
    "name": "SPAR: ID-Account Mapper",
    "summary": "The registry that maps a person's ID to one financial address",
    "version": "19.0.1.2.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "application": True,
    "depends": ["g2p_spar_fa_reference"],
    "external_dependencies": {"python": ["orjson"]},
    "data": [
        "security/g2p_spar_mapper_groups.xml",
        "security/g2p_spar_mapper_rules.xml",
        "security/ir.model.access.csv",
        "wizards/g2p_spar_mapping_change_views.xml",
        "wizards/g2p_spar_mapping_import_views.xml",
        "views/g2p_spar_mapping_version_views.xml",
        "views/g2p_spar_mapping_views.xml",
        "views/g2p_spar_outgoing_address_views.xml",
        "views/g2p_spar_mapper_menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["g2p_spar_mapper/static/tests/tours/*.js"],
    },
    "demo": ["demo/g2p_spar_mapper_demo.xml"],
    # Read by the demonstration data's own loader.
    "oca_data_manual": ["demo/g2p_spar_mapping_demo.csv"],
}
