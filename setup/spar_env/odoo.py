"""Getting Odoo 19: the user's own, Debian's package, or the source archive."""

import os
import re
import shutil
import tempfile
from pathlib import Path

from . import apt, archive
from .console import SetupError, discard, say, step
from .settings import Settings

SERIES = "19"
STAMP = ".complete"
PARTIAL = "odoo.partial-"
# Debian leaves this script out for its licence and no link shows the gap; without
# any file every back office page reports an error.
STUBS = {
    "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js": (
        "/* Background blur in video calls is not part of this distribution. */\n"
    ),
}
LANGUAGES = {"en", "fr", "ar", "hi", "tl", "fil"}


def ensure(settings: Settings) -> Path:
    """Make an Odoo 19 available and return the folder that Python must see.

    :raise SetupError: when ``ODOO_HOME`` is no Odoo 19 or nothing could be fetched
    """
    if settings.odoo_home:
        return _own(settings.odoo_home)
    target = settings.cache / "odoo"
    if not (target / STAMP).exists():
        discard(target)
        settings.cache.mkdir(parents=True, exist_ok=True)
        with step(f"Odoo {SERIES} into {target}"):
            _install(settings, target)
    return target / (target / STAMP).read_text().strip()


def addons_folders(home: Path) -> list[Path]:
    """Addon folders of an Odoo beyond ``odoo/addons``: a source checkout has one."""
    beside = home / "addons"
    return [beside] if (beside / "web" / "__manifest__.py").exists() else []


def version_of(home: Path) -> str:
    """``version_info`` of the Odoo below ``home``, for example "19.0"; "" if none."""
    release = home / "odoo" / "release.py"
    if not release.exists():
        return ""
    found = re.search(
        r"^version_info\s*=\s*\(\s*'?([\w~]+)'?\s*,\s*(\d+)",
        release.read_text(),
        re.MULTILINE,
    )
    return f"{found[1]}.{found[2]}" if found else ""


def _own(home: Path) -> Path:
    version = version_of(home)
    if version.split(".")[0] != SERIES:
        found = f"Odoo {version}" if version else "no Odoo (odoo/release.py is missing)"
        raise SetupError(
            f"ODOO_HOME is {home}, where there is {found}.",
            f"Set ODOO_HOME to the folder of an Odoo {SERIES}, or leave it unset.",
        )
    return home


def _install(settings: Settings, target: Path) -> None:
    """Build beside ``target`` and rename last: a kill leaves nothing half-done.

    The folder is new each time: a program of a run that was killed may still be
    writing into its own.
    """
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=settings.cache))
    partial.chmod(0o755)
    if settings.odoo_archive or not apt.usable():
        home = archive.install(settings, partial)
    else:
        home = _install_package(settings, partial)
    version = version_of(partial / home)
    if version.split(".")[0] != SERIES:
        raise SetupError(
            f"What was fetched is Odoo {version or 'of no known version'}.",
            f"Set ODOO_HOME to the folder of an Odoo {SERIES} and run it again.",
        )
    (partial / STAMP).write_text(f"{home}\n")
    os.rename(partial, target)
    for leftover in (settings.cache / "downloads", *settings.cache.glob(f"{PARTIAL}*")):
        shutil.rmtree(leftover, ignore_errors=True)


def _install_package(settings: Settings, partial: Path) -> str:
    downloads, logs = settings.cache / "downloads", settings.cache / "log"
    say("    downloading from the machine's Debian repository")
    debs = apt.fetch(downloads / "apt", logs / "apt.log")
    say(f"    unpacking {len(debs)} packages")
    apt.unpack(debs, partial, logs / "unpack.log")
    home = "usr/lib/python3/dist-packages"
    for name in ("addons", "doc", "setup"):
        # Beside odoo/ in the package; they would shadow modules of these names.
        shutil.rmtree(partial / home / name, ignore_errors=True)
    for name, text in STUBS.items():
        path = partial / home / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    drop_languages(partial / home)
    _check_links(partial)
    return home


def drop_languages(home: Path) -> None:
    """Remove translations nobody here reads: two thirds of the package's size."""
    for path in home.glob("odoo/**/i18n*/*.po"):
        if path.stem.split("_")[0].split("@")[0] not in LANGUAGES:
            path.unlink()


def _check_links(partial: Path) -> None:
    broken = [p for p in partial.rglob("*") if p.is_symlink() and not p.exists()]
    if broken:
        raise SetupError(
            f"{len(broken)} files of Odoo's package are missing, first {broken[0]}.",
            "Run the same command again, or set ODOO_HOME to an Odoo 19 you have.",
        )
