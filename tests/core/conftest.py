"""Pure core tests: the checkout's addons are importable, no database is opened."""

from pathlib import Path

import odoo.addons

ROOT = Path(__file__).resolve().parents[2]

odoo.addons.__path__.append(str(ROOT))
