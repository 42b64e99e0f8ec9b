from . import (
    test_core_fields,
    test_core_plan,
    test_core_reason,
    test_core_resolving,
    test_core_show,
    test_core_state,
    test_mapper_service,
    test_mapping_model,
    test_mapping_screens,
    test_wizard_change,
    test_wizard_import,
)
