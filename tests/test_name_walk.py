"""An officer asks a name service, over HTTP, whose account an address is.

Pictures are saved below the run folder (``blackbox/pictures``) to be looked at.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from clients.desk import SIZES
from clients.words import link_item, new_name

pytestmark = pytest.mark.usefixtures("quiet_log")

SERVICES, HOLDER = "g2p.spar.name.service", new_name()


class _Bank(BaseHTTPRequestHandler):
    """A bank where every account is one person's (docs/name-check.md)."""

    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        outcome = "match" if question["name"] == HOLDER else "none"
        answer = {"reference": question["reference"], "outcome": outcome}
        body = json.dumps(answer | {"check_id": "c-1"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Write no log."""


@pytest.fixture(scope="module")
def bank(admin):
    """The bank, entered among the name services as long as the tests last."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bank)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    admin.allow_loopback(server.server_port)
    values = {"name": "Bank", "url": f"http://127.0.0.1:{server.server_port}/check"}
    service = admin.call(SERVICES, "create", [values])
    yield server
    admin.call(SERVICES, "unlink", service)
    admin.forbid_loopback(server.server_port)
    server.shutdown()
    server.server_close()


@SIZES
@pytest.mark.parametrize(
    ("name", "words"),
    [(HOLDER, "belongs to this person"), (new_name(), "belongs to somebody else")],
    ids=["same", "other"],
)
def test_officer_asks_whose_account_it_is(bank, desk, api, size, name, words):
    person = link_item(name=name)
    api.one("link", **person)
    officer = desk("spar_officer", size)
    officer.open("spar-mappings")
    officer.look_up(person["id"], "Person's ID")
    officer.open_only_record()
    if officer.narrow:
        officer.page.locator(".o_statusbar_buttons button.dropdown-toggle").click()
    officer.press("Check the name")
    expect(officer.page.locator(".o_notification")).to_contain_text(words)
    checks = officer.page.get_by_role("tab", name="Checks of the address")
    expect(checks).to_be_visible()
    officer.picture(f"officer-name-{'same' if name == HOLDER else 'other'}")
