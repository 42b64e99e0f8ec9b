from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime, formatLang

from odoo.addons.g2p_spar_mapper.const import CHANNELS, STATES

from ..core.figures import cut, difference, every_day, shares
from .g2p_spar_tally_check import LEVELS

#: Periods that the dashboard can show, in days.
PERIODS = (30, 90, 365)
#: Bars of a block; the rest is one more.
MOST_BARS = 10
READERS = ("g2p_spar_mapper.group_viewer", "g2p_spar_mapper.group_auditor")
#: Steps that may give a linked ID another address.
CHANGING = ("link", "update", "apply", "rollback")
#: States in which an ID counts as linked.
LINKED = ("active", "on_hold", "suspended")


class G2PSparDashboard(models.AbstractModel):
    """The figures of the application's first page.

    All of them come from daily sums, so that opening the page costs the same with
    ten thousand mappings and with ten million. Other addons add blocks of their
    own by extending :meth:`_blocks`.
    """

    _name = "g2p.spar.dashboard"
    _description = "Dashboard"

    # === PUBLIC METHODS === #

    @api.model
    def get_figures(self, days):
        """Return everything that the dashboard shows.

        :param int days: length of the period, one of :data:`PERIODS`
        :return: dict of ``counted_at`` (text, empty when nothing has been counted
            yet), ``periods`` and ``blocks``, see :meth:`_blocks`
        :raise AccessError: the user may not see the registry
        :raise UserError: there is no such period
        """
        if not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(
                self.env._(
                    "You may not see the figures of the registry. Ask your"
                    " administrator for the role Viewer."
                )
            )
        if days not in PERIODS:
            raise UserError(self.env._("Choose one of the periods on the page."))
        rows = self._select("SELECT counted_at FROM g2p_spar_report_freshness")
        counted_at = rows[0][0]
        today = fields.Date.today()
        return {
            "counted_at": format_datetime(self.env, counted_at) if counted_at else "",
            "periods": [[one, self.env._("%s days", one)] for one in PERIODS],
            "blocks": self._blocks(today - timedelta(days=days - 1), today),
        }

    @api.model
    def count_now(self):
        """Bring the counts up to date."""
        self.env["g2p.spar.tally.day"].count_now()

    # === THE REGISTER OF FIGURES === #

    def _blocks(self, first, last):
        """Return the blocks of the dashboard, in their order.

        :param first: first day of the period
        :param last: last day of the period
        :return: dicts with ``kind``, ``title`` and

            * for ``tiles``: ``tiles``, dicts of ``label``, ``value`` (a number),
              ``note`` (text) and ``action`` (none: nothing to open)
            * for ``bars``: ``bars``, dicts of ``label``, ``value``, ``share`` (0
              to 100; none: no bar) and ``action``
            * for ``lines``: ``days`` (ISO dates), ``lines``, dicts of ``label``,
              ``values``, ``color``; ``action``
        """
        cells = self._cells()
        linked = self._linked(first, last)
        return [
            self._tiles(first, last, cells, linked),
            self._total_over_time(linked),
            self._changes_a_day(first, last),
            *self._bars_of_mappings(cells),
            self._checked_addresses(),
            self._shared_addresses(),
        ]

    # === BLOCKS === #

    def _tiles(self, first, last, cells, linked):
        by_state = {key: count for key, _, count in _sums(cells, lambda c: (c[3], ""))}
        growth = difference([value for _day, value in linked])
        changed, disputed = self._changed(first, last)
        days = (last - first).days + 1
        in_days = self.env._("in %s days", days)
        tile, mappings = self._tile, self._open_mappings
        return {
            "kind": "tiles",
            "title": self.env._("Now"),
            "tiles": [
                tile(
                    self.env._("Linked IDs"),
                    sum(by_state.get(state, 0) for state in LINKED),
                    f"{self._signed(growth)} {in_days}",
                    mappings([("effective_state", "in", LINKED)]),
                ),
                *(
                    tile(label, by_state.get(state, 0), note, mappings([domain]))
                    for state, label, note in (
                        ("active", self.env._("Paid"), ""),
                        ("on_hold", self.env._("On hold"), ""),
                        (
                            "suspended",
                            self.env._("Disputed"),
                            f"{self._signed(disputed)} {in_days}",
                        ),
                    )
                    for domain in [("effective_state", "=", state)]
                ),
                self._waiting_tile(),
                tile(
                    self.env._("Addresses changed"),
                    changed,
                    in_days,
                    self._open_history(
                        [("step", "in", CHANGING), ("changed_at", ">=", first)]
                    ),
                ),
            ],
        }

    def _waiting_tile(self):
        """Return the tile of changes that wait for their time or for a person."""
        waiting, asked = self._select(
            "SELECT COALESCE(sum(changes), 0)::bigint,"
            " COALESCE(sum(changes) FILTER (WHERE needs_agreement), 0)::bigint"
            " FROM g2p_spar_report_waiting_change"
        )[0]
        return self._tile(
            self.env._("Changes that wait"),
            waiting,
            self.env._("%s of them for somebody to agree", self._number(asked)),
            self._open(
                "g2p.spar.pending.change",
                self.env._("Changes that wait"),
                [("state", "=", "waiting")],
            ),
        )

    def _changed(self, first, last):
        """Return how many addresses changed in a period, and disputes that began."""
        return self._select(
            "SELECT COALESCE(sum(address_changes), 0)::bigint,"
            " COALESCE(sum(changes) FILTER (WHERE step IN ('suspend', 'report')), 0)"
            "::bigint"
            " FROM g2p_spar_report_change WHERE day BETWEEN %s AND %s",
            first,
            last,
        )[0]

    def _total_over_time(self, found):
        return self._line_block(
            self.env._("Linked IDs over time"),
            found,
            [(self.env._("Linked IDs"), "primary", [value for _day, value in found])],
            self._open_mappings([("effective_state", "in", LINKED)]),
        )

    def _changes_a_day(self, first, last):
        rows = self._select(
            "SELECT day, sum(changes)::bigint, sum(address_changes)::bigint,"
            " COALESCE(sum(changes) FILTER (WHERE step = 'propose'), 0)::bigint,"
            " COALESCE(sum(changes) FILTER (WHERE step IN ('suspend', 'report')), 0)"
            "::bigint"
            " FROM g2p_spar_report_change WHERE day BETWEEN %s AND %s GROUP BY 1",
            first,
            last,
        )
        series = [
            every_day({row[0]: row[number] for row in rows}, first, last)
            for number in (1, 2, 3, 4)
        ]
        labels = (
            (self.env._("All changes"), "primary"),
            (self.env._("Addresses changed"), "warning"),
            (self.env._("Put off"), "info"),
            (self.env._("Disputes"), "danger"),
        )
        return self._line_block(
            self.env._("Changes a day"),
            series[0],
            [
                (*label, [value for _day, value in one])
                for label, one in zip(labels, series, strict=True)
            ],
            self._open_history([("changed_at", ">=", first)]),
        )

    def _bars_of_mappings(self, rows):
        """Return linked IDs by provider and by channel, and all by state."""
        linked = [row for row in rows if row[3] in LINKED]
        live = ("effective_state", "in", LINKED)
        channels, states = (
            self._words("channel", CHANNELS),
            self._words("state", STATES),
        )
        return [
            self._bar_block(
                self.env._("By provider"),
                _sums(linked, lambda row: (row[0], row[1] or self.env._("Not known"))),
                lambda key: self._open_mappings([live, ("provider_id", "=", key)]),
            ),
            self._bar_block(
                self.env._("By state"),
                _sums(rows, lambda row: (row[3], states[row[3]])),
                lambda key: self._open_mappings([("effective_state", "=", key)]),
            ),
            self._bar_block(
                self.env._("By channel"),
                _sums(linked, lambda row: (row[2], channels[row[2]])),
                lambda key: self._open_mappings([live, ("channel", "=", key)]),
            ),
        ]

    def _checked_addresses(self):
        """Return linked IDs by the hardest check that their address has passed."""
        words = self._words("verification_level", LEVELS)
        rows = self._select("SELECT level, mappings FROM g2p_spar_report_verification")
        return self._bar_block(
            self.env._("By check of the address"),
            [(level, words[level], count) for level, count in rows if count],
            self._open_checked,
        )

    def _open_checked(self, level):
        """Return the action that opens the IDs of a level.

        Nothing is kept of the first rung: there is no short way to its IDs.
        """
        if level == "1":
            return False
        return self._open_mappings([("tally_check_ids.level", "=", level)])

    def _shared_addresses(self):
        rows = self._select(
            "SELECT ids, addresses FROM g2p_spar_report_ids_per_address ORDER BY 1"
        )
        return self._bar_block(
            self.env._("Addresses of several IDs"),
            [(ids, self.env._("%s IDs on one address", ids), n) for ids, n in rows],
            lambda key: self._open(
                "g2p.spar.tally.address",
                self.env._("Addresses of several IDs"),
                [("id_count", "=", key)],
            ),
        )

    # === HELPERS === #

    def _select(self, query, *values):
        """Run one select on the views: rows as tuples."""
        return self.env.execute_query(SQL(query, *values))

    def _cells(self):
        """Return provider id, its name, channel, state and number of mappings."""
        return self._select(
            "SELECT c.provider_id, p.name, c.channel, c.state, c.mappings"
            " FROM g2p_spar_tally_cell c"
            " LEFT JOIN g2p_spar_provider p ON p.id = c.provider_id"
        )

    def _linked(self, first, last):
        """Return pairs of a day and how many IDs were linked at its end.

        Before the first day of the history there was none.
        """
        rows = self._select(
            "SELECT day, sum(mappings)::bigint FROM g2p_spar_report_mapping_day"
            " WHERE state IN %s AND day BETWEEN %s AND %s GROUP BY 1",
            LINKED,
            first,
            last,
        )
        return every_day(dict(rows), first, last)

    def _words(self, field, selection):
        """Return the words of a selection, translated as on the mappings."""
        field = self.env["g2p.spar.mapping"]._fields[field]
        return dict(selection) | dict(field._description_selection(self.env))

    def _number(self, value):
        """Return a whole number as the user writes it."""
        return formatLang(self.env, value, digits=0)

    def _signed(self, value):
        return f"+{self._number(value)}" if value > 0 else self._number(value)

    def _tile(self, label, value, note, action):
        return {"label": label, "value": value, "note": note, "action": action}

    def _line_block(self, title, days, lines, action):
        return {
            "kind": "lines",
            "title": title,
            "days": [day.isoformat() for day, _value in days],
            "lines": [
                {"label": label, "color": color, "values": values}
                for label, color, values in lines
            ],
            "action": action,
        }

    def _bar_block(self, title, rows, action_of):
        """Return a block of bars.

        :param rows: tuples of a key, a label and a count
        :param action_of: function of a key: what a click on the bar opens
        """
        rows, rest = cut(rows, MOST_BARS)
        bars = [
            {"label": label, "value": count, "action": action_of(key)}
            for key, label, count in rows
        ]
        lengths = shares([bar["value"] for bar in bars])
        for bar, length in zip(bars, lengths, strict=True):
            bar["share"] = length
        if rest:
            # Longer than any bar, perhaps: shown as a number alone.
            others = {"label": self.env._("Others"), "value": rest}
            bars.append(others | {"share": False, "action": False})
        return {"kind": "bars", "title": title, "bars": bars}

    def _open_mappings(self, domain):
        return self._open("g2p.spar.mapping", self.env._("Mappings"), domain)

    def _open_history(self, domain):
        return self._open("g2p.spar.mapping.version", self.env._("History"), domain)

    def _open(self, model, name, domain):
        """Return the action that opens the records behind a figure."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "mobile_view_mode": "kanban",
            "domain": [
                (field, operator, _begin(value) if field.endswith("_at") else value)
                for field, operator, value in domain
            ],
        }


def _begin(day):
    """Return the first moment of a day of the figures, which are those of UTC.

    A day in a condition on moments would be the reader's own.
    """
    return fields.Datetime.to_string(datetime.combine(day, time()))


def _sums(rows, key_of):
    """Return (key, label, count) of rows whose count is their last member."""
    sums = {}
    for row in rows:
        key = key_of(row)
        sums[key] = sums.get(key, 0) + row[-1]
    return [(*key, count) for key, count in sums.items()]
