"""Words which several rooms use."""

#: Where applications send people, and where people look at what they allowed.
ASK = "/spar/consent"
CONSENTS = "/my/benefit-account/consents"

DISCLOSURES = [
    ("payable", "Whether money can be paid: yes or no"),
    ("masked", "The institution and the masked number"),
    ("address", "The whole address, to pay to it"),
]
STATES = [
    ("active", "Valid"),
    ("withdrawn", "Withdrawn"),
    ("expired", "Expired"),
    ("replaced", "Replaced by a new one"),
]
