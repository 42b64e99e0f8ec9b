{
    "name": "SPAR: Example Payment System",
    "summary": "How an addon asks the registry in the same Odoo; never for production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_mapper"],
    "data": [
        "security/test_g2p_spar_pbms_groups.xml",
        "security/ir.model.access.csv",
    ],
}
