"""What the user sees: progress of long steps, and failures that say what to do next."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

HEARTBEAT_SECONDS = 5
PR_SET_PDEATHSIG = 1
TAIL_LINES = 25


class SetupError(Exception):
    """An expected failure: printed as two sentences, never as a traceback.

    :param str problem: what went wrong, one sentence
    :param str advice: what to do next, one sentence
    """

    def __init__(self, problem: str, advice: str):
        super().__init__(problem)
        self.problem = problem
        self.advice = advice


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step and, when it went well, how many seconds it took."""
    say(f"==> {title}")
    started = time.monotonic()
    yield
    say(f"    done in {time.monotonic() - started:.1f} s")


def size_of(folder: Path) -> int:
    """Bytes in the regular files below ``folder``; files that vanish count nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            info = path.lstat()
        except FileNotFoundError:
            continue
        total += info.st_size
    return total


def megabytes(folder: Path) -> str:
    """Size of ``folder`` for a progress line, for example ``"182 MB"``."""
    return f"{size_of(folder) / 1e6:.0f} MB" if folder.exists() else "0 MB"


def discard(folder: Path) -> None:
    """Remove a folder; its name is free at once, even while somebody writes in it."""
    if folder.exists():
        trash = tempfile.mkdtemp(prefix="removed-", dir=folder.parent)
        os.rename(folder, Path(trash) / folder.name)
        shutil.rmtree(trash, ignore_errors=True)


def tail(path: Path, lines: int = TAIL_LINES) -> str:
    """The last ``lines`` lines of a text file; empty when there is none."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def run_logged(
    command: Sequence[str | Path],
    log: Path,
    advice: str,
    *,
    progress: Callable[[], str] | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
    cwd: Path | None = None,
) -> None:
    """Run a long command with its output in a file and a sign of life on screen.

    :param command: program and arguments
    :param log: file for standard output and error; written anew
    :param advice: what the user should do when the command fails
    :param progress: called every few seconds, its text is shown
    :param stdin: text for standard input
    :raise SetupError: when the command ends with another code than 0
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as sink:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            text=True,
            env=env,
            cwd=cwd,
            preexec_fn=_end_with_parent,
        )
        with ending(process):
            if stdin is not None:
                process.stdin.write(stdin)
                process.stdin.close()
            code = _wait(process, progress)
    if code:
        say(tail(log))
        name = Path(str(command[0])).name
        raise SetupError(f"{name} ended with code {code}; its output is {log}.", advice)


@contextmanager
def ending(process: subprocess.Popen) -> Iterator[None]:
    """End ``process`` when the block is left early, for example by Ctrl-C."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _end_with_parent() -> None:
    """Let Linux end this child when its parent dies, even by ``kill -9``.

    Else the next run would build the same folder beside a forgotten one.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _wait(process: subprocess.Popen, progress: Callable[[], str] | None) -> int:
    started = time.monotonic()
    while True:
        try:
            return process.wait(HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            detail = f", {progress()}" if progress else ""
            say(f"    ... {time.monotonic() - started:.0f} s{detail}")


def output_of(command: Sequence[str | Path], **options) -> str:
    """Standard output of a short command; "" when it fails or does not exist."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""
