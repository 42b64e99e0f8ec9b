from . import test_core_keeping, test_retention
