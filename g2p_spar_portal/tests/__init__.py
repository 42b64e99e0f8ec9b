from . import test_person
