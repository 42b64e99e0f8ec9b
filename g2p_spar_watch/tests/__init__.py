from . import (
    test_alerts,
    test_core_windows,
    test_finding,
    test_personal_data,
    test_security,
)
