"""Command line: ``python3 -m spar_env install|demo|up|down|clean``."""

import argparse
import sys

from . import commands
from .console import SetupError

OLDEST_PYTHON = (3, 10)
DISK_ADVICE = (
    "Make sure that the disk has room (2 GB) and that the checkout with .cache and "
    ".run belongs to you, then run it again."
)


def main() -> int:
    """Run one command.

    :return: the exit code: 0 done, 1 an expected failure (explained), 130 Ctrl-C
    """
    parser = argparse.ArgumentParser(prog="spar_env", description=__doc__)
    parser.add_argument("command", choices=sorted(commands.COMMANDS))
    chosen = parser.parse_args().command
    try:
        return commands.run(chosen)
    except SetupError as error:
        sys.stdout.flush()
        sys.stderr.write(f"\nStopped: {error.problem}\nWhat to do: {error.advice}\n")
        return 1
    except OSError as error:
        sys.stdout.flush()
        sys.stderr.write(f"\nStopped: {error}\nWhat to do: {DISK_ADVICE}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped by you. Run it again to go on.\n")
        return 130


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("Python 3.10 or newer is needed: run `make PYTHON=python3.11 ...`.")
    sys.exit(main())
