"""The statements of the registry: how the service reads and writes its tables.

One statement for a batch, whatever its size. A column travels as one text, not
as an array of a thousand quoted values, and a value that is the same in the
whole batch travels once: both were measured to halve the cost of a link.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

from ..core.commands import Origin
from ..core.fields import dump_json
from ..core.plan import Branches
from ..core.rows import ResolveRow, ReverseRow, Row, Stored, Version, snapshot

# Neither occurs in a value: control characters are refused when an item is read.
_SEPARATOR = "\x1f"
_NULL = "\x1e"

_NAMES_BY_TYPE = {
    "int4": (
        "id_type_id strategy_id fa_type_id provider_id branch_id version id"
        " mapping_id user_id policy_id"
    ),
    "jsonb": "fa_parts additional_info before after changes",
    "timestamp": (
        "hold_until valid_until changed_at linked_at due_at requested_at reported_at"
        " checked_at"
    ),
    "bool": "change_waits held",
    "date": "failed_on",
}
_TYPES = {
    name: kind for kind, names in _NAMES_BY_TYPE.items() for name in names.split()
}
_AS_TEXT = ("fa_parts", "additional_info")

Execute = Callable[[SQL], list[tuple]]


def executor(cr) -> Execute:
    """What executes the statements of this module.

    Odoo logs a failing statement with its values, here the IDs and accounts of a
    whole batch; the error reaches the caller all the same.

    :param cr: cursor
    """

    def execute(query: SQL) -> list[tuple]:
        cr.execute(query, log_exceptions=False)
        return cr.fetchall()

    return execute


class Author(NamedTuple):
    """Who writes, when and from where: the same for a whole batch.

    :param now: naive UTC
    """

    user_id: int
    now: datetime
    origin: Origin


def _join(values: Iterable) -> str:
    """One text of many values.

    :raise ValueError: a value contains a separator, which readers refuse
    """
    values = list(values)
    try:
        joined = _SEPARATOR.join(values)
    except TypeError:
        # Numbers, dates or nothing are among them.
        joined = _SEPARATOR.join(
            [_NULL if value is None else str(value) for value in values]
        )
    if joined.count(_SEPARATOR) != len(values) - 1:
        raise ValueError("control character in a value")
    return joined


def _array(values: Iterable) -> SQL:
    return SQL("string_to_array(%s, %s, %s)", _join(values), _SEPARATOR, _NULL)


def _cast(name: str) -> SQL:
    return SQL.identifier(_TYPES.get(name, "varchar"))


def table_of(columns: dict[str, Sequence]) -> tuple[SQL, SQL]:
    """Columns of values as a table expression.

    :param columns: values by column name, all of the same length, at least one
    :return: the select list, typed and in the order of the columns; and the
        source ``x`` it selects from
    """
    selected, arrays, names = [], [], []
    for name, values in columns.items():
        if len(set(values)) == 1:
            term = SQL("%s", values[0])
        else:
            arrays.append(_array(values))
            names.append(SQL.identifier(name))
            term = SQL.identifier("x", name)
        selected.append(SQL("%s::%s AS %s", term, _cast(name), SQL.identifier(name)))
    if not arrays:
        count = len(next(iter(columns.values())))
        return SQL(", ").join(selected), SQL("generate_series(1, %s) AS x", count)
    source = SQL("unnest(%s) AS x(%s)", SQL(", ").join(arrays), SQL(", ").join(names))
    return SQL(", ").join(selected), source


def names_of(names: Iterable[str]) -> SQL:
    """A list of columns."""
    return SQL(", ").join(map(SQL.identifier, names))


def _select_list(names: Iterable[str]) -> SQL:
    return SQL(", ").join(
        SQL("%s::text", SQL.identifier(name))
        if name in _AS_TEXT
        else SQL.identifier(name)
        for name in names
    )


_ROW_LIST = _select_list(Row._fields)
_RESOLVE_LIST = _select_list(
    "id" if name == "mapping_id" else name for name in ResolveRow._fields[:-1]
)
_REVERSE_LIST = _select_list(ReverseRow._fields)


# === READING === #


def read_for_change(execute: Execute, id_keys: Sequence[str]) -> dict[str, Stored]:
    """Read the rows of some IDs and lock them until the transaction ends.

    Locks are taken in the order of the keys, so that two batches wait for each
    other in one direction only.
    """
    rows = execute(
        SQL(
            "SELECT id, %s FROM g2p_spar_mapping WHERE id_key = ANY(%s)"
            " ORDER BY id_key FOR NO KEY UPDATE",
            _ROW_LIST,
            _array(id_keys),
        )
    )
    return {row[1]: Stored(row[0], Row._make(row[1:])) for row in rows}


def read_for_resolve(
    execute: Execute, id_keys: Sequence[str], with_parts: bool
) -> dict[str, tuple]:
    """Read what a resolve needs of some IDs, by key: the columns of ResolveRow.

    Many keys are joined, because the planner looks at each member of an ``ANY``
    list, and in their order, because neighbours share pages of the index. One key
    is so usual that it is asked for as such.
    """
    columns = SQL(
        "%s, %s", _RESOLVE_LIST, SQL("fa_parts::text") if with_parts else SQL("NULL")
    )
    if len(id_keys) == 1:
        query = SQL(
            "SELECT %s FROM g2p_spar_mapping WHERE id_key = %s", columns, id_keys[0]
        )
    else:
        query = SQL(
            """
            SELECT %s FROM (SELECT k FROM unnest(%s) AS k ORDER BY k) AS asked
            JOIN g2p_spar_mapping ON id_key = k
            """,
            columns,
            _array(id_keys),
        )
    return {row[0]: row for row in execute(query)}


def read_by_address(
    execute: Execute, fa_keys: Sequence[str]
) -> dict[str, list[ReverseRow]]:
    """Read who is linked to some addresses."""
    rows = execute(
        SQL(
            "SELECT %s FROM g2p_spar_mapping WHERE fa_key = ANY(%s)",
            _REVERSE_LIST,
            _array(fa_keys),
        )
    )
    found: dict[str, list[ReverseRow]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(ReverseRow._make(row))
    return found


def expand_prefixes(
    execute: Execute, column: str, prefixes: Sequence[str]
) -> dict[str, str]:
    """Whole keys for prefixes such as ``account:123@``.

    The bounds let the index serve, as ``@`` is followed by ``A``; they hold in
    databases with collation C, as ours are made.

    :param column: id_key or fa_key
    :return: the key of the one linked mapping that begins so; prefixes that
        fit none or several are missing
    """
    rows = execute(
        SQL(
            """
            SELECT p.prefix, min(m.key) FROM unnest(%(prefixes)s) AS p(prefix),
            LATERAL (
                SELECT %(column)s AS key FROM g2p_spar_mapping
                WHERE %(column)s >= p.prefix
                  AND %(column)s < left(p.prefix, -1) || 'A'
                  AND starts_with(%(column)s, p.prefix) AND state <> 'unlinked'
                LIMIT 2
            ) m GROUP BY p.prefix HAVING count(*) = 1
            """,
            prefixes=_array(prefixes),
            column=SQL.identifier(column),
        )
    )
    return dict(rows)


def read_versions(execute: Execute, mapping_ids: Sequence[int]) -> list[tuple]:
    """Id, version, state, end of hold and end of validity of some mappings."""
    return execute(
        SQL(
            "SELECT id, version, state, hold_until, valid_until"
            " FROM g2p_spar_mapping WHERE id = ANY(%s)",
            list(mapping_ids),
        )
    )


def read_branches(execute: Execute, codes: Sequence[str]) -> Branches:
    """Ids of the active branches with some casefolded codes."""
    rows = execute(
        SQL(
            "SELECT provider_id, lower(code), id FROM g2p_spar_branch"
            " WHERE active AND lower(code) = ANY(%s)",
            _array(codes),
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}


# === WRITING === #


def insert_rows(
    execute: Execute, rows: Sequence[Row], author: Author
) -> dict[str, int]:
    """Insert new rows, in the order of their keys.

    What is there already is left out before it takes a number of the sequence: a
    programme that sends all its links again every night would use them up.

    :return: database ids by ID key; keys that were there, or that another caller
        has just inserted, are missing
    """
    columns = dict(zip(Row._fields, zip(*rows, strict=True), strict=True))
    columns |= author_columns(author, len(rows))
    columns["linked_at"] = [author.now] * len(rows)
    selected, source = table_of(columns)
    inserted = execute(
        SQL(
            """
            INSERT INTO g2p_spar_mapping (%(names)s)
            SELECT * FROM (SELECT %(selected)s FROM %(source)s) AS new
            WHERE NOT EXISTS (
                SELECT 1 FROM g2p_spar_mapping AS m WHERE m.id_key = new.id_key
            )
            ON CONFLICT (id_key) DO NOTHING RETURNING id_key, id
            """,
            names=names_of(columns),
            selected=selected,
            source=source,
        )
    )
    return dict(inserted)


def update_rows(
    execute: Execute,
    changes: Sequence[tuple[Stored, Row]],
    relinked: set[str],
    author: Author,
) -> None:
    """Write changed rows back: the columns that differ in at least one of them.

    :param changes: what was read by :func:`read_for_change`, and what it becomes
    :param relinked: keys of those linked anew, which begin a new time
    """
    before, after = zip(*((stored.row, row) for stored, row in changes), strict=True)
    columns = {
        name: new
        for name, old, new in zip(
            Row._fields,
            zip(*before, strict=True),
            zip(*after, strict=True),
            strict=True,
        )
        if old != new
    }
    columns |= author_columns(author, len(changes))
    if relinked:
        columns["linked_at"] = [
            author.now if row.id_key in relinked else None for row in after
        ]
    assigned = SQL(", ").join(map(_assignment, columns))
    columns["id"] = [stored.mapping_id for stored, _row in changes]
    selected, source = table_of(columns)
    execute(
        SQL(
            "UPDATE g2p_spar_mapping m SET %s FROM (SELECT %s FROM %s) y"
            " WHERE m.id = y.id RETURNING m.id",
            assigned,
            selected,
            source,
        )
    )


def _assignment(name: str) -> SQL:
    """Assignment of one column; only a new link has a new day of linking."""
    column, value = SQL.identifier(name), SQL.identifier("y", name)
    if name == "linked_at":
        return SQL("%s = COALESCE(%s, m.%s)", column, value, column)
    return SQL("%s = %s", column, value)


def append_versions(
    execute: Execute, versions: Sequence[Version], ids: dict[str, int], author: Author
) -> None:
    """Add lines of history.

    :param ids: database ids of the mappings by ID key
    """
    origin = author.origin
    columns = {
        "mapping_id": [ids[version.after.id_key] for version in versions],
        "version": [version.after.version for version in versions],
        "step": [version.step.value for version in versions],
        "state": [version.after.state for version in versions],
        "reference_id": [version.reference_id for version in versions],
        "before": [_dump(version.before) for version in versions],
        "after": [_dump(version.after) for version in versions],
        "transaction_id": [origin.transaction_id] * len(versions),
        "reason": [origin.reason] * len(versions),
        "evidence": [origin.evidence] * len(versions),
    }
    columns |= author_columns(author, len(versions))
    selected, source = table_of(columns)
    execute(
        SQL(
            "INSERT INTO g2p_spar_mapping_version (%s) SELECT %s FROM %s RETURNING id",
            names_of(columns),
            selected,
            source,
        )
    )


def author_columns(author: Author, count: int) -> dict[str, list]:
    """The columns that say who wrote, for some rows."""
    origin = author.origin
    values = {
        "channel": origin.channel,
        "sender": origin.sender,
        "user_id": author.user_id,
        "changed_at": author.now,
    }
    return {name: [value] * count for name, value in values.items()}


def _dump(row: Row | None) -> str | None:
    return None if row is None else dump_json(snapshot(row))
