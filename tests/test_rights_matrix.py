"""Who may do what, over real RPC, in the running system: everybody tries everything.

A model or a public method that ``clients.rights_table`` does not name fails a test, so
nothing new gets in without somebody having thought about who may.
"""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from clients import rights_table
from clients.public_methods import private_methods, public_methods
from clients.rights import ACTING, ROLES, Person, dismiss, is_refusal, new_people
from clients.staff import Staff
from clients.words import link_item, message, new_account, new_person, new_phone

ROOT = Path(__file__).parents[1]
#: Who sees numbers masked, and who sees no numbers at all.
MASKED = ("viewer", "auditor")
STRANGERS = ("api", "internal", "portal", "agent")
#: Odoo's own tables in which a number might be left behind.
OF_ODOO = (
    "ir.attachment",
    "ir.logging",
    "mail.mail",
    "mail.message",
    "mail.tracking.value",
    "queue.job",
    "res.partner",
    "res.users",
    "sms.sms",
)
#: Fields that tell a number, or what could be turned into one.
WHOLE = frozenset(
    ("id_value", "fa_value", "fa_key", "phone", "before", "after", "changes", "value")
)
#: A number of a person, an account or a phone; or an ID that tests made up.
# Fewer digits are found in made-up names, too, which everybody may read.
NUMBER = re.compile(r"bbx[0-9a-f]{32}|\d{9,}")


@pytest.fixture(scope="module")
def root_admin(login) -> Staff:
    """Odoo's own administrator, who may make users and list models."""
    return login("admin")


@pytest.fixture(scope="module")
def people(spar, root_admin) -> Iterator[dict[str, Person]]:
    """A user of each role with no other right."""
    yield new_people(spar, root_admin)
    dismiss(root_admin)


@pytest.fixture(scope="module")
def models(root_admin) -> list[str]:
    """Every model of ours that the system knows."""
    place = [["model", "=like", "g2p.spar.%"]]
    found = root_admin.call("ir.model", "search_read", place, ["model"])
    return sorted(one["model"] for one in found)


@pytest.fixture(scope="module")
def numbers(spar, api) -> set[str]:
    """Every number of an ID, an account, a phone or a contact that is stored.

    One link and one change are made, so that there is a history.
    """
    person, told = new_person(), {"phone_number": new_phone()}
    for operation in ("link", "update"):
        item = link_item(person, new_account(), **told)
        answer = api.post(operation, message(operation, [item]))
        assert answer.status_code == HTTPStatus.OK
    texts = spar.rows(
        """
        SELECT id_value || ' ' || fa_value || ' ' || COALESCE(phone, '') AS told
        FROM g2p_spar_mapping WHERE NOT starts_with(id_key, E'\\x1a')
        UNION ALL SELECT COALESCE((before - 'name')::text, '') || (after - 'name')::text
        FROM g2p_spar_mapping_version
        UNION ALL SELECT value FROM g2p_spar_contact
        UNION ALL SELECT value FROM g2p_spar_notice
        """
    )
    found = {one for row in texts for one in NUMBER.findall(row["told"] or "")}
    assert found.issuperset(NUMBER.findall(person))
    return found


# === EVERYTHING IS NAMED === #


def test_every_model_is_named(models):
    """Both ways: nothing is missing, and nothing is named that is not there."""
    assert sorted(rights_table.operations()) == models


def test_every_public_method_is_named(models):
    """Methods of mixins count in every model that has them."""
    found = {
        f"{model}.{name}" for model in models for name in public_methods(ROOT, model)
    }
    assert sorted(rights_table.methods()) == sorted(found)


# === EVERYBODY TRIES EVERYTHING === #


@pytest.mark.parametrize("role", ROLES)
def test_operations(role, people, models):
    """Reading, creating, writing and deleting, of every model."""
    expected = rights_table.operations()
    found = {model: people[role].operations(model) for model in models}
    assert found == {model: expected[model].get(role, "") for model in models}


@pytest.mark.parametrize("role", ROLES)
def test_methods(role, people):
    """Every public method, of a record, of none and of the model."""
    found, expected = {}, {}
    for path, roles in rights_table.methods().items():
        model, _dot, name = path.rpartition(".")
        if role in ACTING.get(name, ()):
            continue
        found[path] = people[role].reaches(model, name)
        expected[path] = roles is None or role in roles
    assert found == expected


