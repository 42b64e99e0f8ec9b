"""A browser of few words for the portal: cookies, forms and redirects, no more.

For logins by the dozen, and for what a real browser would not let one do.
"""

import re
from urllib.parse import parse_qs, urlsplit

import requests

from .portal import CODE, HOME

TIMEOUT_SECONDS = 60
CSRF = re.compile(r'name="csrf_token"\s+value="([^"]+)"')
# Such a token wherever it stands in a page: a digest and the second it ends in.
FORM_TOKEN = re.compile(r"\b[0-9a-f]{40}o\d+\b")
FORM = re.compile(r'action="(/spar/login/(\d+))"')
FAILED = "/spar/login/failed/"


class Browser:
    """One browser; it follows redirects one by one.

    :param base_url: address of the portal, without a trailing slash
    """

    def __init__(self, base_url: str):
        self.base_url = base_url
        self.session = requests.Session()

    def get(self, url: str, **options) -> requests.Response:
        """Open an address of the portal or of the provider."""
        return self._send("GET", url, **options)

    def post(self, url: str, **form) -> requests.Response:
        """Send a form; a form of the portal's needs its token among the fields."""
        return self._send("POST", url, data=form)

    def csrf(self, page: requests.Response) -> str:
        """The token in a page of the portal."""
        return CSRF.search(page.text)[1]

    # === A LOGIN IN PIECES === #

    def start(self, provider: int | None = None, return_path: str = HOME) -> str:
        """Press the button of a provider.

        :param provider: record id; None: the first
        :return: where the browser is sent to
        """
        page = self.get(f"/spar/login?return_path={return_path}")
        path = f"/spar/login/{provider}" if provider else FORM.search(page.text)[1]
        answer = self.post(path, csrf_token=self.csrf(page), return_path=return_path)
        assert answer.status_code == 303, answer.text[:500]
        return answer.headers["Location"]

    def prove(self, url: str, number: str, **proof) -> str:
        """Go through the provider's pages.

        :param url: the authorization request
        :return: where the provider sends the browser back to
        """
        page = self.get(url).headers["Location"]
        host = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        self.post(host + page, number=number)
        answer = self.post(f"{host}{page}/prove", **(proof or {"code": CODE}))
        back = answer.headers["Location"]
        if back.endswith("/consent"):
            every = ["name", "birthdate", "phone_number", "email", "gender"]
            answer = self.post(host + back, claim=every)
        return answer.headers["Location"]

    def come_back(self, url: str) -> str:
        """Follow the provider's redirect.

        :return: the path the portal leads to
        """
        answer = self.get(url)
        assert answer.status_code == 303, answer.text[:500]
        return urlsplit(answer.headers["Location"]).path

    def log_in(self, number: str, provider: int | None = None, **proof) -> str:
        """Log in.

        :return: where it ended, for example ``/my/benefit-account``
        """
        return self.come_back(self.prove(self.start(provider), number, **proof))

    def name(self) -> str:
        """Who the portal says is logged in; "" when nobody is."""
        page = self.get(HOME)
        found = re.search(r"<strong><bdi>(.*?)</bdi></strong>", page.text)
        return found[1] if page.status_code == 200 and found else ""

    def _send(self, method: str, url: str, **options) -> requests.Response:
        if url.startswith("/"):
            url = self.base_url + url
        return self.session.request(
            method, url, allow_redirects=False, timeout=TIMEOUT_SECONDS, **options
        )


def query_of(url: str) -> dict[str, str]:
    """The parameters of an address, one value each."""
    return {name: one for name, (one,) in parse_qs(urlsplit(url).query).items()}
