"""A list goes on where it ended, whatever is killed: no row is lost or done twice.

As in :mod:`test_files_crash`, a lock on the history table makes the moment certain.
"""

from contextlib import closing

import pytest

from clients.crashes import kill_database, kill_server, kill_worker
from clients.lists import REASON, ListDesk, as_csv
from clients.running import FOUND_AGAIN_SECONDS, wait_until
from clients.words import link_item

ROWS = 20_000
#: One row in so many cannot be done.
BAD_EVERY = 1000

pytestmark = pytest.mark.usefixtures("recovering")


def stand(spar, intake: int) -> dict:
    """How far a list is."""
    [row] = spar.rows(
        "SELECT state, completed, succeeded FROM g2p_spar_intake WHERE id = %s", intake
    )
    return row


@pytest.mark.parametrize("kill", [kill_worker, kill_server, kill_database])
def test_killed_in_the_middle_of_a_list(spar, login, kill):
    """The kill comes when some parts are done and one is half done."""
    desk = ListDesk(login("spar_manager"))
    items = [link_item() for _ in range(ROWS)]
    for item in items[::BAD_EVERY]:
        item["fa"] = ""
    intake = desk.upload(as_csv(items))
    desk.press(intake, "run")
    wait_until(lambda: stand(spar, intake)["completed"], "a part is done")
    with closing(spar.connect()) as holder:
        holder.cursor().execute("LOCK TABLE g2p_spar_mapping_version IN SHARE MODE")
        assert 0 < stand(spar, intake)["completed"] < ROWS
        kill(spar)

    spar.look_for_lost_work()
    wait_until(
        lambda: stand(spar, intake)["state"] == "done",
        "the list is done",
        FOUND_AGAIN_SECONDS,
    )

    bad = ROWS // BAD_EVERY
    assert stand(spar, intake) == {
        "state": "done",
        "completed": ROWS,
        "succeeded": ROWS - bad,
    }
    [stored] = spar.rows(
        "SELECT count(DISTINCT m.id) AS mappings, count(v.id) AS versions"
        " FROM g2p_spar_mapping m"
        " JOIN g2p_spar_mapping_version v ON v.mapping_id = m.id"
        " WHERE m.id_value = ANY(%s)",
        [item["id"] for item in items],
    )
    assert (stored["mappings"], stored["versions"]) == (ROWS - bad, ROWS - bad)
    refused = desk.refused(intake)
    assert [row["id"] for row in refused] == [row["id"] for row in items[::BAD_EVERY]]
    assert all(row[REASON] for row in refused)
