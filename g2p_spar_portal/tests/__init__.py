from . import test_person
from . import test_notice
