"""Node with the npm packages that tests use: axe, and a provider of others' making."""

import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from . import apt
from .console import SetupError, discard, output_of, run_logged, step
from .settings import Settings

PROGRAMS = ("node", "npm")
#: Debian's packages of them.
PACKAGES = ("nodejs", "npm")
#: The oldest release that runs them.
LEAST_MAJOR = 18
FOLDER = "tests/npm"
FILES = ("package.json", "package-lock.json")
KEPT = "node-packages"


def ensure(settings: Settings) -> tuple[Path, Path]:
    """Node and npm: the installed ones, or Debian's installed now.

    Only root can install them; like Chromium they are put outside the checkout.

    :raise SetupError: when there are none and none can be installed, or too old ones
    """
    if not all(map(shutil.which, PROGRAMS)):
        if apt.may_install():
            apt.install(settings, "node", PACKAGES)
        if not all(map(shutil.which, PROGRAMS)):
            raise SetupError(
                "Tests of the portal need Node with npm, and they were not found.",
                f"Install them (Debian: {' '.join(PACKAGES)}).",
            )
    node, npm = (Path(shutil.which(name)) for name in PROGRAMS)
    _check_release(node)
    return node, npm


def packages(settings: Settings) -> Path:
    """The folder ``node_modules`` with just what the lock file names.

    Built under another name and renamed last: a kill leaves nothing half-done.

    :raise SetupError: when npm cannot get them
    """
    source = settings.root / FOLDER
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((source / name).read_bytes())
    target = settings.cache / f"{KEPT}-{digest.hexdigest()[:12]}"
    if not target.exists():
        _node, npm = ensure(settings)
        for old in settings.cache.glob(f"{KEPT}-*"):
            discard(old)
        _fetch(settings, npm, source, target)
    return target / "node_modules"


def _check_release(node: Path) -> None:
    told = output_of([node, "--version"])
    major = re.match(r"v(\d+)\.", told)
    if not (major and int(major[1]) >= LEAST_MAJOR):
        raise SetupError(
            f"Tests of the portal need Node {LEAST_MAJOR} or later; {node} is "
            f"{told.strip() or 'of no release'}.",
            "Install a newer one and put it first in PATH.",
        )


def _fetch(settings: Settings, npm: Path, source: Path, target: Path) -> None:
    partial = Path(tempfile.mkdtemp(prefix=f"{KEPT}-", dir=settings.cache))
    for name in FILES:
        shutil.copy(source / name, partial / name)
    options = ["--omit-lockfile-registry-resolved", "--ignore-scripts"]
    with step("npm packages for tests"):
        run_logged(
            [npm, "ci", "--no-audit", "--no-fund", *options],
            settings.cache / "log" / "npm.log",
            "Check the network and run it again.",
            cwd=partial,
        )
    partial.rename(target)
