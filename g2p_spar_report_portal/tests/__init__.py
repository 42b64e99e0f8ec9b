from . import test_logins
