from . import test_spar_cycle, test_spar_payment
