import hashlib
from functools import cache

from odoo import api, models
from odoo.tools import LazyTranslate, file_open

from ..core import words
from ..core.paths import HOME

_lt = LazyTranslate(__name__)

_STATIC = "g2p_spar_portal/static/src"

#: What went wrong: title, what happened and what to do. Odoo's status decides where
#: nothing more is known.
FAILURES = {
    "not_found": (
        _lt("We did not find this page"),
        _lt("It may have moved, or it is not yours. Go back to your account page."),
    ),
    "form_expired": (
        _lt("This page was open for too long"),
        _lt("Nothing was changed. Go back and do the last step again."),
    ),
    "not_allowed": (
        _lt("You cannot do this here"),
        _lt("Nothing was changed. Go back to your account page."),
    ),
    "too_many": (
        _lt("Too many tries"),
        _lt("Nothing was changed. Wait a few minutes, then try again."),
    ),
    "busy": (
        _lt("We are busy at the moment"),
        _lt("Nothing was changed. Wait a minute, then try again."),
    ),
    "broken": (
        _lt("Something went wrong on our side"),
        _lt(
            "Before you try again, look at your account page: it shows whether"
            " anything was changed."
        ),
    ),
}
_OF_STATUS = {
    400: "form_expired",
    403: "not_allowed",
    404: "not_found",
    405: "not_found",
    429: "too_many",
    503: "busy",
}


class G2PSparPage(models.AbstractModel):
    """What every page of the portal has around its content."""

    _name = "g2p.spar.page"
    _description = "Frame of the portal's pages"

    @api.model
    def _frame(self, path: str, person=None, flash: dict | None = None) -> dict:
        """The values of ``g2p_spar_portal.layout``.

        :param path: path of the page without its language, for the language links
        :param person: who is logged in (``core.person.Person``), none: nobody
        :param flash: ``{"kind": good|bad, "text": …}``, said once at the top
        """
        settings = self.env["g2p.spar.portal.settings"]
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return {
            "path": path,
            "person": person,
            "flash": flash,
            "lang_tag": words.lang_tag(lang.code or "en_US"),
            "direction": "rtl" if lang.direction == "rtl" else "ltr",
            "languages": self._languages(path, lang.code),
            "programme": settings.programme(),
            "help": settings.help(),
            "digits": words.write_digits("0123456789", lang.code or "en_US"),
            "idle_minutes": words.write_number(
                settings.idle_minutes(), lang.code or "en_US"
            ),
            "idle_seconds": settings.idle_minutes() * 60,
            "static": static_url,
        }

    @api.model
    def _languages(self, path: str, current: str) -> list[dict]:
        """The languages to choose from, each under its own name.

        The address names the language even where it is the usual one: only so
        does Odoo forget the one chosen before.
        """
        active = self.env["res.lang"]._get_frontend()
        names = words.own_names(active)
        return [
            {
                "name": names[code],
                "tag": words.lang_tag(code),
                "direction": "rtl" if lang.direction == "rtl" else "ltr",
                "url": f"/{lang.url_code}{path}",
                "is_current": code == current,
            }
            for code, lang in active.items()
        ]

    @api.model
    def _form_targets(self) -> tuple[str, ...]:
        """Where a form may lead on to: the login pages of the providers in use."""
        # sudo: the public user may not read providers; only origins are told.
        return self.env["auth.oauth.provider"].sudo()._spar_form_targets()

    # === FAILURES === #

    @api.model
    def _failure_of_status(self, status: int) -> str:
        """The failure that stands for an HTTP status nobody explained."""
        return _OF_STATUS.get(status, "broken" if status >= 500 else "not_allowed")

    @api.model
    def _failure_values(self, code: str) -> dict:
        """The values of ``g2p_spar_portal.failure``.

        :raise KeyError: no such failure
        """
        title, sentence = FAILURES[code]
        return {
            "title": self.env._(title),
            "sentence": self.env._(sentence),
            "code": code,
            "home": HOME,
            "home_label": self.env._("My account"),
        }

    @api.model
    def _render_failure(self, code: str, path: str, person=None):
        """A failure as a whole page, for where no controller is at work."""
        values = self._failure_values(code) | {"frame": self._frame(path, person)}
        return self.env["ir.ui.view"]._render_template(
            "g2p_spar_portal.failure", values
        )


@cache
def static_url(name: str) -> str:
    """The address of one of our files; it changes when the file does.

    So browsers may keep the file without asking again.

    :param name: below ``static/src``, such as ``css/portal.css``
    """
    with file_open(f"{_STATIC}/{name}", "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return f"/{_STATIC}/{name}?v={digest[:12]}"
