"""Debian's packages: Odoo's, unpacked without touching the system, and tests' tools.

The repository's address and its keyring are the machine's own: this module reads
apt's configuration and names neither. Odoo's is rootless: apt gets private state
folders. Chromium and Node, which only tests need, are installed.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from .console import SetupError, megabytes, output_of, run_logged, step
from .settings import Settings

ODOO_SUITE = "sid"
COMPANION_SUITE = "trixie"
# Odoo's own package links to these. Newer fonts than COMPANION_SUITE's have other
# file names, which would leave broken links and pages without icons.
COMPANIONS = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
PACKAGES = (
    f"odoo-19/{ODOO_SUITE}",
    *(f"{name}/{COMPANION_SUITE}" for name in COMPANIONS),
)
DEFAULT_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCES = Path("/etc/apt")
ADVICE = (
    "Check the network and run the same command again; it goes on where it stopped. "
    "Or set ODOO_HOME to an Odoo 19 that you have, or SPAR_ODOO_ARCHIVE to its archive."
)


def usable() -> bool:
    """Whether this machine has apt, dpkg-deb and a Debian repository configured."""
    tools = all(shutil.which(tool) for tool in ("apt-get", "dpkg-deb"))
    return tools and repository() is not None


def repository() -> tuple[str, Path] | None:
    """Address and keyring of the machine's Debian repository, or None.

    Asks apt first; its answer is empty until ``apt-get update`` has run once, so the
    source lists are read as well.
    """
    for uri, keyring in (*_indexed(), *_listed()):
        if "security" not in uri and keyring.exists():
            return uri, keyring
    return None


def may_install() -> bool:
    """Whether :func:`install` can do anything: only root may."""
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def install(settings: Settings, name: str, packages: Sequence[str]) -> None:
    """Install packages on the system, for tests.

    :param name: of the tool, for the log
    :raise SetupError: apt cannot install them
    """
    log = settings.cache / "log" / f"{name}.log"
    said = " and ".join(packages)
    advice = f"Install {said} by hand."
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"installing {said} for tests"):
        run_logged(["apt-get", "-q", "update"], log, advice, env=environ)
        command = ["apt-get", "-qy", "install", "--no-install-recommends", *packages]
        run_logged(command, log, advice, env=environ)


def fetch(folder: Path, log: Path) -> list[Path]:
    """Download Odoo and its companions into ``folder``; apt checks every signature.

    A file that is there already and whole is kept, one that is not is fetched again.

    :return: the ``.deb`` files
    :raise SetupError: when the repository cannot be read or lacks a package
    """
    debs = folder / "debs"
    for name in ("lists/partial", "cache/archives/partial", "debs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _write_sources(folder)
    _apt(folder, log, "update")
    _apt(folder, log, "download", *PACKAGES, cwd=debs)
    found = sorted(debs.glob("*.deb"))
    if len(found) != len(PACKAGES):
        shutil.rmtree(debs)
        raise SetupError(
            f"Expected {len(PACKAGES)} packages in {debs}, found {len(found)}.",
            "Run the same command again; the folder was emptied.",
        )
    return found


def unpack(debs: list[Path], target: Path, log: Path) -> None:
    """Unpack packages below ``target`` as dpkg would below ``/``."""
    for deb in debs:
        run_logged(
            ["dpkg-deb", "-x", deb, target],
            log,
            ADVICE,
            progress=lambda: megabytes(target),
        )


def _write_sources(folder: Path) -> None:
    found = repository()
    if found is None:
        raise SetupError("No Debian repository is configured for apt.", ADVICE)
    uri, keyring = found
    lines = [
        f"deb [signed-by={keyring}] {uri} {suite} main\n"
        for suite in (ODOO_SUITE, COMPANION_SUITE)
    ]
    (folder / "sources.list").write_text("".join(lines))
    (folder / "status").write_text("")


def _apt(folder: Path, log: Path, *arguments: str, cwd: Path | None = None) -> None:
    options = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::State": folder,
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
        # Root's apt would drop to a user that cannot write here.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    flags = [f"-o{key}={value}" for key, value in options.items()]
    run_logged(
        ["apt-get", "-q", *flags, *arguments],
        log,
        ADVICE,
        progress=lambda: megabytes(folder),
        env={**os.environ, "LC_ALL": "C"},
        cwd=cwd,
    )


def _indexed() -> Iterator[tuple[str, Path]]:
    text = output_of(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(SIGNED_BY)"]
        + ["Created-By: Packages"]
    )
    for line in text.splitlines():
        uri, origin, signed_by = (line.split(" ", 2) + ["", ""])[:3]
        if origin == "Debian":
            yield uri, _keyring(signed_by)


def _listed() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCES.glob("sources.list*/*.sources")):
        for stanza in path.read_text().split("\n\n"):
            yield from _stanza(stanza)
    for path in (
        SOURCES / "sources.list",
        *sorted(SOURCES.glob("sources.list.d/*.list")),
    ):
        if path.exists():
            for line in path.read_text().splitlines():
                yield from _one_line(line)


def _stanza(stanza: str) -> Iterator[tuple[str, Path]]:
    fields = dict(re.findall(r"^([\w-]+):\s*(.+)$", stanza, re.MULTILINE))
    if "main" in fields.get("Components", "").split():
        for uri in fields.get("URIs", "").split():
            yield uri, _keyring(fields.get("Signed-By", ""))


def _one_line(line: str) -> Iterator[tuple[str, Path]]:
    found = re.match(r"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+\S+\s+(.*)", line.strip())
    if found and "main" in found[3].split():
        signed_by = re.search(r"signed-by=(\S+)", found[1] or "")
        yield found[2], _keyring(signed_by[1] if signed_by else "")


def _keyring(signed_by: str) -> Path:
    """The keyring a source names, else the one Debian's own package installs."""
    if signed_by.startswith("/"):
        return Path(signed_by.split(",")[0].strip())
    return DEFAULT_KEYRING
