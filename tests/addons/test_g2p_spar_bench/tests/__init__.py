from . import test_bare, test_branches, test_past, test_rows
