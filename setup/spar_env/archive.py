"""Odoo 19 from an archive of its source, for a machine without Debian's packages.

The address is ``SPAR_ODOO_ARCHIVE`` (http, https, or file for a copy at hand). A
download that was cut off goes on where it stopped; an archive is read to its last
byte, which checks gzip's own checksum, before a file of it is used.
"""

import gzip
import hashlib
import os
import shutil
import tarfile
import urllib.error
import urllib.request
import zlib
from http import HTTPStatus
from pathlib import Path

from .console import SetupError, say
from .settings import Settings

UPSTREAM = "https://nightly.odoo.com/19.0/nightly/src/odoo_19.0.latest.tar.gz"
CHUNK = 1 << 20
SAY_EVERY = 20 * CHUNK
TIMEOUT_SECONDS = 60


def install(settings: Settings, partial: Path) -> str:
    """Fetch the archive and unpack it below ``partial``.

    :return: the folder, relative to ``partial``, that holds ``odoo/``
    :raise SetupError: when it cannot be fetched, read, or holds no Odoo
    """
    address = settings.odoo_archive or UPSTREAM
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    local = settings.cache / "downloads" / f"odoo-{name}.tar.gz"
    if not local.exists():
        download(address, local)
    say(f"    unpacking {local.stat().st_size / 1e6:.0f} MB")
    _unpack(local, partial)
    releases = sorted(partial.glob("*/odoo/release.py"))
    if not releases:
        local.unlink()
        raise SetupError(
            f"The archive at {address} holds no Odoo.",
            "Set SPAR_ODOO_ARCHIVE to the source archive of Odoo 19, or ODOO_HOME.",
        )
    return str(releases[0].parent.parent.relative_to(partial))


def download(address: str, target: Path) -> None:
    """Fetch ``address`` into ``target``, which appears only when it is whole.

    :raise SetupError: when the server cannot be reached or the transfer was cut off
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    say(f"    downloading {address}")
    try:
        _transfer(address, part)
    except (urllib.error.URLError, OSError) as error:
        raise SetupError(
            f"{address} could not be fetched: {error}.",
            "Check the network and run it again: it goes on where it stopped. "
            "Or set ODOO_HOME to an Odoo 19 that you have.",
        ) from error
    os.replace(part, target)


def _transfer(address: str, part: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address)  # noqa: S310 - the user's own address
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)  # noqa: S310
    except urllib.error.HTTPError as error:
        if error.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        # The part is as long as the whole, or longer: only a new start can tell.
        part.unlink()
        _transfer(address, part)
        return
    with answer:
        resumed = answer.status == HTTPStatus.PARTIAL_CONTENT
        have = have if resumed else 0
        length = answer.headers.get("Content-Length")
        with part.open("ab" if resumed else "wb") as sink:
            _copy(answer, sink, have)
    if length and part.stat().st_size != have + int(length):
        raise OSError("the connection was cut off before the end")


def _copy(answer, sink, have: int) -> None:
    shown = have
    while chunk := answer.read(CHUNK):
        sink.write(chunk)
        have += len(chunk)
        if have - shown >= SAY_EVERY:
            shown = have
            say(f"    ... {have / 1e6:.0f} MB")


def _read_to_the_end(local: Path) -> None:
    """Let gzip compare its checksum, which comes last; tarfile stops before it."""
    with gzip.open(local) as whole:
        while whole.read(CHUNK):
            pass


def _inside(tar: tarfile.TarFile):
    """The files and folders of ``tar`` that stay below the target; no links.

    Python's own filter for this is missing in early releases of 3.10 and 3.11.
    """
    for member in tar:
        parts = Path(member.name).parts
        plain = member.isfile() or member.isdir()
        if plain and ".." not in parts and not member.name.startswith("/"):
            yield member


def _unpack(local: Path, partial: Path) -> None:
    try:
        _read_to_the_end(local)
        with tarfile.open(local, "r:gz") as tar:
            tar.extractall(partial, members=_inside(tar))  # noqa: S202 - filtered
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        local.unlink()
        shutil.rmtree(partial)
        raise SetupError(
            f"The archive {local.name} is damaged ({error}) and was removed.",
            "Run the same command again to fetch it anew.",
        ) from error
