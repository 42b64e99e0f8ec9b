from . import test_charts, test_logins
