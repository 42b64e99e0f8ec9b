from . import test_person
from . import test_notice
from . import test_pages_account
from . import test_login
from . import test_login, test_login_step_up, test_login_weaknesses
from . import test_doors
from . import test_login, test_login_at_once, test_login_step_up, test_login_weaknesses
from . import test_doors, test_portal_rights, test_portal_rpc, test_provider_screens
from . import test_core_person
from . import test_change_pages
from . import test_pages_profile
from . import test_core_paths, test_core_situation, test_core_words
from . import test_pages_frame, test_pages_step
from . import test_settings
from . import test_provider_moved
from . import test_contact_security
from . import test_core_contact, test_core_notices
from . import test_notice_order
from . import test_notice_words
from . import test_idle_browser
from . import test_core_change, test_core_part_form, test_core_typed
    test_change_at_once,
    test_change_pages,
    test_change_results,
    test_change_tampering,
    test_core_change,
    test_core_part_form,
    test_core_typed,
