"""The project's virtual environment: which Python, what is in it, Odoo's launcher."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from .console import SetupError, discard, megabytes, output_of, run_logged, step
from .settings import Settings

MINORS = (12, 11, 13, 10)
STAMP = "spar.complete"
ODOO_ADDONS = "requirements-oca.txt"
MOCK = "setup/requirements-mock.txt"
REQUIREMENTS = ("requirements.txt", "setup/requirements-odoo.txt", ODOO_ADDONS, MOCK)
TEST_REQUIREMENTS = ("test-requirements.txt", *REQUIREMENTS)
LAUNCHER = """\
#!{python}
# Not `python -m odoo`: with workers, Odoo starts its websocket process from this path.
from odoo.cli import main

main()
"""
PROBE = "import sys, ensurepip, venv; print(*sys.version_info[:2])"


def ensure(settings: Settings, home: Path, *, tests: bool = False) -> Path:
    """Make the virtual environment ready and let it see the Odoo in ``home``.

    :param tests: also install what tests and lint need
    :return: its Python
    :raise SetupError: when no fitting Python exists or an installation fails
    """
    venv = settings.venv
    python = venv / "bin" / "python"
    wanted = {_digest(settings.root, REQUIREMENTS)}
    if tests:
        wanted.add(_digest(settings.root, TEST_REQUIREMENTS))
    present = _stamped(venv)
    if not (wanted <= present and output_of([python, "-c", "print(1)"])):
        _build(settings, tests=tests, keep=present)
    _connect(venv, home)
    return python


def candidates() -> Iterable[Path]:
    """Installed Pythons by preference: the one that runs this, then newer first."""
    yield Path(sys.executable)
    for name in (*(f"python3.{minor}" for minor in MINORS), "python3"):
        for folder in (None, "/usr/bin", "/usr/local/bin"):
            found = shutil.which(name, path=folder)
            if found:
                yield Path(found)


def environment(settings: Settings) -> dict[str, str]:
    """Environment for Python programs of ours: byte code is kept, in the cache.

    Without it every start of Odoo compiles some thousand files anew.
    """
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(settings.cache / "pycache")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ


def choose() -> Path:
    """The first Python of a supported version that can make virtual environments.

    :raise SetupError: when there is none
    """
    for python in candidates():
        version = output_of([python, "-c", PROBE]).split()
        if version and version[0] == "3" and int(version[1]) in MINORS:
            return python
    raise SetupError(
        "No Python 3.10 to 3.13 with the venv module was found.",
        "Install one, for example with: apt-get install python3 python3-venv",
    )


def _build(settings: Settings, *, tests: bool, keep: set[str]) -> None:
    venv = settings.venv
    log = settings.cache / "log" / "pip.log"
    (venv / STAMP).unlink(missing_ok=True)
    advice = (
        "Check the network and run it again. If a package had to be compiled, "
        "install a compiler and the Python headers, or another Python 3.10 to 3.13."
    )
    if not keep:
        discard(venv)
        with step(f"virtual environment {venv}"):
            run_logged([choose(), "-m", "venv", venv], log, advice)
    names = TEST_REQUIREMENTS if tests else REQUIREMENTS
    for options in (["-r", names[0], "-r", MOCK], ["--no-deps", "-r", ODOO_ADDONS]):
        files = " and ".join(one for one in options if one.endswith(".txt"))
        with step(f"Python packages of {files}"):
            run_logged(
                [venv / "bin" / "pip", "install", "--no-input", *options],
                log,
                advice,
                progress=lambda: megabytes(venv),
                cwd=settings.root,
            )
    done = {_digest(settings.root, REQUIREMENTS)}
    if tests:
        done.add(_digest(settings.root, TEST_REQUIREMENTS))
    (venv / STAMP).write_text("\n".join(sorted(done)))


def _connect(venv: Path, home: Path) -> None:
    (packages,) = venv.glob("lib/python3.*/site-packages")
    _write(packages / "spar_odoo.pth", f"{home}\n", 0o644)
    text = LAUNCHER.format(python=venv / "bin" / "python")
    _write(venv / "bin" / "odoo", text, 0o755)


def _write(path: Path, text: str, mode: int) -> None:
    """Write in one move and only when it changes: others may be starting from it."""
    if path.exists() and path.read_text() == text:
        return
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text)
    fresh.chmod(mode)
    os.replace(fresh, path)


def _digest(root: Path, names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def _stamped(venv: Path) -> set[str]:
    stamp = venv / STAMP
    return set(stamp.read_text().split()) if stamp.exists() else set()
