{
    "name": "SPAR: Reporting of the Portal",
    "summary": "Logins of beneficiaries on the dashboard and in views",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_portal", "g2p_spar_report"],
    "data": ["views/g2p_spar_tally_change_views.xml"],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
