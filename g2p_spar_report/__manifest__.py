{
    "name": "SPAR: Reporting",
    "summary": "Dashboard of the payment accounts registry, and views for Superset",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_mapper"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/g2p_spar_tally_address_views.xml",
        "views/g2p_spar_tally_views.xml",
        "views/g2p_spar_tally_cell_views.xml",
        "views/g2p_spar_tally_change_views.xml",
        "views/g2p_spar_mapping_version_views.xml",
        "views/g2p_spar_mapping_actions.xml",
        "views/g2p_spar_report_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_backend": ["g2p_spar_report/static/src/dashboard/**/*"],
        # Odoo loads its charts and pivot tables when one is opened first.
        "web.assets_backend_lazy": ["g2p_spar_report/static/src/charts/**/*"],
    },
}
