"""Programs that others have published, installed as they are and run apart."""

import hashlib
import json
import subprocess
import venv
from pathlib import Path

CLIENTS = Path(__file__).parent
STAMP = "complete"


def environment_of(cache: Path, name: str) -> Path:
    """Python of an environment with what ``<name>.txt`` lists.

    Built once and kept in the cache; anew when the list changes.
    """
    requirements = CLIENTS / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    folder = cache / name
    python = folder / "bin" / "python"
    if (folder / STAMP).exists() and (folder / STAMP).read_text() == digest:
        return python
    venv.create(folder, clear=True, with_pip=True)
    install = [python, "-m", "pip", "install", "--no-input", "-q", "-r", requirements]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    (folder / STAMP).write_text(digest)
    return python


def library_of(python: Path, cache: Path, name: str) -> Path:
    """Folder with what ``<name>.txt`` lists alone, beside the environment's own."""
    folder = cache / name
    if not (folder / STAMP).exists():
        listed = CLIENTS / f"{name}.txt"
        command = [python, "-m", "pip", "install", "--no-input", "-q", "--no-deps"]
        command += ["--upgrade", "--target", folder, "-r", listed]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        (folder / STAMP).touch()
    return folder


def run_client(python: Path, script: str, *arguments: str, stdin):
    """Run a script of this folder in its environment and return what it printed.

    ``-I``: nothing of this project is on its path.
    """
    done = subprocess.run(
        [python, "-I", CLIENTS / script, *arguments],
        input=json.dumps(stdin),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)
