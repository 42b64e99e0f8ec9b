from odoo.http import Controller, request, route

from odoo.addons.g2p_spar_portal.controllers.page import ACTION, PAGE, flash, see_other

from ..const import HOME
from .page import (
    DEVICE,
    agent_page,
    desk,
    device_cookie,
    device_page,
    is_secure,
    path_of,
    refuse,
    render,
)

#: A paired device stays so for a year, or until somebody puts it away.
_YEAR = 365 * 24 * 3600


class G2PSparAgentDeskController(Controller):
    """The agent's first page, and the pairing of the device."""

    @route(HOME, methods=["GET"], **PAGE)
    @device_page
    def agent_home(self, device, **_query):
        """Show the form for a new person, and the latest captures."""
        return self._show_home(device, {}, None)

    @route(f"{HOME}/begin", methods=["POST"], **ACTION)
    @device_page
    def agent_begin(self, device, id_type="", number="", name="", **_form):
        """Begin a capture for a person."""
        if desk().is_too_often():
            return refuse("too_many")
        capture = desk().begin(device, id_type, number[:300], name[:200])
        if capture:
            return see_other(path_of(capture, "proof"))
        typed = {"id_type": id_type, "number": number, "name": name}
        problem = request.env._(
            "This is not a complete ID of that kind. Compare each letter and digit with"
            " the card."
        )
        return self._show_home(device, typed, problem, 422)

    @route(DEVICE, methods=["GET", "POST"], **PAGE)
    @agent_page
    def agent_device(self, code="", **_form):
        """Pair the device with a code from the office."""
        if request.httprequest.method == "GET":
            return render("device", {"problem": None})
        if desk().is_too_often(is_pairing=True):
            return refuse("too_many")
        token = desk().pair(code)
        if token is None:
            problem = request.env._(
                "This code is wrong, was used, or is older than a day. Ask your office"
                " for a new one."
            )
            return render("device", {"problem": problem}, 422)
        flash(request.env._("This device is yours now."))
        response = see_other(HOME)
        response.set_cookie(
            device_cookie(),
            token,
            max_age=_YEAR,
            expires=None,
            secure=is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def _show_home(self, device, typed, problem, status=200):
        captures = desk().latest()
        values = {
            "frame_path": HOME,
            "device": device,
            "types": desk().id_types(),
            "typed": typed,
            "problem": problem,
            "captures": captures,
            "paths": {one.id: desk().receipt_path(one) for one in captures},
        }
        return render("home", values, status)
