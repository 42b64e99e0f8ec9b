"""Pages for people, which load nothing from elsewhere."""

from odoo.http import request

#: Only our own files are loaded; nothing is run that stands in the page itself, so
#: that text from a message could never become a program.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def render_page(template: str, values: dict | None = None, status: int = 200):
    """Return a page made of a template of this addon.

    :param template: its name without the addon's
    :param values: for the template
    """
    response = request.render(f"g2p_spar_connect_api.{template}", values or {})
    response.status_code = status
    response.headers.update(HEADERS)
    return response
