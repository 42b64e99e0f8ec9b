"""Properties are built with the settings of the suite; imported before the tests."""

from odoo.addons.g2p_spar_fa_reference.tests import hypothesis_profile

__all__ = ["hypothesis_profile"]
