"""Lists are the managers' business: over RPC, too, where no screen hides anything."""

import pytest

from clients.lists import INTAKE, ListDesk, as_csv
from clients.staff import Refused
from clients.words import link_item

pytestmark = pytest.mark.usefixtures("quiet_log")

BUTTONS = ("preview", "try", "run", "pause", "resume", "cancel")


@pytest.mark.parametrize("who", ["spar_viewer", "spar_officer", "spar_auditor"])
def test_each_button_is_the_managers(spar, login, who):
    """Nothing has changed after it."""
    owner = ListDesk(login("spar_manager"))
    item = link_item()
    intake = owner.upload(as_csv([item]))
    other = ListDesk(login(who))
    for button in BUTTONS:
        with pytest.raises(Refused):
            other.press(intake, button)
    for values in ({"state": "done"}, {"operation": "unlink"}):
        with pytest.raises(Refused):
            other.staff.call(INTAKE, "write", [intake], values)
    with pytest.raises(Refused, match="Only managers"):
        other.upload(as_csv([item]))
    stand = owner.read(intake, "state", "completed")
    assert (stand["state"], stand["completed"]) == ("draft", 0)
    assert not spar.history(item["id"])


def test_viewers_export_nothing(login):
    viewer = login("spar_viewer")
    with pytest.raises(Refused):
        viewer.call("g2p.spar.export", "create", [{}])
