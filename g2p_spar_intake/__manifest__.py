{
    "name": "SPAR: Bulk Intake",
    "summary": "Lists of people and accounts, from a spreadsheet into the registry",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_mapper", "queue_job"],
    "external_dependencies": {"python": ["openpyxl"]},
    "data": [
        "security/ir.model.access.csv",
        "security/g2p_spar_export_rules.xml",
        "data/queue_job_data.xml",
        "views/g2p_spar_intake_views.xml",
        "views/g2p_spar_export_views.xml",
        "wizards/g2p_spar_intake_preview_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["g2p_spar_intake/static/src/**/*"],
    },
}
