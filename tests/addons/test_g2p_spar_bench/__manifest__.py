{
    "name": "SPAR: Benchmark Route",
    "summary": "Bare routes and a page to compare ours with; never for production",
    "version": "19.0.1.2.0",
    "category": "Hidden/Tests",
    "author": "SPAR on Odoo contributors",
    "website": "https://github.com/spar-on-odoo/spar",
    "license": "LGPL-3",
    "depends": ["g2p_spar_connect_api", "g2p_spar_portal"],
    "data": ["views/page_templates.xml"],
    "external_dependencies": {"python": ["orjson"]},
}
