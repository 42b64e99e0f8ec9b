"""A bare Odoo website: what the portal's pages are measured against.

It has a database and a server of its own, with Odoo's module ``website`` and nothing
of ours, on the same cluster and with as many workers. The page is the empty one that
the module makes when an editor asks for a new page; who opens it is logged in, with
the rights of a portal user.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import requests
from place import NO_JOBS, Place, run_odoo
from visitor import Form

from spar_env import database, server
from spar_env.console import SetupError, step
from spar_env.server import Server

PATH = "/empty"
#: On a page of who is logged in, and on no other.
SIGN = "/web/session/logout"
_LOGIN = "guest@example.org"
_TIMEOUT_SECONDS = 120
#: The password is that of one user of a website with nothing in it.
_MAKE = f"""
website = env["website"].search([], limit=1).with_context(website_id=1)
made = website.new_page({PATH.strip("/")!r})
env["website.page"].search([("url", "=", made["url"])]).is_published = True
env["res.users"].create({{
    "name": "Guest", "login": {_LOGIN!r}, "password": {_LOGIN!r},
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
}})
env.cr.commit()
"""
_IS_MADE = "SELECT count(*) FROM res_users WHERE login = :'login'"


class PlainServer(Server):
    """An Odoo without our addons: its health is told by Odoo's own address."""

    health_path = "/web/health"


class PlainSite:
    """The running website.

    :param own: its server
    """

    def __init__(self, own: PlainServer):
        self._server = own
        self._cookies: list[str] = []

    @property
    def url(self) -> str:
        """Where it answers."""
        return self._server.settings.base_url

    def watched(self, place: Place) -> dict[str, int]:
        """Process trees whose processor time is accounted for."""
        return place.watched | {"server": self._server.pid()}

    def cookies(self, count: int) -> list[str]:
        """What the browsers of people send who are logged in."""
        while len(self._cookies) < count:
            self._cookies.append(self._log_in())
        return self._cookies[:count]

    def _log_in(self) -> str:
        with requests.Session() as web:
            url = f"{self.url}/web/login"
            form = Form(web.get(url, timeout=_TIMEOUT_SECONDS).text).hidden
            form |= {"login": _LOGIN, "password": _LOGIN}
            page = web.post(url, data=form, timeout=_TIMEOUT_SECONDS)
            if SIGN not in page.text:
                raise SetupError(
                    f"Nobody can log in at the bare website: HTTP {page.status_code}.",
                    f"Look at its log, {self._server.settings.log}.",
                )
            return f"session_id={web.cookies['session_id']}"


@contextmanager
def opened(place: Place) -> Iterator[PlainSite]:
    """Run the website while the block lasts; it is installed the first time.

    :raise SetupError: it cannot be installed or started
    """
    near = place.server.settings
    own = PlainServer(
        replace(
            near,
            run=near.run / "website",
            db="spar_bench_website",
            port=server.free_port(),
        )
    )
    _prepare(own, place)
    own.stop()
    with step(f"a bare Odoo website on port {own.settings.port}"):
        own.start(**NO_JOBS)
    try:
        yield PlainSite(own)
    finally:
        own.stop()


def _prepare(own: PlainServer, place: Place) -> None:
    """Make configuration and database, where they are not there yet."""
    settings, cluster = own.settings, place.cluster
    server.write_files(settings, place.home, cluster)
    present = database.read_mark(settings, cluster) is not None
    if present and cluster.sql(_IS_MADE, database=settings.db, login=_LOGIN) == "1":
        return
    database.create(settings, cluster)
    install = database.odoo_command(settings, "-i", "website")
    run_odoo(settings, install, "Odoo's module website in a database of its own")
    shell = [settings.odoo_bin, "shell", "-c", settings.conf, "-d", settings.db]
    shell += ["--no-http", "--workers=0"]
    run_odoo(settings, shell, "its empty page and a user", stdin=_MAKE)
