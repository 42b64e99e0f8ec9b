"""A file goes on where it ended, whatever is killed: no row is lost or done twice.

As in :mod:`test_async_crash`, a lock on the history table makes the moment certain.
"""

from contextlib import closing

import pytest

from clients.crashes import kill_database, kill_worker
from clients.files import fetch, read_result, send_file
from clients.running import FOUND_AGAIN_SECONDS, wait_until
from clients.words import link_item, outcome

ROWS = 20_000

pytestmark = pytest.mark.usefixtures("recovering")


def rows_done(spar, ack: dict) -> int:
    """How many rows of a file are worked off."""
    [file] = spar.rows(
        "SELECT completed FROM g2p_spar_file WHERE correlation_id = %s",
        ack["correlation_id"],
    )
    return file["completed"]


@pytest.mark.parametrize("kill", [kill_worker, kill_database])
def test_killed_in_the_middle_of_a_file(spar, new_listener, kill):
    """The kill comes when some parts are done and one is half done."""
    partner = new_listener()
    items = [link_item() for _ in range(ROWS)]
    ack = send_file(partner.api, "link", items, "csv")
    wait_until(lambda: rows_done(spar, ack), "a part is done")
    with closing(spar.connect()) as holder:
        holder.cursor().execute("LOCK TABLE g2p_spar_mapping_version IN SHARE MODE")
        assert 0 < rows_done(spar, ack) < ROWS
        kill(spar)

    spar.look_for_lost_work()
    callback = partner.called_back(ack, FOUND_AGAIN_SECONDS).message["header"]

    href = callback["meta"]["file"]["href"]
    results = read_result("link", fetch(partner.api, href))
    assert [one["reference_id"] for one in results] == [
        one["reference_id"] for one in items
    ]
    assert {outcome(one) for one in results} == {("succ", None)}
    [stored] = spar.rows(
        "SELECT count(DISTINCT m.id) AS mappings, count(v.id) AS versions"
        " FROM g2p_spar_mapping m"
        " JOIN g2p_spar_mapping_version v ON v.mapping_id = m.id"
        " WHERE m.id_value = ANY(%s)",
        [item["id"] for item in items],
    )
    assert (stored["mappings"], stored["versions"]) == (ROWS, ROWS)
    again = partner.receiver.about(ack["correlation_id"])
    assert {one.message["header"]["completed_count"] for one in again} == {ROWS}
