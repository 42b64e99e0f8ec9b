from . import test_person
from . import test_notice
from . import test_pages_account
from . import test_login
from . import test_core_person
from . import test_change_pages
from . import test_pages_profile
