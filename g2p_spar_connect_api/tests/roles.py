"""Who there is, for tests of rights."""

OPERATIONS = ("read", "write", "create", "unlink")
ADMIN, AUDITOR = "g2p_spar_mapper.group_admin", "g2p_spar_mapper.group_auditor"
#: Roles that have nothing to do with partners.
OTHERS = (
    "base.group_public",
    "base.group_portal",
    "base.group_user",
    "base.group_system",
    "g2p_spar_mapper.group_api",
    "g2p_spar_mapper.group_viewer",
    "g2p_spar_mapper.group_officer",
    "g2p_spar_mapper.group_manager",
)
