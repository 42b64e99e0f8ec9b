"""The dashboard for Apache Superset: the file it imports, and a Superset to try it in.

What is imported lies as text in ``g2p_spar_report/superset``. Superset itself is no
part of the product: it is fetched only for ``make test-superset``, into a virtual
environment of its own, since it wants other libraries than Odoo.
"""

import hashlib
import json
import os
import re
import zipfile
from pathlib import Path

from . import python
from .console import discard, run_logged, say, step
from .settings import Settings

SOURCES = "g2p_spar_report/superset"
REQUIREMENTS = "tests/superset/requirements.txt"
ARCHIVE = "spar-superset.zip"
#: The folder that Superset expects around everything in the archive.
ROOT = "spar_superset"
ADDRESS = re.compile(r"^sqlalchemy_uri: .*$", re.MULTILINE)
#: When each file was written, says the archive: the same sources give the same file.
WRITTEN = (2026, 1, 1, 0, 0, 0)


def pack(source: Path, target: Path, address: str = "") -> None:
    """Write the file that Superset imports; only its owner may read it.

    :param source: the folder of texts
    :param target: the ZIP file; one that is there is replaced
    :param address: where Superset finds the registry's views, as SQLAlchemy writes
        it; "" leaves the example, whose password Superset asks for
    """
    partial = target.with_suffix(".part")
    partial.touch(mode=0o600)
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(source.rglob("*.yaml")):
            name = f"{ROOT}/{path.relative_to(source).as_posix()}"
            archive.writestr(zipfile.ZipInfo(name, WRITTEN), _text(path, address))
    partial.replace(target)


def _text(path: Path, address: str) -> str:
    text = path.read_text(encoding="utf-8")
    if not address:
        return text
    return ADDRESS.sub(lambda _line: f"sqlalchemy_uri: {json.dumps(address)}", text)


def write(settings: Settings) -> None:
    """``make superset``: write the file, and say what to do with it."""
    settings.run.mkdir(parents=True, exist_ok=True)
    target = settings.run / ARCHIVE
    pack(settings.root / SOURCES, target, os.environ.get("SPAR_SUPERSET_URI", ""))
    say(f"Written: {target}")
    say("In Superset: Dashboards, Import dashboards, choose this file.")


def ensure(settings: Settings) -> Path:
    """The folder of a Superset with just what the list names; fetched when missing.

    :raise SetupError: when pip cannot get it
    """
    wanted = settings.root / REQUIREMENTS
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    target = settings.cache / f"superset-{digest}"
    done = target / "done"
    if not done.exists():
        for old in settings.cache.glob("superset-*"):
            discard(old)
        log = settings.cache / "log" / "superset.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        advice = "Check the network and run it again."
        with step("Apache Superset for its test (some minutes)"):
            run_logged([python.choose(), "-m", "venv", target], log, advice)
            pip = [target / "bin" / "pip", "install", "--no-input", "-q"]
            run_logged([*pip, "-r", wanted], log, advice)
        done.touch()
    return target
