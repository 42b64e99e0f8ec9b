from . import test_bare, test_rows
