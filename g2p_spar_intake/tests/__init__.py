from . import (
    test_capture,
    test_erasure,
    test_export,
    test_http_upload,
    test_intake,
    test_intake_work,
    test_refused_again,
    test_security,
    test_sentences,
    test_translations,
    test_waiting,
)
