from . import test_core_keeping, test_data_request, test_retention
