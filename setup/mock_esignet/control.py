"""How tests and the demonstration steer the mock: JSON on loopback."""

from dataclasses import asdict

from flask import Blueprint, jsonify, request

from .behaviour import Behaviour
from .clients import BadRegistration, Client
from .people import PEOPLE, STORIES, subject
from .profiles import PROFILES
from .store import Store


def make_blueprint(store: Store) -> Blueprint:
    """The control address of a store."""
    control, part = (
        Control(store),
        Blueprint("control", __name__, url_prefix="/control"),
    )
    part.get("/health")(lambda: jsonify(ok=True))
    part.get("/people")(control.people)
    part.get("/behaviour")(control.behaviour)
    part.put("/behaviour", endpoint="switch")(control.switch)
    part.delete("/behaviour", endpoint="reset")(control.reset)
    part.put("/clients/<client_id>")(control.register)
    part.post("/keys/rotate")(control.rotate)
    part.post("/time/<int:seconds>")(control.age)
    part.put("/release/<release>")(control.release)
    part.get("/calls")(control.calls)
    return part


class Control:
    """One method for each thing that can be steered."""

    def __init__(self, store: Store):
        self.store = store

    def people(self):
        """The demonstration's people with their stories."""
        relying_party = request.args.get("relying_party_id", "")
        return jsonify(
            [
                {
                    "id": person.id,
                    "name": person.name,
                    "story": STORIES[person.id],
                    "sub": subject(person.id, relying_party),
                }
                for person in PEOPLE.values()
            ]
        )

    def behaviour(self):
        """All switches as they are."""
        return jsonify(asdict(self.store.behaviour))

    def switch(self):
        """Set some switches and leave the others."""
        try:
            self.store.behaviour = self.store.behaviour.changed(_object())
        except (ValueError, TypeError) as error:
            return jsonify(error=str(error)), 400
        return self.behaviour()

    def reset(self):
        """Be a provider in good health again, that has forgotten all consents."""
        self.store.behaviour = Behaviour()
        self.store.release = "1.8"
        self.store.consents.clear()
        self.store.calls.clear()
        return self.behaviour()

    def register(self, client_id: str):
        """Register a client or replace its registration."""
        try:
            self.store.register(Client.registered(client_id, _object()))
        except (BadRegistration, TypeError) as error:
            return jsonify(error=str(error)), 400
        return jsonify(client_id=client_id)

    def rotate(self):
        """Sign with new keys from now on."""
        self.store.keys.rotate()
        return jsonify(kid=self.store.keys.service.kid)

    def age(self, seconds: int):
        """Let codes, tokens, logins and pushed requests grow older at once."""
        for held in (self.store.codes, self.store.tokens, self.store.logins):
            for one in held.values():
                one.expires -= seconds
        self.store.pushed = {
            name: (values, end - seconds)
            for name, (values, end) in self.store.pushed.items()
        }
        return jsonify(ok=True)

    def release(self, release: str):
        """Choose whose metadata the usual address of discovery answers."""
        if release not in PROFILES:
            return jsonify(error="no such release"), 400
        self.store.release = release
        return jsonify(release=release)

    def calls(self):
        """Which endpoints were called last, the oldest first."""
        return jsonify(list(self.store.calls))


def _object() -> dict:
    content = request.get_json()
    if not isinstance(content, dict):
        raise TypeError("a JSON object is needed")
    return content
