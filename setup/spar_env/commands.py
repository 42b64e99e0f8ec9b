"""The commands of the command line and what stands behind each."""

from . import bench, lint, superset, system, testing
from .console import say
from .settings import Settings


def run(command: str) -> int:
    """Run a command by its name with the settings of the environment.

    :return: exit code
    """
    return COMMANDS[command](Settings.from_environment()) or 0


def install(settings: Settings, *, tests: bool = False) -> None:
    """Install what is missing and start PostgreSQL; make no database."""
    cluster = system.prepare(settings, tests=tests)
    say(f"Ready: {settings.odoo_bin}, PostgreSQL at {cluster.socket}")


def install_tests(settings: Settings) -> None:
    """The same with what tests and lint need."""
    install(settings, tests=True)


COMMANDS = {
    "install": install,
    "install-tests": install_tests,
    "demo": system.run_demo,
    "up": system.up,
    "down": system.down,
    "clean": system.clean,
    "test": testing.test,
    "superset": superset.write,
    "test-superset": testing.test_superset,
    "lint": lint.lint,
    "bench": bench.bench,
}
