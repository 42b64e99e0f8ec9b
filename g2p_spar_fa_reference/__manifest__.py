{
    "name": "SPAR Financial Address Reference Data",
    "summary": "Providers, branches, address types, strategies and identifier types",
    "version": "19.0.1.0.0",
    "category": "Social Protection/SPAR",
    "author": "SPAR on Odoo contributors",
    "license": "LGPL-3",
    "depends": ["base", "web"],
    "external_dependencies": {
        "python": ["cryptography", "phonenumbers", "python-stdnum"],
    },
    "data": [],
    "demo": [],
    "installable": True,
}
