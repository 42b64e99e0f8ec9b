"""What every page of agents asks first: who works here, and on which device."""

import time
from functools import wraps
from urllib.parse import urlencode

from odoo.http import request

from odoo.addons.g2p_spar_portal.controllers import page as portal_page
from odoo.addons.g2p_spar_portal.controllers.page import see_other
from odoo.addons.g2p_spar_portal.core.person import is_idle

from ..const import HOME

#: Where a device is paired.
DEVICE = f"{HOME}/device"
#: When the agent's session was used last, seconds since the epoch.
_SEEN = "g2p_spar_agent_seen"


def agent_page(endpoint):
    """Give the page its agent, or lead to the login of staff.

    To be written below ``@route(…, **PAGE)``. A text with a NUL is nothing anybody
    types, and PostgreSQL knows none.
    """

    @wraps(endpoint)
    def with_agent(controller, /, *args, **kwargs):
        if request.env.user._is_public() or _is_left_alone():
            return see_other(f"/web/login?{urlencode({'redirect': HOME})}")
        if not desk().is_agent():
            return refuse("not_allowed")
        texts = [one for one in kwargs.values() if isinstance(one, str)]
        if any("\0" in text for text in texts):
            return refuse("not_allowed", 400)
        return endpoint(controller, *args, **kwargs)

    return with_agent


def _is_left_alone():
    """End a session that was left alone as long as ends a beneficiary's."""
    session, now = request.session, int(time.time())
    minutes = request.env["g2p.spar.portal.settings"].idle_minutes()
    if is_idle(session.get(_SEEN, now), now, minutes):
        session.logout(keep_db=True)
        return True
    session[_SEEN] = now
    return False


def device_page(endpoint):
    """Give the page the device on which the agent works, or lead to the pairing."""

    @wraps(endpoint)
    def with_device(controller, /, *args, **kwargs):
        kwargs.pop("device", None)
        device = desk().device(request.cookies.get(device_cookie()) or "")
        if not device:
            return see_other(DEVICE)
        return endpoint(controller, device, *args, **kwargs)

    return agent_page(with_device)


def capture_page(endpoint):
    """Open the capture that the path names, for its own agent and device only.

    One that ended shows its receipt, whatever page of it is asked for.
    """

    @wraps(endpoint)
    def with_capture(controller, device, /, token, *args, **kwargs):
        kwargs.pop("capture", None)
        capture = desk().open(token)
        if not capture or capture.device_id != device:
            return refuse("not_found")
        is_over = capture.state not in ("draft", "proved")
        if is_over and endpoint.__name__ != "agent_receipt":
            return see_other(path_of(capture, "receipt"))
        return endpoint(controller, capture, *args, **kwargs)

    return device_page(with_capture)


def desk():
    """Return what the pages of agents do."""
    return request.env["g2p.spar.agent.desk"]


def path_of(capture, step=""):
    """Return the address of a page of a capture."""
    return desk().path_of(capture, step)


def device_cookie():
    """Return under which name a device keeps its secret."""
    return "__Host-spar_device" if is_secure() else "spar_device"


def is_secure():
    """Tell whether agents come over HTTPS, also where a proxy ends it."""
    base_url = request.env["ir.http"].get_base_url()
    return request.httprequest.scheme == "https" or base_url.startswith("https:")


def render(template, values=None, status=200):
    """Return a page of this addon."""
    frame_path = {"frame_path": request.httprequest.path}
    values = frame_path | (values or {})
    return portal_page.render(f"g2p_spar_agent.{template}", values, status)


def refuse(code, status=None):
    """Return a page that says what went wrong, in words for agents."""
    told = request.env["g2p.spar.page"]._agent_failure(code)
    words = {name: told[name] for name in ("title", "sentence")}
    words |= {"action": HOME, "action_label": told["home_label"]}
    # The frame is that of agents, also where the page answers a form.
    return portal_page.refuse(code, status, frame_path=HOME, **words)
