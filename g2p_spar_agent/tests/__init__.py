from . import (
    hypothesis_profile,
    test_capture,
    test_core_pairing,
    test_core_photo,
    test_core_state,
    test_device,
    test_offline,
    test_pages,
    test_personal_data,
    test_review,
    test_security,
    test_translations,
)
