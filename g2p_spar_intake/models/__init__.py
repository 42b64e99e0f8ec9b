from . import (
    g2p_spar_file_keeper,
    g2p_spar_part_mixin,
    g2p_spar_parts_mixin,
    g2p_spar_wake,
)
