"""The statements that find: each reads a part of the history, by its index on time.

Each select has the columns subject, period, user_id, sender, provider_id,
mapping_id, found_count, first_at and last_at. A subject is one text: what is
counted together.
"""

from datetime import datetime

from odoo.tools import SQL

from odoo.addons.g2p_spar_mapper.core.sandbox import BEHIND_MARK, MARK

from ..core.windows import LATE, Window

#: Who sends a list says what it is called: that makes no other sender of them.
_SENDER = SQL("(CASE WHEN v.channel <> 'import' THEN v.sender END)")
_SUBJECTS = {
    "actor": SQL("'user:' || v.user_id || ':' || COALESCE(%s, '')", _SENDER),
    "provider": SQL("'provider:' || m.provider_id"),
    "address": SQL("'address:' || m.fa_key"),
    "mapping": SQL("'id:' || v.mapping_id"),
}
_MOVED = SQL(
    "(v.before->>'fa_value' <> v.after->>'fa_value'"
    " AND v.before->>'state' <> 'unlinked')"
)
_COUNTED = {
    # A change that waits counts when it is asked for, not again when it is made.
    "address": SQL("(v.step = 'propose' OR v.step <> 'apply' AND %s)", _MOVED),
    "dispute": SQL("v.state = 'suspended' AND v.before->>'state' <> 'suspended'"),
    "any": SQL("true"),
}
#: What is told of the subject beside its key: only what it has in common.
_TOLD = {
    "actor": ("user_id", "sender"),
    "provider": ("provider_id",),
    "address": ("mapping_id", "provider_id"),
    "mapping": ("mapping_id",),
}


def keep(cr, query: SQL, rule, now: datetime) -> int:
    """Keep what a statement finds: as new alerts, or in those that are still open.

    :param rule: whose finding it is
    :return: number of alerts that are new or have grown
    """
    # What people have said of alerts must be seen here.
    rule.env.flush_all()
    cr.execute(
        SQL(
            """
            INSERT INTO g2p_spar_alert AS a (subject, period, user_id, sender,
                provider_id, mapping_id, found_count, first_at, last_at,
                rule_id, threshold, owner_id, found_at, state)
            SELECT f.*, %(rule)s, %(threshold)s, %(owner)s, %(now)s, 'new'
            FROM (%(query)s) AS f
            ON CONFLICT (rule_id, subject, period) DO UPDATE
            SET found_count = EXCLUDED.found_count, last_at = EXCLUDED.last_at
            WHERE a.state <> 'closed' AND a.found_count < EXCLUDED.found_count
            """,
            query=query,
            rule=rule.id,
            threshold=rule.threshold,
            owner=rule.owner_id.id or None,
            now=now,
        )
    )
    return cr.rowcount


def shared_addresses(last: datetime | None, now: datetime, threshold: int) -> SQL:
    """Find addresses of many IDs, among those that changed since the last look.

    The first time all addresses are looked at, in their index.

    :param last: when was looked last, naive UTC
    :param threshold: from how many IDs on
    """
    return SQL(
        """
        SELECT 'address:' || c.fa_key,
            ((2 ^ floor(log(2, (c.ids / %(threshold)s)::numeric)))::int)::text,
            NULL::int, NULL::varchar, c.provider_id, c.mapping_id, c.ids,
            c.first_at, c.last_at
        FROM (
            SELECT m.fa_key, count(*) AS ids, min(m.provider_id) AS provider_id,
                min(m.id) AS mapping_id, min(m.linked_at) AS first_at,
                max(m.changed_at) AS last_at
            FROM g2p_spar_mapping m JOIN (%(touched)s) t USING (fa_key)
            WHERE m.state IN ('active', 'on_hold', 'suspended')
              AND NOT (m.state = 'active' AND m.valid_until IS NOT NULL
                       AND m.valid_until <= %(now)s)
            GROUP BY m.fa_key HAVING count(*) >= %(threshold)s
        ) c
        """,
        threshold=threshold,
        now=now,
        touched=_touched(last, threshold),
    )


