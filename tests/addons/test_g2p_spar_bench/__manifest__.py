{
    "name": "SPAR: Benchmark Route",
    "summary": "A bare route to compare the registry's own with; never for production",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_connect_api"],
    "external_dependencies": {"python": ["orjson"]},
}
