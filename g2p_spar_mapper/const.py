"""Words of the registry that screens, models and service share."""

CHANNELS = [
    ("api", "Partner system"),
    ("portal", "Beneficiary"),
    ("staff", "Staff"),
    ("agent", "Field agent"),
    ("import", "Import"),
]
STATES = [
    ("active", "Active"),
    ("on_hold", "On hold"),
    ("suspended", "Suspended"),
    ("expired", "Expired"),
    ("unlinked", "Unlinked"),
]
STEPS = [
    ("link", "Linked"),
    ("update", "Updated"),
    ("unlink", "Unlinked"),
    ("hold", "Put on hold"),
    ("release", "Released"),
    ("suspend", "Suspended"),
    ("reinstate", "Reinstated"),
]

#: Groups that see whole numbers; everybody else sees them masked.
WHOLE_NUMBERS = "g2p_spar_mapper.group_officer"
