"""Words of watching that models and screens share."""

KINDS = [
    ("shared_address", "Many IDs on one address"),
    ("burst", "Many changes in a short time"),
    ("before_payment", "Changes shortly before a payment"),
]
COUNTED = [
    ("address", "Changes of a linked ID's address"),
    ("dispute", "Disputes"),
    ("any", "Changes of any kind"),
]
SUBJECTS = [
    ("actor", "By one person or partner"),
    ("provider", "At one provider"),
    ("address", "To one address"),
    ("mapping", "Of one ID"),
]
STATES = [
    ("new", "New"),
    ("in_hand", "In hand"),
    ("closed", "Closed"),
]
OUTCOMES = [
    ("normal", "Nothing wrong"),
    ("mistake", "Mistake, put right"),
    ("misuse", "Fraud or misuse"),
    ("unclear", "Could not be found out"),
]
