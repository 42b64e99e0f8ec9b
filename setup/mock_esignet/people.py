"""The made-up people who can log in, and how the provider names them to a client."""

import base64
import hashlib
import re
from dataclasses import dataclass, field

ID_FORM = re.compile(r"[0-9A-Za-z]{4,20}")
#: The relying party under which demonstrations register the portal.
RELYING_PARTY = "openg2p-auth-partner"


@dataclass(frozen=True)
class Person:
    """One person of the identity system.

    :param str id: the number that he or she types
    :param str name: as written on the ID
    :param str birthdate: with slashes, as the identity system writes it
    :param dict extra: claims beyond those every person has
    """

    id: str
    name: str
    birthdate: str = "1980/01/01"
    gender: str = "Female"
    phone: str = ""
    email: str = ""
    extra: dict = field(default_factory=dict, hash=False)

    def claims(self) -> dict:
        """All claims about the person that a client could be given, without sub."""
        told = {
            "name": self.name,
            "gender": self.gender,
            "birthdate": self.birthdate,
            "phone_number": self.phone,
            "phone_number_verified": bool(self.phone),
            "email": self.email,
            "address": {"formatted": "Plot 7, Market Road", "country": "KEN"},
            "individual_id": self.id,
        } | self.extra
        return {name: value for name, value in told.items() if value != ""}


#: The demonstration's six, each with a story in the registry (see the portal's demo).
PEOPLE = {
    person.id: person
    for person in (
        Person("5860356276", "Amina Yusuf", "1991/04/12", phone="+254711000001"),
        Person(
            "2154189532", "Baraka Mwangi", "1984/11/30", "Male",
            "+254711000002", "baraka.mwangi@example.org",
        ),
        Person("3987261045", "Chebet Koech", "1979/02/03", phone="+254711000003"),
        Person("6741520983", "Daniel Otieno", "1968/07/19", "Male", "+254711000004"),
        Person("8312067495", "Esther Wanjiku", "1995/09/08", phone="+254711000005"),
        Person("9405873216", "Farah Abdi", "1958/12/25", "Male", "+254711000006"),
    )
}  # fmt: skip
STORIES = {
    "5860356276": "unmapped",
    "2154189532": "bank",
    "3987261045": "wallet",
    "6741520983": "on_hold",
    "8312067495": "disputed",
    "9405873216": "expired",
}


def find(number: str) -> Person | None:
    """The person with a number; one is made up for any other well-formed number.

    :param number: as typed, white space around it is ignored
    :return: None when it cannot be an ID
    """
    number = number.strip()
    if number in PEOPLE:
        return PEOPLE[number]
    return Person(number, f"Person {number}") if ID_FORM.fullmatch(number) else None


def subject(number: str, relying_party: str) -> str:
    """The pairwise subject: one for each person and relying party, not client.

    base64url(SHA3-256(id || relying party)), as the identity system of eSignet's own
    demonstration does it (AuthenticationServiceImpl).

    >>> subject("5860356276", "openg2p-auth-partner")[:12]
    'ncDGUP93A6yz'
    """
    digest = hashlib.sha3_256((number + relying_party).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
