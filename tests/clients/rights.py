"""Users of every role, and what the running system lets each of them do."""

import secrets
from collections.abc import Iterable

from .staff import TIMEOUT_SECONDS, Staff

ROLES = {
    "viewer": "g2p_spar_mapper.group_viewer",
    "officer": "g2p_spar_mapper.group_officer",
    "manager": "g2p_spar_mapper.group_manager",
    "admin": "g2p_spar_mapper.group_admin",
    "auditor": "g2p_spar_mapper.group_auditor",
    "api": "g2p_spar_mapper.group_api",
    "internal": "base.group_user",
    "portal": "base.group_portal",
    "agent": "g2p_spar_agent.group_agent",
}
#: No record has it, so a method that is reached does nothing.
NOBODY = 2**31 - 1
#: How a method can be called: of a record, of none, or of the model.
CALLS = ([[NOBODY]], [[]], [])
#: What really does something without a record: asked only of those who may not.
ACTING = {"action_rotate": ("admin",)}
#: What tells that the door is shut. Anything else means that somebody came in.
SHUT = (
    "odoo.exceptions.AccessError",
    "odoo.exceptions.AccessDenied",
    "odoo.http.SessionExpiredException",
    "werkzeug.exceptions.Forbidden",
)
#: Of each operation, a call that comes behind the check of rights and then fails: no
#: model has such a field, and no record such an id.
OPERATIONS = {
    "r": ("search_read", [[["id", "=", NOBODY]], ["id"]]),
    "c": ("create", [[{"no_such_field": 1}]]),
    "w": ("write", [[NOBODY], {"no_such_field": 1}]),
    "u": ("unlink", [[NOBODY]]),
}


class Person:
    """A logged-in user of one role, who calls as the web client does."""

    def __init__(self, base_url: str, database: str, login: str, password: str):
        staff = Staff(base_url, database, login, password)
        self.session, self.base_url = staff.session, base_url

    def ask(self, model: str, method: str, args: Iterable, **kwargs) -> dict:
        """Call a method. :return: the whole answer, ``result`` or ``error``"""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.session.post(
            f"{self.base_url}/web/dataset/call_kw/{model}/{method}",
            json={"jsonrpc": "2.0", "params": params},
            timeout=TIMEOUT_SECONDS,
        ).json()

    def reaches(self, model: str, method: str, *calls: list) -> bool:
        """Whether every way to call a method gets past the check of rights.

        :param calls: arguments; none: of a record, of none, of the model
        """
        return not any(
            is_refusal(self.ask(model, method, args)) for args in calls or CALLS
        )

    def operations(self, model: str) -> str:
        """Which of read, create, write and unlink get past it: ``rcwu``."""
        found = (
            letter
            for letter, (method, args) in OPERATIONS.items()
            if self.reaches(model, method, args)
        )
        return "".join(found)


def is_refusal(answer: dict) -> bool:
    """Whether an answer says that the door is shut, and not something else."""
    return answer.get("error", {}).get("data", {}).get("name") in SHUT


def new_people(spar, admin: Staff, roles: dict[str, str] = ROLES) -> dict[str, Person]:
    """Make a user of each role, with no other right, and log them in.

    :param admin: may make users
    """
    people = {}
    for role, group in roles.items():
        login, password = f"matrix-{role}", secrets.token_urlsafe(12)
        module, name = group.split(".")
        place = [["module", "=", module], ["name", "=", name]]
        [data] = admin.call("ir.model.data", "search_read", place, ["res_id"])
        values = {
            "name": f"Matrix {role}",
            "password": password,
            "group_ids": [[6, 0, [data["res_id"]]]],
            "active": True,
        }
        known = admin.call(
            "res.users", "search", [["login", "=", login]], context={"active_test": 0}
        )
        if known:
            admin.call("res.users", "write", known, values)
        else:
            admin.call("res.users", "create", [values | {"login": login}])
        people[role] = Person(spar.base_url, spar.settings.db, login, password)
    return people


def dismiss(admin: Staff) -> None:
    """Let nobody of them log in any more; users that did something are not removed."""
    made = admin.call("res.users", "search", [["login", "=like", "matrix-%"]])
    admin.call("res.users", "write", made, {"active": False})
