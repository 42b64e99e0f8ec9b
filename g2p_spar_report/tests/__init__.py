from . import (
    test_counting,
    test_dashboard,
    test_levels,
    test_security,
    test_views,
    test_waiting,
)