@pytest.mark.parametrize("role", ("admin", "portal"))
def test_what_is_closed_to_calls_is_closed(role, people, models):
    """The service's own methods, whoever calls: each is refused, and does nothing."""
    tried = [(model, name) for model in models for name in private_methods(ROOT, model)]
    assert len(tried) > 50
    open_ones = [
        (model, name)
        for model, name in tried
        if not is_refusal(people[role].ask(model, name, [[]]))
    ]
    assert open_ones == []


# === WHOLE NUMBERS === #


@pytest.mark.parametrize("role", (*MASKED, *STRANGERS))
def test_nobody_reads_a_number_who_should_not(role, people, models, numbers):
    """All that a role may read of all tables, each field of it."""
    told = {}
    for model in (*models, *OF_ODOO):
        answer = people[role].ask(
            model, "search_read", [[]], limit=500, order="id desc"
        )
        if "result" in answer:
            found = numbers.intersection(NUMBER.findall(json.dumps(answer["result"])))
            told |= {model: found} if found else {}
    assert told == {}


@pytest.mark.parametrize("role", MASKED)
def test_hidden_fields_answer_no_question(role, people, models, root_admin):
    """Not by reading, searching, sorting, grouping or exporting, nor through another
    model that points there."""
    hidden = _hidden_fields(people[role], models, root_admin)
    assert {"id_value", "fa_value", "phone"} <= set(hidden["g2p.spar.mapping"])
    open_ones = [
        (model, name, method)
        for model, names in hidden.items()
        for name, kind in names.items()
        for method, args in _questions(name, kind)
        if not _is_silent(people[role].ask(model, method, args))
    ]
    assert open_ones == []


@pytest.mark.parametrize("role", MASKED)
def test_hidden_fields_answer_nothing_from_afar(role, people, models, root_admin):
    """A search through a field that points to the hidden one is refused too."""
    hidden = _hidden_fields(people[role], models, root_admin)
    tried, open_ones = 0, []
    for model in models:
        for name, field in _fields(people[role], model).items():
            for far in WHOLE.intersection(hidden.get(field.get("relation"), ())):
                tried += 1
                domain = [[f"{name}.{far}", "!=", "x"]]
                if not _is_silent(people[role].ask(model, "search_count", [domain])):
                    open_ones.append((model, name, far))
    assert tried > 20
    assert open_ones == []


@pytest.mark.parametrize("role", MASKED)
def test_digits_cannot_be_felt_out(role, people, numbers):
    """What may be searched for without being read is found whole or not at all."""
    person, mapping = people[role], "g2p.spar.mapping"
    for name, begin in (("lookup_id", "token:bbx"), ("lookup_fa", "account:7700")):
        for operator in ("=like", "=ilike", "like", "ilike", ">", "in"):
            value = [f"{begin}%"] if operator == "in" else f"{begin}%"
            answer = person.ask(mapping, "search_count", [[[name, operator, value]]])
            assert answer.get("result", 0) == 0, (name, operator)
    found = person.ask(mapping, "name_search", ["token:bbx"])
    assert found.get("result", []) == []


def _fields(person: Person, model: str) -> dict[str, dict]:
    """Fields of a model that a person is told of, none where the model is closed."""
    if not person.reaches(model, "search_read", [[["id", "=", 0]], ["id"]]):
        return {}
    asked = [[], ["store", "relation", "type"]]
    return person.ask(model, "fields_get", asked).get("result", {})


def _hidden_fields(
    person: Person, models: list[str], admin: Staff
) -> dict[str, dict[str, str]]:
    """Fields, with their types, of models that a person may read, but not these."""
    hidden = {}
    for model in models:
        mine = _fields(person, model)
        place = [["model", "=", model]]
        every = admin.call("ir.model.fields", "search_read", place, ["name", "ttype"])
        if mine:
            kinds = {one["name"]: one["ttype"] for one in every}
            hidden[model] = {name: kinds[name] for name in kinds.keys() - mine.keys()}
    return hidden


def _questions(name: str, kind: str) -> list[tuple[str, list]]:
    """Every way to ask for a field.

    Odoo finds a file by whether it is there, never by what is in it.
    """
    asked = [
        ("search_read", [[], [name]]),
        ("search", [[], 0, 1, name]),
        ("formatted_read_group", [[], [name], ["__count"]]),
        ("web_search_read", [[], {name: {}}]),
        ("export_data", [[1], [name]]),
    ]
    searched = ("search_count", [[[name, "!=", "x"]]])
    return asked if kind == "binary" else [*asked, searched]


def _is_silent(answer: dict) -> bool:
    """Whether an answer is an error that tells nothing but that it is one."""
    return "result" not in answer
