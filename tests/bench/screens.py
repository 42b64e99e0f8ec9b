"""From an action and its views to the requests that the web client makes of them.

Nothing here asks a server: what it said is given, so that this can be tested.
"""

import ast
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import orjson
import rows
from messages import Body, Verdict

#: What the web client asks for: lines on a page, and how far it counts.
PAGE, COUNTED = 80, 10_001
#: Typed into a field of a search. All others get what nobody is called, which makes
#: the database look everywhere.
TYPED = {
    "lookup_id": rows.id_of(77),
    "lookup_fa": rows.fa_of(77),
    "mapping_id": rows.id_of(77),
    "name": rows.name_of(77),
    "provider_id": "Benchmark bank07",
    "fa_type_id": "Bank",
    "user_id": "Officer",
}
UNKNOWN = "quxzy"
_SEARCHED = {"char", "text", "many2one"}
_CHARTS = {"graph", "pivot"}
_USER = re.compile(r"\buid\b")


class Click(NamedTuple):
    """One request of the web client.

    :param name: what the officer does, for people
    """

    name: str
    model: str
    method: str
    kwargs: dict

    def body(self, headers: dict[str, str]) -> Body:
        """The request, ready to be sent."""
        params = {
            "model": self.model,
            "method": self.method,
            "args": [],
            "kwargs": self.kwargs,
        }
        call = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
        path = f"{self.model}/{self.method}"
        raw = orjson.dumps(call)
        return Body(path, (raw,), [self.name], None, headers=headers, judge=judge)


class Screen(NamedTuple):
    """What a menu opens.

    :param opened: the request for what is seen first
    :param lists: those of each filter and each field of the search, as a list
    :param groups: those of each grouping
    """

    opened: Click
    lists: list[Click]
    groups: list[Click]


def judge(raw: bytes) -> Verdict:
    """Whether an answer is a result: errors come with status 200 as well."""
    answer = orjson.loads(raw)
    if "result" in answer:
        return Verdict(1, 0, "")
    return Verdict(0, 1, f"{answer.get('error', answer)}"[:300])


def read_screen(action: dict, views: dict, uid: int, today: date) -> Screen:
    """The requests of a screen.

    :param action: an ``ir.actions.act_window`` as the web client gets it
    :param views: the answer of ``get_views``
    :param uid: of who looks
    :param today: the user's
    """
    return _Reader(action, views, uid, today).read()


class _Reader:
    """Reads one screen; see :func:`read_screen`."""

    def __init__(self, action: dict, views: dict, uid: int, today: date):
        self._model = action["res_model"]
        self._kinds = [kind for _id, kind in action["views"]]
        self._fields = views["models"][self._model]["fields"]
        self._arches = {
            kind: ElementTree.fromstring(view["arch"])
            for kind, view in views["views"].items()
        }
        self._uid, self._today = uid, today
        self._context = self._value(action.get("context") or {})
        self._base = self._value(action.get("domain") or [])

    def read(self) -> Screen:
        """Read it."""
        start = self._base + self._preset()
        is_chart = self._kinds[0] in _CHARTS
        opened = self._chart(start) if is_chart else self._list("opened", start)
        return Screen(opened, list(self._searches()), list(self._groups(start)))

    def _value(self, text):
        """A domain or context, which may be a text of Python."""
        if not isinstance(text, str):
            return text
        return ast.literal_eval(_USER.sub(str(self._uid), text))

    def _preset(self) -> list:
        """The filters that are on when the screen opens."""
        wanted = {
            key.removeprefix("search_default_")
            for key, value in self._context.items()
            if key.startswith("search_default_") and value
        }
        return [
            leaf
            for name, domain in self._filters()
            if name in wanted
            for leaf in domain
        ]

    def _searches(self) -> Iterator[Click]:
        for name, domain in self._filters():
            yield self._list(f"filter {name}", self._base + domain)
        for node in self._arches["search"].iter("field"):
            if self._fields[node.get("name")]["type"] in _SEARCHED:
                yield self._list(
                    f"field {node.get('name')}", self._base + self._typed(node)
                )

    def _filters(self) -> Iterator[tuple[str, list]]:
        for node in self._arches["search"].iter("filter"):
            if node.get("domain"):
                yield node.get("name"), self._value(node.get("domain"))
            elif node.get("date"):
                yield node.get("name"), self._month(node.get("date"))

    def _month(self, field: str) -> list:
        """What a filter of dates means first: the present month."""
        first, last = self._today.replace(day=1), f"{self._today}"
        if self._fields[field]["type"] == "datetime":
            last += " 23:59:59"
        return ["&", [field, ">=", f"{first}"], [field, "<=", last]]

    def _typed(self, node: Element) -> list:
        name = node.get("name")
        text = TYPED.get(name, UNKNOWN)
        if node.get("filter_domain"):
            domain = node.get("filter_domain").replace("self", repr(text))
            return self._value(domain)
        return [[name, node.get("operator") or "ilike", text]]

    def _groups(self, domain: list) -> Iterator[Click]:
        for node in self._arches["search"].iter("filter"):
            by = self._value(node.get("context") or {}).get("group_by")
            if by:
                yield self._grouped(by, domain)

    def _list(self, name: str, domain: list) -> Click:
        return self._click(
            name,
            "web_search_read",
            domain=domain,
            specification=self._specification(),
            limit=PAGE,
            offset=0,
            order=self._arches["list"].get("default_order") or "",
            count_limit=COUNTED,
        )

    def _grouped(self, by: str, domain: list) -> Click:
        return self._click(
            f"group {by}",
            "web_read_group",
            domain=domain,
            groupby=[by],
            aggregates=["__count"],
            limit=PAGE,
            offset=0,
        )

    def _chart(self, domain: list) -> Click:
        kind = self._kinds[0]
        groups = self._context.get(f"{kind}_groupbys") or [
            ":".join(filter(None, (node.get("name"), node.get("interval"))))
            for node in self._arches[kind].iter("field")
            if node.get("type") != "measure" and not node.get("invisible")
        ]
        measures = [
            f"{node.get('name')}:sum"
            for node in self._arches[kind].iter("field")
            if node.get("type") == "measure"
        ]
        found = {"domain": domain, "aggregates": ["__count", *measures]}
        if kind == "pivot":
            # Totals of each row, of each column and of all stand beside the cells.
            parts = [[], *([one] for one in groups), groups]
            return self._click(
                "opened", "formatted_read_grouping_sets", grouping_sets=parts, **found
            )
        return self._click("opened", "formatted_read_group", groupby=groups, **found)

    def _specification(self) -> dict:
        """The columns of the list, hidden ones as well, as they are when shown."""
        found = {}
        for node in self._arches["list"].iter("field"):
            kind = self._fields[node.get("name")]["type"]
            inner = {"fields": {"display_name": {}}} if kind == "many2one" else {}
            found[node.get("name")] = inner
        return found

    def _click(self, name: str, method: str, **kwargs) -> Click:
        kwargs["context"] = {"lang": "en_US", "tz": "Europe/Vienna", "uid": self._uid}
        return Click(name, self._model, method, kwargs)
