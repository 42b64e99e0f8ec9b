"""A bank with 100,000 branches, and what people type to find theirs.

Branch ``i`` follows from its number, the same in Python and in SQL, as the mappings
of ``rows.py`` do. All of them are one bank's: that is the hardest case, since a
search looks among the branches of the bank that was chosen before.
"""

import json
import random
import re
from collections.abc import Sequence
from functools import partial

from messages import Body, Verdict

COUNT = 100_000
PROVIDER = "benchbank"
#: Letters that a person has typed; of a place, whichever its length.
LENGTHS = (2, 4, 8)
#: Answers of the search route end here; a test holds it against the portal's.
MOST_FOUND = 20
_POOL = 400
_FIRST = re.findall("..", "BaDaGaKaLaMaNaPaRaSaTaWaBeDeKeLeMeNeReSe")
_NEXT = re.findall("..", "badogakilamonapurasotawebidukelominerusa")
_KINDS = ["Market", "Central", "Station", "Harbour", "Airport", "High Street", "North"]

#: Branches from ``%(start)s`` to ``%(stop)s`` - 1, as the service would store them: a
#: test compares the two.
_INSERT = """
    INSERT INTO g2p_spar_branch (
        name, code, place, provider_id, active, search_key,
        create_uid, write_uid, create_date, write_date)
    SELECT town || ' ' || kind, code, place, %(provider)s, true,
        lower(' ' || town || ' ' || kind || ' ' || code || ' ' || place),
        1, 1, moment, moment
    FROM (
        SELECT i,
            (%(first)s::text[])[1 + i %% 20] || (%(next)s::text[])[1 + i / 20 %% 20]
                || (%(next)s::text[])[1 + i / 400 %% 20] AS town,
            (%(kinds)s::text[])[1 + i / 8000 %% 7] AS kind,
            'BNCH0' || lpad(i::text, 6, '0') AS code,
            'District ' || (%(first)s::text[])[1 + i / 7 %% 20]
                || (%(next)s::text[])[1 + i / 140 %% 20] || 'nori' AS place,
            now() AT TIME ZONE 'UTC' AS moment
        FROM generate_series(%(start)s::bigint, %(stop)s::bigint - 1) AS i
    ) w
    ORDER BY i
"""


def name_of(i: int) -> str:
    """Name of branch ``i``: a town, and where in it."""
    town = _FIRST[i % 20] + _NEXT[i // 20 % 20] + _NEXT[i // 400 % 20]
    return f"{town} {_KINDS[i // 8000 % 7]}"


def code_of(i: int) -> str:
    """Code of branch ``i``, in the form of an IFSC."""
    return f"BNCH0{i:06}"


def place_of(i: int) -> str:
    """District of branch ``i``: 250 are in the same."""
    return f"District {_FIRST[i // 7 % 20]}{_NEXT[i // 140 % 20]}nori"


def ensure(connection, count: int = COUNT) -> bool:
    """Make the bank have branches 0 to ``count`` - 1.

    The bank itself is there (``make_reference`` of the benchmark's addon).

    :param connection: of a superuser
    :return: whether they had to be stored
    """
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM g2p_spar_provider WHERE code = %s", (PROVIDER,))
        (provider,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM g2p_spar_branch WHERE provider_id = %s", (provider,)
        )
        (present,) = cursor.fetchone()
        if present < count:
            write_branches(cursor, provider, present, count)
    if present >= count:
        return False
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) g2p_spar_branch")
    connection.autocommit = False
    return True


def write_branches(cursor, provider: int, start: int, stop: int) -> None:
    """Insert branches ``start`` to ``stop`` - 1 in one statement.

    :param provider: database id of the bank
    """
    words = {"first": _FIRST, "next": _NEXT, "kinds": _KINDS}
    bounds = {"start": start, "stop": stop, "provider": provider}
    cursor.execute(_INSERT, words | bounds)


def queries(what: str, letters: int) -> list[str]:
    """What people type, for branches drawn at random; always the same ones.

    :param what: search: the first letters of a name; place: of a district
    :param letters: how many of them
    """
    draw = random.Random(f"{what} {letters}")
    chosen = (draw.randrange(COUNT) for _ in range(_POOL))
    if what == "place":
        words = (place_of(i).split()[1] for i in chosen)
    else:
        words = (name_of(i) for i in chosen)
    return [word[:letters].strip().lower() for word in words]


def bodies(what: str, letters: int, searches: Sequence[tuple[str, dict]]) -> list[Body]:
    """Requests that look for branches.

    :param searches: for each person the address of the route, up to the query, and
        the headers
    """
    made = []
    for number, query in enumerate(queries(what, letters)):
        path, headers = searches[number % len(searches)]
        raw = (path + query.replace(" ", "%20")).encode()
        judge = partial(judge_found, query)
        made.append(Body("get", (raw,), [query], None, headers=headers, judge=judge))
    return made


def judge_found(query: str, raw: bytes) -> Verdict:
    """Whether an answer lists branches, and only such as were looked for."""
    try:
        found = json.loads(raw)["rows"]
        texts = [f"{row['name']} {row['code']} {row['place']}" for row in found]
    except (ValueError, KeyError, TypeError) as error:
        return Verdict(0, 1, f"{type(error).__name__} {error} in {raw[:200]!r}")
    if not 0 < len(found) <= MOST_FOUND:
        return Verdict(0, 1, f"{len(found)} branches for {query!r}")
    strange = next((text for text in texts if not _has_words(text, query)), "")
    return Verdict(0, 1, f"{strange} for {query!r}") if strange else Verdict(1, 0, "")


def _has_words(text: str, query: str) -> bool:
    """Whether each word of a query begins a word of a text."""
    folded = f" {text.lower()}"
    return all(f" {word}" in folded for word in query.split())
