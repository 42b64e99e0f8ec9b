"""Words of the registry that screens, models and service share."""

CHANNELS = [
    ("api", "Partner system"),
    ("portal", "Beneficiary"),
    ("staff", "Staff"),
    ("agent", "Field agent"),
    ("import", "Import"),
    ("registry", "The registry itself"),
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
    ("propose", "Change asked for, waits"),
    ("apply", "Change made after waiting"),
    ("withdraw", "Change that waited given up"),
    ("rollback", "Earlier version brought back"),
    ("renew", "Renewed"),
    ("report", "Failed payment reported"),
    ("erase", "Personal data erased"),
]
#: What is no staff's to do alone in a dialog: a partner reports, waiting follows from a
#: policy, and an erasure takes a second person.
_ELSEWHERE = ("propose", "report", "erase")
STAFF_STEPS = [step for step in STEPS if step[0] not in _ELSEWHERE]
CHANGE_STATES = [
    ("waiting", "Waits"),
    ("applied", "Made"),
    ("withdrawn", "Given up"),
    ("disputed", "Disputed"),
]
FAILURES = [
    ("closed", "The account is closed"),
    ("deceased", "The holder has died"),
    ("invalid", "The account does not exist"),
    ("name_mismatch", "The account belongs to somebody else"),
    ("litigation", "The account is blocked by a court"),
    ("minor_turned_major", "The holder came of age"),
]

#: Groups that see whole numbers; everybody else sees them masked.
WHOLE_NUMBERS = "g2p_spar_mapper.group_officer"
