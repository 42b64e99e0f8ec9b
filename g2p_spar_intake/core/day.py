"""Dates as people and spreadsheets write them.

Five forms: ``2026-12-31`` (also with a time and zone, ISO 8601), ``20261231``,
numbers with the day first (``31/12/2026``, ``31.12.26``), numbers with the month
first (``12/31/2026``), and a named month (``31 Dec 2026``, ``31 décembre 2026``).
Which of day and month comes first nobody can see in ``03/04/2026``: whoever
uploads the file says it, or such a date is refused.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone, tzinfo

DAY_FIRST, MONTH_FIRST = "dmy", "mdy"

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})([./ -])(\d{1,2})\2(\d{4}|\d{2})")
_NAMED = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?[ .-]+([a-z]+)[ .,-]+(\d{4})")
_NAMED_FIRST = re.compile(r"([a-z]+)[ .]+(\d{1,2})(?:st|nd|rd|th)?[ ,]+(\d{4})")
#: English and French, without accents; three letters tell all but two apart.
_MONTHS = (
    ("jan",),
    ("feb", "fev"),
    ("mar",),
    ("apr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aou"),
    ("sep",),
    ("oct",),
    ("nov",),
    ("dec",),
)
_CENTURY = 2000
#: A day followed by a time (ISO 8601; RFC 3339 allows the space).
_TIMED = re.compile(r"\d{4}-?\d{2}-?\d{2}[T ]\d")


class UnclearDate(ValueError):
    """A text is no date, or could be two.

    :param bool is_ambiguous: day and month could change places
    """

    def __init__(self, is_ambiguous: bool = False):
        super().__init__("date")
        self.is_ambiguous = is_ambiguous

    @property
    def code(self) -> str:
        """Why the row is refused, for a program."""
        return "date_ambiguous" if self.is_ambiguous else "date_unreadable"


def read_day(text: str, order: str = "") -> date:
    """Return the date that a text says.

    :param order: ``dmy``, ``mdy``, or empty where nobody has said it
    :raise UnclearDate: none, or one of two

    >>> read_day("31 déc. 2026"), read_day("12/31/2026")
    (datetime.date(2026, 12, 31), datetime.date(2026, 12, 31))
    """
    folded = _fold(text)
    for form in (_ISO, _COMPACT):
        if match := form.fullmatch(folded):
            return _make(*map(int, match.groups()))
    if match := _NUMBERS.fullmatch(folded):
        return _of_numbers(int(match[1]), int(match[3]), match[4], order)
    if match := _NAMED.fullmatch(folded):
        return _make(int(match[3]), _month(match[2]), int(match[1]))
    if match := _NAMED_FIRST.fullmatch(folded):
        return _make(int(match[3]), _month(match[1]), int(match[2]))
    raise UnclearDate


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _make(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnclearDate from error


def _month(name: str) -> int:
    for number, beginnings in enumerate(_MONTHS, 1):
        if name.startswith(beginnings):
            return number
    raise UnclearDate


def _of_numbers(first: int, second: int, year: str, order: str) -> date:
    number = int(year) + (_CENTURY if len(year) == 2 else 0)
    if not order:
        if first <= 12 and second <= 12 and first != second:
            raise UnclearDate(is_ambiguous=True)
        order = MONTH_FIRST if second > 12 else DAY_FIRST
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    return _make(number, month, day)


def guess_order(texts) -> str:
    """Return which of day and month comes first in some dates.

    :param texts: cells of one column
    :return: ``dmy``, ``mdy``, or empty where they do not tell or contradict

    >>> guess_order(["03/04/2026", "31/12/2026"])
    'dmy'
    """
    matches = [_NUMBERS.fullmatch(_fold(text)) for text in texts]
    pairs = [(int(m[1]), int(m[3])) for m in matches if m]
    is_day = any(first > 12 for first, _second in pairs)
    is_month = any(second > 12 for _first, second in pairs)
    if is_day == is_month:
        return ""
    return DAY_FIRST if is_day else MONTH_FIRST


def end_of(text: str, order: str, zone: tzinfo) -> datetime:
    """Return the moment until which something is valid, naive UTC.

    A day counts to its end, where the registry is; a text with a time and its zone
    is that moment.

    :raise UnclearDate: see :func:`read_day`
    """
    moment = _exact(text)
    if moment is None:
        # One day later at midnight; beyond the calendar there is none.
        try:
            after = read_day(text, order) + timedelta(days=1)
        except OverflowError as error:
            raise UnclearDate from error
        moment = _midnight(after, zone)
    return _to_utc(moment, zone)


def start_of(text: str, order: str, zone: tzinfo) -> datetime:
    """Return the moment at which something was noted, naive UTC.

    A day alone counts from its beginning, where the registry is: what was changed
    later that day is newer.

    :raise UnclearDate: see :func:`read_day`

    >>> start_of("2026-11-20 14:03", "", timezone.utc)
    datetime.datetime(2026, 11, 20, 14, 3)
    """
    moment = _exact(text) or _midnight(read_day(text, order), zone)
    return _to_utc(moment, zone)


def _exact(text: str) -> datetime | None:
    """Return what a text with a time says, none for a day alone."""
    if not _TIMED.match(text.strip()):
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UnclearDate from error


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _to_utc(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment as naive UTC; one without a zone is of the given one."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    except OverflowError as error:
        raise UnclearDate from error
