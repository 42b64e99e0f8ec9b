from . import (
    test_change_charts,
    test_charts,
    test_counting,
    test_dashboard,
    test_erasure,
    test_levels,
    test_page_statements,
    test_security,
    test_views,
    test_waiting,
)
