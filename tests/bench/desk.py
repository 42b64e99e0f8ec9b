"""An officer at the desk, whose browser asks the server what it can open.

Menus, actions and views are read as the web client reads them, so a list that gets
another column or filter is measured with it from then on.
"""

from datetime import datetime, timezone

from screens import Click, Screen, read_screen

from clients.staff import Staff
from spar_env.console import SetupError

LOGIN = "spar_admin"
TIMEOUT_SECONDS = 60
_PREFIX = "spar-"


class Desk:
    """A member of staff with a browser.

    :param base_url: of the server
    :param database: its name
    """

    def __init__(self, base_url: str, database: str):
        self._base = base_url
        self.staff = Staff(base_url, database, LOGIN, LOGIN)
        self._uid = self.staff.call("res.users", "search", [["login", "=", LOGIN]])[0]
        self._actions = self._read_actions()

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends with each request."""
        return {"Cookie": f"session_id={self.staff.session.cookies['session_id']}"}

    @property
    def paths(self) -> set[str]:
        """The screens that menus open, by the paths of their actions."""
        return set(self._actions)

    def screen(self, path: str) -> Screen:
        """What a screen asks for.

        :param path: of its action, without ``spar-``
        :raise SetupError: no menu opens it
        """
        if path not in self._actions:
            raise SetupError(
                f"No menu opens {_PREFIX}{path}.", "Mend the menus, or the cell's name."
            )
        params = {"action_id": self._actions[path], "context": {}}
        action = self._post("/web/action/load", params)
        search_view = (action.get("search_view_id") or [False])[0]
        views = self.staff.call(
            action["res_model"],
            "get_views",
            [*action["views"], [search_view, "search"]],
            {"toolbar": True},
        )
        return read_screen(action, views, self._uid, datetime.now(timezone.utc).date())

    def click(self, model: str, method: str, **kwargs) -> Click:
        """Any other request."""
        return Click(method, model, method, kwargs)

    def _read_actions(self) -> dict[str, int]:
        answer = self.staff.session.get(
            f"{self._base}/web/webclient/load_menus", timeout=TIMEOUT_SECONDS
        )
        return {
            menu["actionPath"].removeprefix(_PREFIX): menu["actionID"]
            for menu in answer.json().values()
            if (menu.get("actionPath") or "").startswith(_PREFIX)
        }

    def _post(self, path: str, params: dict) -> dict:
        call = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
        answer = self.staff.session.post(
            self._base + path, json=call, timeout=TIMEOUT_SECONDS
        ).json()
        return answer["result"]
