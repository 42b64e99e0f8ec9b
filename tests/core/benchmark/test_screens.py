"""What the web client asks of a screen follows from its action and its views."""

from datetime import date

import orjson
import pytest
import screens

TODAY = date(2026, 5, 17)
ACTION = {
    "res_model": "x.line",
    "views": [[1, "list"], [2, "form"]],
    "context": "{'search_default_open': 1, 'search_default_nothing': 1}",
    "domain": "[('kind', '=', 'a')]",
}
LIST = """
    <list default_order="id desc"><field name="name"/><field name="owner_id"/></list>
"""
SEARCH = """
    <search>
        <field name="name"/>
        <field name="owner_id" filter_domain="[('owner_id', 'ilike', self)]"/>
        <field name="count"/>
        <filter name="open" domain="[('state', '=', 'open')]"/>
        <filter name="mine" domain="[('user_id', '=', uid)]"/>
        <filter name="when" date="made_on"/>
        <filter name="begins" date="begins_on"/>
        <filter name="by_state" context="{'group_by': 'state'}"/>
    </search>
"""
GRAPH = """
    <graph>
        <field name="made_on" interval="day"/><field name="state"/>
        <field name="count" type="measure"/>
    </graph>
"""
PIVOT = """
    <pivot>
        <field name="made_on" interval="month" type="row"/>
        <field name="state" type="col"/>
        <field name="count" type="measure"/>
    </pivot>
"""
FIELDS = {
    "name": {"type": "char"},
    "owner_id": {"type": "many2one"},
    "count": {"type": "integer"},
    "made_on": {"type": "datetime"},
    "begins_on": {"type": "date"},
}


def read(**changed):
    """The screen of the action, with some of it changed."""
    arches = {"list": LIST, "search": SEARCH, "graph": GRAPH, "pivot": PIVOT}
    views = {
        "models": {"x.line": {"fields": FIELDS}},
        "views": {kind: {"arch": arch} for kind, arch in arches.items()},
    }
    return screens.read_screen(ACTION | changed, views, 7, TODAY)


def domains(clicks):
    """Domains by the names of the requests."""
    return {click.name: click.kwargs["domain"] for click in clicks}


def test_a_list_opens_with_its_filters_its_columns_and_its_order():
    click = read().opened

    assert (click.model, click.method) == ("x.line", "web_search_read")
    assert click.kwargs["domain"] == [("kind", "=", "a"), ("state", "=", "open")]
    assert click.kwargs["specification"] == {
        "name": {},
        "owner_id": {"fields": {"display_name": {}}},
    }
    assert (click.kwargs["order"], click.kwargs["limit"]) == ("id desc", 80)


def test_each_filter_and_each_field_of_words_is_tried():
    found = domains(read().lists)

    base = ("kind", "=", "a")
    assert found["filter open"] == [base, ("state", "=", "open")]
    assert found["filter mine"] == [base, ("user_id", "=", 7)]
    assert found["filter when"][1:] == [
        "&",
        ["made_on", ">=", "2026-05-01"],
        ["made_on", "<=", "2026-05-17 23:59:59"],
    ]
    assert found["filter begins"][-1] == ["begins_on", "<=", "2026-05-17"]
    assert found["field name"] == [base, ["name", "ilike", screens.TYPED["name"]]]
    assert found["field owner_id"] == [base, ("owner_id", "ilike", screens.UNKNOWN)]
    assert len(found) == 6


def test_each_group_is_tried_with_what_is_seen():
    [click] = read().groups

    assert (click.method, click.kwargs["groupby"]) == ("web_read_group", ["state"])
    assert click.kwargs["domain"] == [("kind", "=", "a"), ("state", "=", "open")]


@pytest.mark.parametrize(
    ("context", "groups"),
    [("{}", ["made_on:day", "state"]), ("{'graph_groupbys': ['name']}", ["name"])],
)
def test_a_chart_opens_with_its_groups(context, groups):
    click = read(views=[[3, "graph"], [1, "list"]], context=context).opened

    assert (click.method, click.kwargs["groupby"]) == ("formatted_read_group", groups)
    assert click.kwargs["aggregates"] == ["__count", "count:sum"]


def test_a_table_opens_with_its_totals():
    click = read(views=[[3, "pivot"], [1, "list"]]).opened

    assert click.method == "formatted_read_grouping_sets"
    assert click.kwargs["grouping_sets"] == [
        [],
        ["made_on:month"],
        ["state"],
        ["made_on:month", "state"],
    ]
    assert click.kwargs["aggregates"] == ["__count", "count:sum"]


def test_a_request_is_one_of_the_web_client():
    body = read().opened.body({"Cookie": "session_id=a"})

    call = orjson.loads(b"".join(body.pieces))
    assert body.operation == "x.line/web_search_read"
    assert (call["method"], call["params"]["args"]) == ("call", [])
    assert body.headers == {"Cookie": "session_id=a"}


def test_an_error_with_status_200_is_wrong():
    assert screens.judge(b'{"result": {"length": 0}}').right == 1
    verdict = screens.judge(b'{"error": {"message": "Access Denied"}}')
    assert verdict.wrong == 1
    assert "Access Denied" in verdict.problem
