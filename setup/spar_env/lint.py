"""``make lint``: form and architecture of the whole checkout, in under a minute."""

import subprocess

from . import odoo, python
from .console import say, step
from .settings import Settings


def lint(settings: Settings) -> int:
    """Run every check, also after one has failed, and say which failed.

    :return: 0 when all are content
    """
    home = odoo.ensure(settings)
    python.ensure(settings, home, tests=True)
    failed = []
    for title, command in commands(settings):
        with step(title):
            code = subprocess.run(
                list(map(str, command)),
                cwd=settings.root,
                env=python.environment(settings),
                check=False,
            ).returncode
        if code:
            failed.append(title)
    say(f"lint: {'failed: ' + ', '.join(failed) if failed else 'all checks passed'}")
    return 1 if failed else 0


def commands(settings: Settings) -> list[tuple[str, list]]:
    """The checks by title, each with its command line."""
    programs = settings.venv / "bin"
    examples = (settings.root / "tests" / "addons").glob("*/__manifest__.py")
    addons = [*settings.addons(), *(f"tests/addons/{p.parent.name}" for p in examples)]
    ruff = [programs / "ruff"]
    cache = f"--cache-dir={settings.cache / 'ruff'}"
    rooms = [programs / "python", "-m", "pytest", "-q", "tests/architecture"]
    return [
        ("ruff check", [*ruff, "check", cache, "."]),
        ("ruff format", [*ruff, "format", "--check", cache, "."]),
        ("architecture", [*rooms, "-o", f"cache_dir={settings.cache / 'pytest'}"]),
        ("pylint-odoo", [programs / "pylint", "--rcfile=.pylintrc", *addons]),
        ("OCA checks", [programs / "oca-checks-odoo-module", *addons]),
    ]
