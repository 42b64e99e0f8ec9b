"""The statements that take a person's data out of the registry's own tables.

One person at a time: it is done a few times a year, and every value is looked at.
"""

from collections.abc import Iterator

from odoo.tools import SQL

from ..core.erasure import Erased, Pseudonyms
from ..core.fields import dump_json
from ..core.state import Step
from .statements import Execute


def erase(execute: Execute, mapping_id: int, digest) -> Erased:
    """Take what is personal out of one mapping and all that belongs to it.

    :param mapping_id: one that is unlinked, and whose history says that it was erased
    :param digest: keyed hash of a text and a purpose
    :return: what was there, for the other tables
    """
    names = Pseudonyms(mapping_id, digest)
    [(id_key, id_value, fa_key)] = execute(
        SQL(
            "SELECT id_key, id_value, fa_key FROM g2p_spar_mapping WHERE id = %s",
            mapping_id,
        )
    )
    said = {id_value, *_said(execute, mapping_id)}
    keys = {fa_key, *_keys(execute, mapping_id)}
    person = names.of_person(id_key)
    erased = Erased(
        mapping_id,
        id_key,
        id_value,
        person,
        names.of_key(id_key),
        frozenset(keys),
        frozenset(said),
    )
    _erase_versions(execute, names)
    _erase_pending(execute, names)
    _erase_checks(execute, names, keys)
    _erase_mapping(execute, names, erased, fa_key)
    return erased


def _said(execute: Execute, mapping_id: int) -> Iterator[str]:
    """Every address, name and phone that the mapping had or was to have."""
    rows = execute(
        SQL(
            """
            SELECT s ->> 'fa_value', s ->> 'name', s ->> 'phone' FROM (
                SELECT before AS s FROM g2p_spar_mapping_version
                WHERE mapping_id = %(id)s
                UNION ALL SELECT after FROM g2p_spar_mapping_version
                WHERE mapping_id = %(id)s
                UNION ALL SELECT changes FROM g2p_spar_pending_change
                WHERE mapping_id = %(id)s
            ) x WHERE s IS NOT NULL
            """,
            id=mapping_id,
        )
    )
    return (value for row in rows for value in row if value)


def _keys(execute: Execute, mapping_id: int) -> Iterator[str]:
    """Keys of the addresses that were asked for or checked."""
    rows = execute(
        SQL(
            """
            SELECT changes ->> 'fa_key' FROM g2p_spar_pending_change
            WHERE mapping_id = %(id)s
            UNION SELECT fa_key FROM g2p_spar_verification WHERE mapping_id = %(id)s
            """,
            id=mapping_id,
        )
    )
    return (row[0] for row in rows if row[0])


def _erase_versions(execute: Execute, names: Pseudonyms) -> None:
    """Replace what is personal in the history; the line of the erasure says why."""
    rows = execute(
        SQL(
            "SELECT id, before, after FROM g2p_spar_mapping_version"
            " WHERE mapping_id = %s ORDER BY version",
            names.mapping_id,
        )
    )
    for version_id, before, after in rows:
        execute(
            SQL(
                """
                UPDATE g2p_spar_mapping_version SET before = %s, after = %s,
                    reason = CASE WHEN step = %s THEN reason END,
                    evidence = CASE WHEN step = %s THEN evidence END
                WHERE id = %s RETURNING id
                """,
                _dump(names.of_snapshot(before)),
                _dump(names.of_snapshot(after)),
                Step.ERASE.value,
                Step.ERASE.value,
                version_id,
            )
        )


def _erase_pending(execute: Execute, names: Pseudonyms) -> None:
    rows = execute(
        SQL(
            "SELECT id, changes FROM g2p_spar_pending_change WHERE mapping_id = %s",
            names.mapping_id,
        )
    )
    for pending_id, changes in rows:
        execute(
            SQL(
                "UPDATE g2p_spar_pending_change SET changes = %s, reason = NULL,"
                " evidence = NULL, decision = NULL WHERE id = %s RETURNING id",
                _dump(names.of_snapshot(changes)),
                pending_id,
            )
        )


def _erase_checks(execute: Execute, names: Pseudonyms, keys: set[str]) -> None:
    for key in sorted(keys):
        execute(
            SQL(
                "UPDATE g2p_spar_verification SET fa_key = %s, evidence = NULL"
                " WHERE mapping_id = %s AND fa_key = %s RETURNING id",
                names.of_key(key),
                names.mapping_id,
                key,
            )
        )


def _erase_mapping(
    execute: Execute, names: Pseudonyms, erased: Erased, fa_key: str
) -> None:
    execute(
        SQL(
            """
            UPDATE g2p_spar_mapping SET id_value = %(person)s, id_key = %(key)s,
                fa_key = %(fa_key)s, fa_parts = NULL, name = NULL,
                phone = NULL, additional_info = NULL, fa_value = COALESCE((
                    SELECT after ->> 'fa_value' FROM g2p_spar_mapping_version v
                    WHERE v.mapping_id = g2p_spar_mapping.id
                    ORDER BY v.version DESC LIMIT 1
                ), %(person)s)
            WHERE id = %(id)s RETURNING id
            """,
            person=erased.pseudonym,
            key=erased.key,
            fa_key=names.of_key(fa_key),
            id=names.mapping_id,
        )
    )


def _dump(value: dict | None) -> str | None:
    return None if value is None else dump_json(value)
