"""What each column means: said once, remembered by the names in the first row.

A field is named as in a message (``id``, ``fa``, ``name`` …); ``part:<name>`` is a
part of the address, such as the account number, and ``info:<name>`` goes into the
additional information. An empty name leaves a column out.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .errors import UnfitFile
from .tokens import NONE

PART, INFO = "part:", "info:"
#: Fields that say a day or a moment.
DATES = ("valid_until", "captured_at")
#: Between the ends of the form of an ID; nothing else may stand in braces.
ID_SLOT = "{id}"

#: The first row of the lists of SPAR's admin scripts, and what its first column is.
_SCRIPT_NAMES = ("national id", "account number", "name", "phone")
SCRIPT_ID_FORM = "token:{id}@nationalId"

#: field -> names of columns, in English and French, folded by :func:`fold`
_KNOWN_NAMES = {
    "id": (
        "id",
        "id value",
        "national id",
        "national id number",
        "id number",
        "beneficiary id",
        "person id",
        "nin",
        "uin",
        "vid",
        "identifiant",
        "identifiant national",
        "numero d identification",
        "numero national",
        "nni",
    ),
    "fa": (
        "fa",
        "fa value",
        "financial address",
        "address of payment",
        "adresse financiere",
        "adresse de paiement",
    ),
    "name": (
        "name",
        "full name",
        "beneficiary name",
        "nom",
        "nom complet",
        "nom et prenom",
        "nom du beneficiaire",
    ),
    "phone_number": (
        "phone",
        "phone number",
        "telephone",
        "mobile",
        "contact",
        "numero de telephone",
        "tel",
    ),
    "reference_id": ("reference", "reference id", "ref"),
    "captured_at": (
        "captured at",
        "captured on",
        "capture time",
        "saisi le",
        "date de saisie",
        "heure de saisie",
    ),
    "device": ("device", "device id", "tablet", "appareil", "tablette"),
    "valid_until": (
        "valid until",
        "expires",
        "expiry date",
        "end date",
        "valable jusqu au",
        "date d expiration",
        "date de fin",
    ),
}
#: part of an address -> further names of columns
_PART_NAMES = {
    "account_number": (
        "account",
        "account no",
        "bank account",
        "iban",
        "compte",
        "numero de compte",
        "no de compte",
    ),
    "bank_code": ("bank", "banque", "code banque"),
    "branch_code": ("branch", "agence", "code agence"),
    "mobile_number": ("wallet number", "wallet", "numero mobile", "portefeuille"),
    "wallet_provider_code": ("wallet provider", "operator", "operateur"),
    "email_address": ("e mail", "email", "courriel"),
}


class Part(NamedTuple):
    """A part of the chosen type of address.

    :param label: what a person calls it
    """

    name: str
    label: str
    aliases: tuple[str, ...] = ()


class Matching(NamedTuple):
    """What the columns of a file mean, and what stands in none of them.

    :param operation: ``link``, ``update`` or ``unlink``
    :param fields: one for each column
    :param fa_type: code of the type of address that the parts belong to
    :param constants: parts that are the same in all rows
    :param id_form: how an ID is written, with ``{id}`` for what the column says
    :param token: what stands for the ID there: see :mod:`.tokens`
    :param partner: of the tokens of SPAR's scripts
    :param date_order: which of day and month comes first: ``dmy``, ``mdy``, or
        empty where nobody has said it
    """

    operation: str
    fields: tuple[str, ...]
    fa_type: str | None = None
    constants: tuple[tuple[str, str], ...] = ()
    id_form: str = ID_SLOT
    token: str = NONE
    partner: str = ""
    date_order: str = ""

    def write(self) -> str:
        """Return the matching as JSON text; see :func:`read_matching`."""
        return json.dumps(self._asdict(), sort_keys=True)

    @property
    def digest(self) -> str:
        """Name of this matching: what is done with a file depends on nothing else."""
        return hashlib.sha256(self.write().encode()).hexdigest()


def read_matching(text: str) -> Matching:
    """Read what :meth:`Matching.write` returned."""
    kept = json.loads(text)
    kept["fields"] = tuple(kept["fields"])
    kept["constants"] = tuple(map(tuple, kept["constants"]))
    return Matching(**kept)


def fold(name: str) -> str:
    """Return a name of a column as it is compared.

    >>> fold("  N° de Téléphone "), fold("phone_number")
    ('no de telephone', 'phone number')
    """
    plain = unicodedata.normalize("NFKD", name.replace("°", "o").casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", letters.replace("_", " ")))


def digest_names(names: Sequence[str]) -> str:
    """Return what a matching is remembered by: equal names, in equal order."""
    folded = "\x1f".join(map(fold, names))
    return hashlib.sha256(folded.encode()).hexdigest()


def is_of_scripts(names: Sequence[str]) -> bool:
    """Whether a first row is that of SPAR's admin scripts.

    >>> is_of_scripts(["National ID", "Account number", "Name", "Phone"])
    True
    """
    return tuple(map(fold, names)) == _SCRIPT_NAMES


def guess_fields(names: Sequence[str], parts: Iterable[Part] = ()) -> tuple[str, ...]:
    """Return what columns are likely to mean by their names.

    Each field is guessed once; what is not understood is left out.

    :param parts: of the type of address, where one was chosen
    """
    known = {name: field for field, all_ in _KNOWN_NAMES.items() for name in all_}
    for part in parts:
        further = (*part.aliases, *_PART_NAMES.get(part.name, ()))
        for name in (part.name, part.label, *further):
            # "Mobile number" is the wallet's, where there is a wallet.
            known[fold(name)] = PART + part.name
    found, fields = set(), []
    for name in names:
        field = known.get(fold(name), "")
        if not field and name.startswith(INFO) and len(name) > len(INFO):
            field = name
        fields.append("" if field in found else field)
        found.add(field)
    return tuple(fields)


def check_matching(matching: Matching, parts: Mapping[str, bool]) -> None:
    """Refuse a matching by which no row could be read.

    :param parts: of the type of address: name -> whether it is demanded and asked
        for, that is, not filled in by itself
    :raise UnfitFile: what is missing or doubled
    """
    used = [field for field in matching.fields if field]
    for field in used:
        if used.count(field) > 1:
            raise UnfitFile("Two columns mean the same: leave one of them out.")
    if "id" not in used:
        raise UnfitFile("Say which column has the ID of the person.")
    if matching.id_form.count(ID_SLOT) != 1:
        raise UnfitFile(
            "The form of the ID needs {id} once, where the column's text comes."
        )
    _check_address(matching, used, parts)


def _check_address(
    matching: Matching, used: Sequence[str], parts: Mapping[str, bool]
) -> None:
    given = {field[len(PART) :] for field in used if field.startswith(PART)}
    if "fa" in used and given:
        raise UnfitFile(
            "The address comes whole in one column or in parts in several: leave one "
            "of the two out."
        )
    if given and not matching.fa_type:
        raise UnfitFile("Choose the type of address that the parts belong to.")
    if given - set(parts):
        raise UnfitFile("A part does not belong to the chosen type of address.")
    if matching.operation != "link" or "fa" in used:
        return
    if not given:
        raise UnfitFile("Say which column has the address, or its parts.")
    fixed = {name for name, _value in matching.constants}
    for name, is_needed in parts.items():
        if is_needed and name not in given | fixed:
            raise UnfitFile(
                "%(part)s has neither a column nor a value under Same in All Rows.",
                part=name,
            )
