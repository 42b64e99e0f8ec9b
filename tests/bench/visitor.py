"""A person at the portal: opens pages, fills in their forms, logs in at eSignet.

Everything is done as with JavaScript off, by the mock eSignet's own pages, so a
session and a begun change are made by what people use, and by nothing else.
"""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import requests

HOME = "/my/benefit-account"
TIMEOUT_SECONDS = 120
_CODE = "111111"
_STEPS = ("provider", "branch", "number", "review")


class Lost(ValueError):
    """A page that was to come did not come."""


class Form(HTMLParser):
    """What a page asks for.

    :ivar hidden: values of hidden fields, by name
    :ivar typed: names of text fields that must be filled in
    :ivar actions: addresses of forms that name one
    """

    def __init__(self, text: str):
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.typed: list[str] = []
        self.actions: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note a form or a field."""
        values = dict(attrs)
        if tag == "form" and values.get("action"):
            self.actions.append(values["action"])
        if tag != "input" or not values.get("name"):
            return
        if values.get("type") == "hidden":
            self.hidden[values["name"]] = values.get("value") or ""
        elif values.get("aria-required") == "true":
            self.typed.append(values["name"])


class Visitor:
    """One person with one browser.

    :param base_url: of the portal
    :param number: of the ID
    """

    def __init__(self, base_url: str, number: str):
        self._base = base_url
        self._number = number
        self._web = requests.Session()

    @property
    def cookie(self) -> str:
        """What the browser sends with each request."""
        return f"session_id={self._web.cookies['session_id']}"

    def close(self) -> None:
        """Close the browser."""
        self._web.close()

    def log_in(self) -> None:
        """Log in at the provider and come back to the account.

        :raise Lost: the account's page did not come
        """
        page = self._get(HOME)
        form = Form(page.text)
        start = next(one for one in form.actions if one.startswith("/spar/login/"))
        self._prove(self._post(self._base + start, form.hidden), HOME)

    def log_out(self) -> None:
        """End the session."""
        self._wanted(self._post_here(HOME, "/spar/logout"), "/spar/ended")

    def begin_change(
        self, fa_type: str, provider: str, branch: str, number: str
    ) -> str:
        """Say where the money shall go; the change is not made yet.

        :return: path of the change, without its step
        :raise Lost: a step did not lead to the next
        """
        answers = {
            "provider": {"code": provider},
            "branch": {"code": branch},
            "number": {},
        }
        page = self._get(f"{HOME}/change")
        page = self._fill(page, {"fa_type": fa_type})
        for step, following in zip(_STEPS, _STEPS[1:], strict=False):
            self._wanted(page, f"/{step}")
            typed = dict.fromkeys(Form(page.text).typed, number)
            page = self._wanted(self._fill(page, answers[step] | typed), following)
        return urlsplit(page.url).path.rpartition("/")[0]

    def make_change(self, way: str) -> str:
        """Agree, log in once more, and return the path of the receipt.

        :param way: of :meth:`begin_change`
        """
        page = self._get(f"{way}/review")
        page = self._prove(self._fill(page, {}), f"{HOME}/change/receipt/")
        return urlsplit(page.url).path

    def _prove(self, page: requests.Response, wanted: str) -> requests.Response:
        """Go through the provider's pages."""
        answers = (
            {"number": self._number},
            {"code": _CODE, "finger": "on"},
            {"claim": ["name", "birthdate", "phone_number", "email"]},
        )
        for answer in answers:
            if page.url.startswith(self._base):
                break
            page = self._post(page.url, answer)
        return self._wanted(page, wanted)

    def _get(self, path: str) -> requests.Response:
        return self._web.get(self._base + path, timeout=TIMEOUT_SECONDS)

    def _post(self, url: str, values: dict) -> requests.Response:
        return self._web.post(url, data=values, timeout=TIMEOUT_SECONDS)

    def _post_here(self, path: str, action: str) -> requests.Response:
        hidden = Form(self._get(path).text).hidden
        return self._post(self._base + action, hidden)

    def _fill(self, page: requests.Response, values: dict) -> requests.Response:
        """Send the form of a page to where the page came from."""
        return self._post(page.url, Form(page.text).hidden | values)

    def _wanted(self, page: requests.Response, path: str) -> requests.Response:
        """The page, if it is the one that was to come.

        :raise Lost: it is another
        """
        if page.status_code != 200 or path not in urlsplit(page.url).path:
            raise Lost(f"HTTP {page.status_code} at {page.url} in place of {path}")
        return page
