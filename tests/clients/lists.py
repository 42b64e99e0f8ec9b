"""Lists of people that staff bring into the registry, without a browser."""

import csv
import io
import re

from .staff import TIMEOUT_SECONDS, Refused, Staff
from .words import new_name

INTAKE = "g2p.spar.intake"
REASON = "not_taken_in_because"
_TOKEN = re.compile(r'csrf_token: "([^"]+)"')


def as_csv(items: list[dict]) -> bytes:
    """Items that link, as a list with a first row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", "fa", "name"])
    writer.writerows([item["id"], item["fa"], new_name()] for item in items)
    return text.getvalue().encode()


class ListDesk:
    """Somebody of the staff who brings lists in.

    :param staff: logged in
    """

    def __init__(self, staff: Staff):
        self.staff = staff
        page = staff.session.get(f"{staff.base_url}/odoo", timeout=TIMEOUT_SECONDS)
        [self._token] = _TOKEN.findall(page.text)

    def upload(self, content: bytes, name: str = "list.csv") -> int:
        """Send a file. :return: database id of its intake

        :raise Refused: it is not taken
        """
        answer = self.staff.session.post(
            f"{self.staff.base_url}/spar/intake/upload",
            params={"name": name},
            data=content,
            headers={"X-CSRF-Token": self._token},
            timeout=TIMEOUT_SECONDS,
        ).json()
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["id"]

    def press(self, intake: int, button: str):
        """Press a button of an intake by the name of its action."""
        return self.staff.call(INTAKE, f"action_{button}", [intake])

    def read(self, intake: int, *names: str) -> dict:
        """Fields of an intake."""
        [found] = self.staff.call(INTAKE, "read", [intake], list(names))
        return found

    def refused(self, intake: int) -> list[dict]:
        """Rows that were refused, each with its reason."""
        answer = self.staff.session.get(
            f"{self.staff.base_url}/spar/intake/{intake}/refused.csv",
            timeout=TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
        text = answer.content.decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))