def _touched(last: datetime | None, threshold: int) -> SQL:
    """Select the addresses to count, but for those of sandboxes."""
    if last is None:
        return SQL(
            """
            SELECT fa_key FROM g2p_spar_mapping
            WHERE NOT (fa_key >= %s AND fa_key < %s)
            GROUP BY fa_key HAVING count(*) >= %s
            """,
            MARK,
            BEHIND_MARK,
            threshold,
        )
    return SQL(
        """
        SELECT DISTINCT m.fa_key FROM g2p_spar_mapping m
        WHERE NOT (m.fa_key >= %s AND m.fa_key < %s) AND m.id IN (
            SELECT mapping_id FROM g2p_spar_mapping_version WHERE changed_at >= %s
        )
        """,
        MARK,
        BEHIND_MARK,
        last - LATE,
    )


def bursts(rule, window: Window) -> SQL:
    """Find the days on which many changes of one subject came in a short time.

    Whatever the hour at which it is looked: each change counts those of the same
    subject in the hours before it.
    """
    return SQL(
        """
        SELECT subject, changed_at::date::text AS period, %(told)s, max(so_many),
            min(began_at), max(changed_at)
        FROM (
            SELECT c.*, count(*) OVER span AS so_many,
                min(changed_at) OVER span AS began_at
            FROM (%(changes)s) c
            WINDOW span AS (
                PARTITION BY subject ORDER BY changed_at
                RANGE BETWEEN %(hours)s * interval '1 hour' PRECEDING AND CURRENT ROW
            )
        ) s
        WHERE so_many >= %(threshold)s GROUP BY subject, changed_at::date
        """,
        told=_told(rule),
        hours=rule.hours,
        threshold=rule.threshold,
        changes=_changes(rule, window),
    )


def before_payment(rule, window: Window, payment) -> SQL:
    """Find many changes of one subject in the days before a payment.

    :param payment: the payment date
    """
    return SQL(
        """
        SELECT subject, %(period)s, %(told)s, count(*), min(changed_at),
            max(changed_at)
        FROM (%(changes)s) c
        WHERE %(provider)s::int IS NULL OR provider_id = %(provider)s
        GROUP BY subject HAVING count(*) >= %(threshold)s
        """,
        period=f"{payment.date.isoformat()} #{payment.id}",
        told=_told(rule),
        changes=_changes(rule, window),
        provider=payment.provider_id.id or None,
        threshold=rule.threshold,
    )


def _changes(rule, window: Window) -> SQL:
    """Select the changes of a window that a rule counts, but for those of sandboxes."""
    return SQL(
        """
        SELECT v.changed_at, %(subject)s AS subject, v.user_id,
            %(sender)s AS sender, m.provider_id, v.mapping_id
        FROM g2p_spar_mapping_version v JOIN g2p_spar_mapping m ON m.id = v.mapping_id
        WHERE v.changed_at >= %(since)s AND v.changed_at < %(until)s
          AND NOT (m.id_key >= %(mark)s AND m.id_key < %(behind)s)
          AND %(counted)s AND %(channel)s AND %(subject)s IS NOT NULL
        """,
        subject=_SUBJECTS[rule.subject_kind],
        sender=_SENDER,
        counted=_condition(rule),
        channel=SQL("v.channel = %s", rule.channel) if rule.channel else SQL("true"),
        since=window.since,
        until=window.until,
        mark=MARK,
        behind=BEHIND_MARK,
    )


def _condition(rule) -> SQL:
    """Say which lines a rule counts.

    Where a change leads is known when it is made: for the address that it is made
    to, what only waits does not count.
    """
    if rule.subject_kind == "address" and rule.counted == "address":
        return _MOVED
    return _COUNTED[rule.counted]


def _told(rule) -> SQL:
    """Say what all changes of a subject have in common, in the order of the columns."""
    told = _TOLD[rule.subject_kind]
    types = {"sender": "varchar"}
    return SQL(", ").join(
        SQL("max(%s)", SQL.identifier(name))
        if name in told
        else SQL("NULL::%s", SQL.identifier(types.get(name, "int4")))
        for name in ("user_id", "sender", "provider_id", "mapping_id")
    )
