from datetime import date, datetime, time

from odoo import api, models

from ..core import words
from ..core.contact import KINDS, PHONE, example_phone
from ..core.person import Person


class G2PSparProfile(models.AbstractModel):
    """What the pages about a person's name, contacts and language show."""

    _name = "g2p.spar.profile"
    _description = "Own Profile of a Person"

    @api.private
    def overview(self, person: Person) -> dict:
        """Return what the profile shows.

        :return: ``name``, ``birthdate`` in words, ``provider``, ``contacts`` by kind,
            whether there is any (``has_contact``), and ``languages`` to choose from
        """
        contacts = self.env["g2p.spar.contact"].in_use(person)
        for shown in contacts.values():
            shown["since"] = self._day(shown["confirmed_at"])
        return {
            "name": person.name,
            "birthdate": self._birthdate(person.birthdate),
            "provider": person.provider_name,
            "contacts": [(kind, contacts[kind]) for kind in KINDS],
            "has_contact": any(shown["masked"] for shown in contacts.values()),
            "languages": self._languages(),
        }

    @api.private
    def form(self, person: Person, kind: str, typed: str | None = None) -> dict:
        """Return what the form for a phone or an e-mail address shows.

        What the login told of it is a suggestion: it counts for nothing until a
        code that was sent there came back.

        :param typed: what was typed before, when it could not be taken
        """
        suggested = person.phone if kind == PHONE else person.email
        shown = self.env["g2p.spar.contact"].in_use(person)[kind]
        value = suggested if typed is None and not shown["masked"] else typed
        return {
            "kind": kind,
            "value": (value or "")[:254],
            "is_suggested": bool(suggested) and value == suggested,
            "in_use": shown["masked"],
            "example": self.example(),
        }

    @api.private
    def example(self) -> str:
        """A phone number as one writes it here."""
        return example_phone(self.env["g2p.spar.portal.settings"].region())

    @api.private
    def choose_language(self, person: Person, code: str) -> str | None:
        """Write to a person in a language from now on.

        :param code: what a browser sent
        :return: how addresses name the language; none: it cannot be chosen
        """
        language = self.env["res.lang"]._get_frontend().get(code)
        if language is None:
            return None
        self.env["g2p.spar.contact"].speak(person, code)
        return language.url_code

    def _languages(self) -> list[dict]:
        names = words.own_names(self.env["res.lang"]._get_frontend())
        return [
            {
                "code": code,
                "name": name,
                "tag": words.lang_tag(code),
                "is_current": code == self.env.lang,
            }
            for code, name in names.items()
        ]

    def _birthdate(self, day: date | None) -> str | None:
        if day is None:
            return None
        noon = datetime.combine(day, time(12))
        return words.write_day(noon, self.env.lang or "en_US", words.zone_of("UTC"))

    def _day(self, moment: datetime | None) -> str | None:
        if not moment:
            return None
        zone = self.env["g2p.spar.portal.settings"].time_zone()
        return words.write_day(moment, self.env.lang or "en_US", words.zone_of(zone))
