# Before the tests: properties are built with the settings of that moment.
from odoo.addons.g2p_spar_fa_reference.tests import hypothesis_profile

# isort: split
from . import (
    test_core_fields,
    test_core_plan,
    test_core_reason,
    test_core_resolving,
    test_core_sandbox,
    test_core_show,
    test_core_state,
    test_forward,
    test_mapper_service,
    test_mapping_model,
    test_mapping_screens,
    test_outgoing,
    test_sandbox,
    test_security,
    test_security_rpc,
    test_tours,
    test_translations,
    test_views,
    test_wizard_change,
    test_wizard_import,
)
