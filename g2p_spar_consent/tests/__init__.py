from . import (
    test_consent_at_once,
    test_consent_ending,
    test_consent_pages,
    test_consent_profile,
    test_consent_request,
    test_consent_resolve,
    test_consent_rights,
    test_personal_data,
    test_translations,
)
