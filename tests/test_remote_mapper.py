"""A type of ID that another mapper keeps: callers here are served and need not know.

The other mapper is a second system of ours, with a database and keys of its own.
"""

import time
import uuid

import pytest

from clients.api import Api
from clients.second import Second
from clients.words import link_item, message, new_account, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")

PAUSE_SECONDS = 1
#: What IDs of the type begin with; another one each time, as the database is kept.
PREFIX = f"away{uuid.uuid4().hex[:6]}"


@pytest.fixture(scope="module")
def country(spar):
    """The other mapper."""
    second = Second(spar)
    second.up()
    yield second
    second.down()


@pytest.fixture(scope="module")
def remote(spar, country, admin):
    """The record of the other mapper, as the administrator fills it in."""
    client_id, secret = spar.credentials()
    admin.allow_loopback(country.settings.port)
    [remote] = admin.call(
        "g2p.spar.remote.mapper",
        "create",
        [
            {
                "name": f"Country {uuid.uuid4().hex[:6]}",
                "base_url": f"{country.base_url}/spar/v1",
                "sender_id": "registry.example",
                "token_url": f"{country.base_url}/spar/v1/oauth2/client/token",
                "client_id": client_id,
                "client_secret": secret,
                "failure_limit": 2,
                "pause_seconds": PAUSE_SECONDS,
            }
        ],
    )
    values = {
        "name": "Kept by the country",
        "code": PREFIX,
        "template": PREFIX + ":{value}@country",
        "remote_mapper_id": remote,
    }
    [id_type] = admin.call("g2p.spar.id.type", "create", [values])
    yield remote
    admin.call("g2p.spar.id.type", "write", [id_type], {"remote_mapper_id": False})


def new_away() -> str:
    """An ID of the type that the country keeps."""
    return f"{PREFIX}:bbx{uuid.uuid4().hex}@country"


def stored(system, person: str) -> int:
    """How many mappings of an ID a system has."""
    query = "SELECT count(*) FROM g2p_spar_mapping WHERE id_value = %s"
    return system.rows(query, person)[0]["count"]


def test_link_resolve_update_unlink(api, spar, country, remote):
    """Each step happens there and nowhere else, and is answered as one of our own."""
    person, account, other = new_away(), new_account(), new_account()

    assert outcome(api.one("link", id=person, fa=account)) == ("succ", None)
    assert (stored(country, person), stored(spar, person)) == (1, 0)
    found = api.one("resolve", id=person, scope="details")
    assert outcome(found) == ("succ", "succ.id.active")
    assert (found["id"], found["fa"]) == (person, account)
    assert found["account_provider_info"]["code"] == "dfsp1"
    assert outcome(api.one("update", id=person, fa=other)) == ("succ", None)
    assert api.one("resolve", id=person, scope="details")["fa"] == other
    assert outcome(api.one("unlink", id=person)) == ("succ", None)
    gone = api.one("resolve", id=person, scope="details")
    assert (outcome(gone), gone["fa"]) == (("succ", "succ.id.not_found"), None)
    steps = [version["step"] for version in country.history(person)]
    assert steps == ["link", "update", "unlink"]


def test_a_batch_keeps_its_order(api, spar, country, remote):
    """Items of here and of there stand in one message, each answered in its place."""
    here, there, again = new_person(), new_away(), new_away()
    items = [link_item(there), link_item(here), link_item("x" * 501), link_item(again)]

    results = api.results("link", items)

    assert [one["reference_id"] for one in results] == [
        one["reference_id"] for one in items
    ]
    assert [one["status"] for one in results] == ["succ", "succ", "rjct", "succ"]
    assert (stored(spar, here), stored(country, here)) == (1, 0)
    assert stored(country, there) == stored(country, again) == 1


def test_refusals_of_there_are_said_here(api, remote):
    """What cannot be done there is refused in a code of the operation."""
    person = new_away()
    api.one("link", id=person, fa=new_account())

    other = api.one("link", id=person, fa=new_account())
    assert outcome(other) == ("rjct", "rjct.id.invalid")
    wrong = api.one("unlink", id=person, fa=new_account())
    assert outcome(wrong) == ("rjct", "rjct.fa.invalid")
    asked = api.one("resolve", id=person, fa=new_account(), scope="details")
    assert outcome(asked) == ("succ", "succ.fa.not_linked_to_id")
    assert asked["fa"] is None or asked["fa"] == ""


def test_an_address_that_must_not_be_paid_there_is_not_told_here(api, country, remote):
    """Disputed there: no address here, in any scope."""
    person, account = new_away(), new_account()
    api.one("link", id=person, fa=account)
    with country.connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE g2p_spar_mapping SET state = 'suspended' WHERE id_value = %s",
            [person],
        )
    for scope in ("details", "yes_no"):
        found = api.one("resolve", id=person, scope=scope)
        assert outcome(found) == ("succ", "succ.id.inactive")
        assert found["fa"] is None


def test_a_repeated_message_has_one_effect_there(api, country, remote):
    """The repeat is answered with the same bytes, and the country hears nothing."""
    person = new_away()
    sent = message("link", [link_item(person)])
    first = api.post("link", sent)
    before = country.effects()

    assert api.post("link", sent).content == first.content
    assert country.effects() == before


def test_acknowledged_messages_go_there_too(new_listener, country, remote):
    """An asynchronous link is done there; its callback comes from here."""
    partner, person = new_listener(), new_away()

    [result] = partner.results("link", [link_item(person)])

    assert result["status"] == "succ"
    assert stored(country, person) == 1


def test_the_button_tells_whether_it_answers(admin, country, remote):
    """Test Connection asks for nobody's ID and shows the answer."""
    notice = admin.call("g2p.spar.remote.mapper", "action_test_connection", [remote])
    assert notice["params"]["type"] == "success"


def test_while_it_is_down_all_else_goes_on(api, admin, spar, country, remote):
    """Nothing waits for it, what lives here is served, and later it is found again."""
    person, account = new_away(), new_account()
    api.one("link", id=person, fa=account)
    country.server.stop()
    try:
        begin = time.monotonic()
        here, there = api.results("link", [link_item(), link_item(new_away())])
        assert time.monotonic() - begin < 15
        assert here["status"] == "succ"
        assert outcome(there) == ("rjct", "rjct.unknown.retry")
        lost = api.one("resolve", id=person, scope="details")
        assert (outcome(lost), lost["fa"]) == (("rjct", "rjct.id.invalid"), None)
        [shown] = admin.call(
            "g2p.spar.remote.mapper", "read", [remote], ["health_state", "last_error"]
        )
        assert (shown["health_state"], shown["last_error"]) == ("open", "unreachable")
    finally:
        country.server.start()
    time.sleep(PAUSE_SECONDS)
    assert api.one("resolve", id=person, scope="details")["fa"] == account


def test_what_it_answers_is_what_the_country_says(api, country, remote):
    """A partner of the country sees the same."""
    person, account = new_away(), new_account()
    api.one("link", id=person, fa=account)
    direct = Api(country.base_url, api.client_id, api.client_secret)
    ask = {"id": person, "scope": "details"}
    here, there = api.one("resolve", **ask), direct.one("resolve", **ask)
    for name in ("id", "fa", "status", "status_reason_code", "account_provider_info"):
        assert here[name] == there[name]
