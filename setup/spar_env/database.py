"""Creating a database, installing the addons in it, and keeping both in step.

What a database holds is written in its comment, by the database itself and so always
true: the state of the installation and a digest of each addon's files. An
installation that was cut off is recognised by it and made anew; a database with no
such comment is somebody's own and never dropped.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from . import server
from .console import SetupError, run_logged, say, step
from .postgres import SUPERUSER, Cluster
from .settings import Settings

MARK = "spar-environment "
LEFT_OUT = {"tests", "readme", "__pycache__"}
LEFT_OUT_FILES = {"README.md", "README.rst", "pyproject.toml"}


def current(settings: Settings, cluster: Cluster) -> bool:
    """Whether the database holds the checkout's addons as they now are."""
    mark = read_mark(settings, cluster)
    return mark == {"state": "ready", "addons": wanted_addons(settings)}


def wanted_addons(settings: Settings) -> dict[str, str]:
    """The checkout's addons with their digests.

    :raise SetupError: when there are none
    """
    wanted = {name: digest_of(settings.root / name) for name in settings.addons()}
    if not wanted:
        raise SetupError(
            f"There is no addon in {settings.root}.", "Run it from a whole checkout."
        )
    return wanted


def ensure(settings: Settings, cluster: Cluster, *, demo: bool) -> bool:
    """Make ``settings.db`` exist with the checkout's addons, each in its present form.

    :param demo: install demonstration data when the database is made anew
    :return: whether it was made anew
    :raise SetupError: when an installation fails
    """
    wanted = wanted_addons(settings)
    present = read_mark(settings, cluster)
    if present is None or present.get("state") == "installing":
        create(settings, cluster)
        _change(settings, cluster, ["-i", ",".join(wanted)], wanted, demo=demo)
        return True
    held = present.get("addons", {})
    new = [name for name in wanted if name not in held]
    changed = [name for name in wanted if name in held and held[name] != wanted[name]]
    options = ["-i", ",".join(new)] if new else []
    options += ["-u", ",".join(changed)] if changed else []
    if options:
        _change(settings, cluster, options, wanted, demo=False)
    return False


def drop(settings: Settings, cluster: Cluster) -> None:
    """Remove the database and the files that Odoo kept for it."""
    # An installation whose caller was killed may still be connected.
    cluster.sql('DROP DATABASE IF EXISTS :"db" WITH (FORCE)', db=settings.db)
    shutil.rmtree(settings.run / "data" / "filestore" / settings.db, ignore_errors=True)


def read_mark(settings: Settings, cluster: Cluster) -> dict | None:
    """What the comment of the database says: ``state`` and ``addons``.

    :return: None without such a database, {} when it carries no mark of ours
    """
    text = cluster.sql(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '-') "
        "FROM pg_database WHERE datname = :'db'",
        db=settings.db,
    )
    if not text:
        return None
    return json.loads(text.removeprefix(MARK)) if text.startswith(MARK) else {}


def digest_of(addon: Path) -> str:
    """Digest over names and contents of the files that an installation reads."""
    digest = hashlib.sha256()
    for path in sorted(_files(addon)):
        digest.update(str(path.relative_to(addon)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def odoo_command(settings: Settings, *arguments: str) -> list[str]:
    """Command line of a run of Odoo that does not serve."""
    command = [settings.odoo_bin, "-c", settings.conf, "-d", settings.db, *arguments]
    return [*map(str, command), "--stop-after-init", "--no-http", "--workers=0"]


def _files(addon: Path) -> Iterable[Path]:
    for path in addon.rglob("*"):
        parts = path.relative_to(addon).parts
        left_out = LEFT_OUT.intersection(parts) or path.name in LEFT_OUT_FILES
        if path.is_file() and not left_out:
            yield path


def create(settings: Settings, cluster: Cluster) -> None:
    """An empty database sorted by code point, whatever the machine's language is."""
    name = settings.db
    drop(settings, cluster)
    cluster.sql(
        "CREATE DATABASE :\"db\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'",
        db=name,
    )
    _mark(settings, cluster, {"state": "installing"})
    trigram = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
    if cluster.sql(trigram):
        extension = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
        cluster.sql(extension, database=name, user=SUPERUSER)
    else:
        say("    this PostgreSQL has no pg_trgm: text search works, only slower")


def _change(
    settings: Settings,
    cluster: Cluster,
    options: list[str],
    addons: dict[str, str],
    *,
    demo: bool,
) -> None:
    flags = [*options, *(["--with-demo"] if demo else [])]
    with step(f"database {settings.db}: {' '.join(flags)}"):
        log = settings.run / "odoo-install.log"
        run_logged(
            odoo_command(settings, *flags),
            log,
            "The lines above name the cause; mend it and run the same command again.",
            env=server.environment(settings),
            cwd=settings.run,
        )
        _refuse_errors(log)
    _mark(settings, cluster, {"state": "ready", "addons": addons})


def _refuse_errors(log: Path) -> None:
    """Odoo may log an error and still end with code 0."""
    bad = [
        ln
        for ln in log.read_text().splitlines()
        if " ERROR " in ln or " CRITICAL " in ln
    ]
    if bad:
        say("\n".join(bad[:10]))
        raise SetupError(
            f"The installation reported {len(bad)} errors; all of it is in {log}.",
            "Mend what they name and run the same command again.",
        )


def _mark(settings: Settings, cluster: Cluster, content: dict) -> None:
    cluster.sql(
        "COMMENT ON DATABASE :\"db\" IS :'text'",
        db=settings.db,
        text=MARK + json.dumps(content),
    )
