"""How a page of the portal is shown: everything that all of them share.

Plain functions and one decorator. Odoo makes one class of all controllers that
have a base class in common, so methods of the same name would hide each other;
that is why there is no base class. The headers are not set here either: they
belong to every response below our addresses (``models/ir_http.py``).
"""

from collections.abc import Callable, Iterable
from functools import wraps
from urllib.parse import urlencode

from odoo.http import Response, request

from ..core.paths import HOME, LOGIN

#: How every page is routed, for ``@route``. A person comes by an own session and not
#: by a right of Odoo, so each is public, and asks :func:`person_page` who it is.
PAGE = {"type": "http", "auth": "public", "website": True, "sitemap": False}
#: The same for addresses that nobody reads, so that no language stands in them.
ACTION = {**PAGE, "multilang": False}

_FLASH = "spar_flash"
_STATUS = {
    "not_found": 404,
    "form_expired": 400,
    "not_allowed": 403,
    "too_many": 429,
    "busy": 503,
    "broken": 500,
}


def person_page(endpoint: Callable) -> Callable:
    """Give the page the person who is logged in, or lead to the login.

    To be written below ``@route(…, **PAGE)``; the endpoint gets
    a ``core.person.Person`` as its first argument. After the login the browser comes
    back to the page if it can be asked for again (GET), else to the overview.
    """

    @wraps(endpoint)
    def with_person(controller, /, *args, **kwargs):
        # A parameter that a browser calls so is nobody.
        kwargs.pop("person", None)
        person = request.env["g2p.spar.person"].current(request.session)
        if person is None:
            return to_login()
        request.spar_person = person
        if not _is_readable(kwargs.values()):
            return refuse("not_allowed", 400)
        return endpoint(controller, person, *args, **kwargs)

    return with_person


def _is_readable(values: Iterable) -> bool:
    """Tell whether all that a browser sends can be looked for and stored.

    No form of ours sends a file, and PostgreSQL knows no text with a NUL.
    """
    return all(
        isinstance(one, int) or (isinstance(one, str) and "\0" not in one)
        for one in values
    )


def to_login() -> Response:
    """Send the browser to the login, and from there back to the page it wanted."""
    is_page = request.httprequest.method in ("GET", "HEAD")
    query = {"return_path": request.httprequest.path} if is_page else {}
    return see_other(LOGIN + (f"?{urlencode(query)}" if query else ""))


def render(template: str, values: dict | None = None, status: int = 200) -> Response:
    """Return a page made of a template that calls ``g2p_spar_portal.layout``.

    :param template: its name, without the addon's when it is of this addon
    :param values: for the template; ``frame`` is added. ``frame_path`` says where the
        language links of a page lead that answers a POST; the overview where not
    """
    values = dict(values or {})
    is_page = request.httprequest.method in ("GET", "HEAD")
    frame = request.env["g2p.spar.page"]._frame(
        values.pop("frame_path", request.httprequest.path if is_page else HOME),
        getattr(request, "spar_person", None),
        request.session.pop(_FLASH, None),
    )
    name = template if "." in template else f"g2p_spar_portal.{template}"
    return request.render(name, values | {"frame": frame}, status=status)


def refuse(code: str, status: int | None = None, **values) -> Response:
    """Return a friendly page that says what went wrong and what to do next.

    :param code: one of ``models.g2p_spar_page.FAILURES``
    :param values: ``title`` or ``sentence`` in other words, ``action`` (a local path)
        with ``action_label``, for another button than "My account"
    """
    told = request.env["g2p.spar.page"]._failure_values(code) | values
    return render("failure", told, status or _STATUS[code])


def see_other(path: str) -> Response:
    """Lead to one of our pages with a GET, in the language of this one.

    :param path: a local path; other hosts are cut off
    """
    return request.redirect(request.env["ir.http"]._url_for(path), code=303)


def flash(text: str, kind: str = "good") -> None:
    """Say something once, at the top of the next page.

    It waits in the session, so that no address can make the portal say something.

    :param text: translated
    :param kind: good or bad
    """
    request.session[_FLASH] = {"kind": kind, "text": text}
