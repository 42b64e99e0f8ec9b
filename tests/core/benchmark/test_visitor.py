"""The benchmark's person reads pages as a browser does, and notices a wrong one."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import visitor
from visitor import HOME, Form, Lost, Visitor

from odoo.addons.g2p_spar_portal.core.change import Step

PAGE = """
<form action="/spar/login/7" method="post">
  <input type="hidden" name="csrf_token" value="t"><input type="hidden" name="empty">
  <input name="part" aria-required="true"><input name="q"><input type="hidden">
</form><form><input name="again" aria-required="true"></form>
"""
WAY = f"{HOME}/change/abc"


def test_a_form_is_read():
    form = Form(PAGE)

    assert form.hidden == {"csrf_token": "t", "empty": ""}
    assert form.typed == ["part", "again"]
    assert form.actions == ["/spar/login/7"]


class Site:
    """A portal of few words: a page, or a redirect, for each path.

    :param pages: "GET /path" or "POST /path" -> page, or where to go, or a status
    """

    def __init__(self, pages):
        self.pages, self.got, self.url = pages, [], ""

    def answer(self, handler) -> None:
        path = urlsplit(handler.path).path
        size = int(handler.headers.get("Content-Length") or 0)
        form = parse_qs(handler.rfile.read(size).decode(), keep_blank_values=True)
        asked = f"{handler.command} {path}"
        self.got.append((asked, {name: one for name, [one, *_] in form.items()}))
        content = self.pages.get(asked, 404)
        is_page = isinstance(content, str) and not content.startswith("/")
        handler.send_response(200 if is_page else 303 if content != 404 else 404)
        handler.send_header("Set-Cookie", "session_id=s; Path=/")
        if isinstance(content, str) and not is_page:
            handler.send_header("Location", content)
        body = content.encode() if is_page else b""
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def served(pages):
    """Run such a portal on loopback while the block lasts."""
    site = Site(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.answer(self)

        do_POST = do_GET

        def log_message(self, *_arguments):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()


@pytest.fixture
def change():
    """The pages of a change that lead from one to the next."""
    steps = ["provider", "branch", "number", "review"]
    pages = {f"GET {WAY}/{step}": PAGE for step in steps}
    pages[f"GET {HOME}/change"] = PAGE
    pages[f"POST {HOME}/change"] = f"{WAY}/provider"
    for step, following in zip(steps, steps[1:], strict=False):
        pages[f"POST {WAY}/{step}"] = f"{WAY}/{following}"
    pages[f"POST {WAY}/review"] = f"{HOME}/change/receipt/SPAR-1"
    pages[f"GET {HOME}/change/receipt/SPAR-1"] = PAGE
    return pages


def test_a_login_sends_what_the_page_hides():
    pages = {f"GET {HOME}": PAGE, "POST /spar/login/7": HOME}
    with served(pages) as site:
        one = Visitor(site.url, "5")
        one.log_in()

    assert site.got[1] == ("POST /spar/login/7", {"csrf_token": "t", "empty": ""})
    assert one.cookie == "session_id=s"


def test_a_change_goes_through_every_step(change):
    with served(change) as site:
        one = Visitor(site.url, "5")
        way = one.begin_change("BANK", "bank", "B1", "123")
        receipt = one.make_change(way)

    assert way == WAY
    assert receipt == f"{HOME}/change/receipt/SPAR-1"
    sent = dict(site.got)
    assert sent[f"POST {HOME}/change"]["fa_type"] == "BANK"
    assert sent[f"POST {WAY}/provider"]["code"] == "bank"
    assert sent[f"POST {WAY}/branch"]["code"] == "B1"
    number = sent[f"POST {WAY}/number"]
    assert (number["part"], number["again"], number["csrf_token"]) == (
        ("123", "123", "t")
    )


@pytest.mark.parametrize("step", ["provider", "branch", "number"])
def test_a_step_that_leads_back_is_noticed(change, step):
    change[f"POST {WAY}/{step}"] = f"{WAY}/{step}"
    with served(change) as site, pytest.raises(Lost, match=step):
        Visitor(site.url, "5").begin_change("BANK", "bank", "B1", "123")


def test_a_page_that_fails_is_noticed_where_it_should_be(change):
    change[f"GET {WAY}/branch"] = 404
    with served(change) as site, pytest.raises(Lost, match="404"):
        Visitor(site.url, "5").begin_change("BANK", "bank", "B1", "123")


def test_a_failure_at_the_end_is_noticed(change):
    change[f"POST {WAY}/review"] = "/spar/login/failed/acr_too_low"
    with served(change) as site, pytest.raises(Lost, match="404"):
        Visitor(site.url, "5").make_change(WAY)


def test_the_steps_are_those_of_the_portal():
    """Their order is the portal's own."""
    names = [step.value for step in Step]
    assert [name for name in names if name in visitor._STEPS] == [*visitor._STEPS]
