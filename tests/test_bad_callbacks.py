"""Partners' web servers that hang, drip, flood, lie and lead elsewhere.

None of them may stop the others, be waited for without end, or lead the registry to
an address that nobody allowed.
"""

import time

import pytest

from clients import receiver as web
from clients.partner import Partner
from clients.receiver import Receiver
from clients.running import wait_until
from clients.words import link_item, new_person, outcome

pytestmark = pytest.mark.usefixtures("quiet_log")


def delivery(admin, ack: dict, **wanted) -> dict | None:
    """What staff see of the callback of one message, once it is as wanted."""
    wanted = {"correlation_id": ack["correlation_id"], **wanted}
    seen = admin.call(
        "g2p.spar.delivery",
        "search_read",
        [[name, "=", value] for name, value in wanted.items()],
    )
    return seen[0] if seen else None


def attempted(admin, ack: dict) -> dict:
    """Wait until an attempt has failed, and return what staff see of it."""

    def failed() -> dict | None:
        seen = delivery(admin, ack, state="due")
        return seen if seen and seen["attempts"] else None

    return wait_until(failed, "an attempt that failed", seconds=60)


@pytest.mark.parametrize(
    "behaviour",
    [web.hang, web.drip, web.flood, web.hang_up, web.refuse(503)],
    ids=["hang", "drip", "flood", "hang_up", "503"],
)
def test_bad_server_does_not_stop_others(new_listener, admin, spar, behaviour):
    """Its own callback is kept for later; the work is done; others are served."""
    bad, good = new_listener(), new_listener()
    bad.receiver.behave(behaviour)
    person = new_person()
    ack = bad.send("link", [link_item(person)])
    bad.receiver.wait_for(ack["correlation_id"])
    begin = time.monotonic()
    assert outcome(good.results("link", [link_item()])[0]) == ("succ", None)
    assert time.monotonic() - begin < 15
    assert outcome(good.api.one("resolve", id=person))[0] == "succ"
    seen = attempted(admin, ack)
    assert seen["next_at"]
    assert len(spar.history(person)) == 1


def test_redirect_is_not_followed(new_listener, admin):
    """Neither elsewhere nor to itself."""
    partner = new_listener()
    with Receiver() as elsewhere:
        partner.receiver.behave(web.redirect(f"{elsewhere.url}/on-link"))
        ack = partner.send("link", [link_item()])
        partner.receiver.wait_for(ack["correlation_id"])
        attempted(admin, ack)
        assert elsewhere.requests == []


def test_loopback_is_not_called_unless_it_was_allowed(new_partner, admin):
    """The partner's server is there, its callback address is registered, and yet."""
    with Receiver() as receiver:
        admin.forbid_loopback(receiver.port)
        record, api = new_partner(callback_url=receiver.url)
        ack = Partner(api, receiver, record).send("link", [link_item()])
        attempted(admin, ack)
        assert receiver.requests == []


def test_staff_send_a_parked_callback_again(new_listener, admin, spar):
    """After a day of trying a person decides."""
    partner = new_listener()
    partner.receiver.behave(web.refuse(500))
    ack = partner.send("link", [link_item()])
    seen = attempted(admin, ack)
    with spar.connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE g2p_spar_delivery SET state = 'parked' WHERE id = %s", [seen["id"]]
        )
    partner.receiver.behave(web.acknowledge)
    admin.call("g2p.spar.delivery", "action_send_again", [seen["id"]])
    wait_until(lambda: delivery(admin, ack, state="delivered"), "it is delivered")
