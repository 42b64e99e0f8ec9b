"""The Chromium that browser tests drive."""

import os
import shutil
from pathlib import Path

from . import apt
from .console import SetupError
from .settings import Settings

VARIABLE = "SPAR_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without any font a page renders, but without a letter on it.
PACKAGES = ("chromium", "fonts-noto-core")


def ensure(settings: Settings) -> Path:
    """A Chromium: ``SPAR_CHROMIUM``, an installed one, or Debian's installed now.

    Only root can install one; this is the one thing that is put outside the checkout,
    and only for tests.

    :return: its program
    :raise SetupError: when there is none and none can be installed
    """
    found = _find()
    if found is None and apt.may_install():
        apt.install(settings, "chromium", PACKAGES)
        found = _find()
    if found is None:
        raise SetupError(
            "The browser tests need Chromium, and none was found.",
            f"Install it (Debian: {' '.join(PACKAGES)}) or set {VARIABLE} to it.",
        )
    return found


def _find() -> Path | None:
    given = os.environ.get(VARIABLE)
    if given:
        found = shutil.which(given)
        if not found:
            raise SetupError(
                f"{VARIABLE} is {given}, which is no program.",
                "Set it to the path of Chromium, or leave it unset.",
            )
        return Path(found)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None
