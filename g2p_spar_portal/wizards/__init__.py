from . import g2p_spar_provider_test_line  # isort: skip
from . import g2p_spar_provider_test
