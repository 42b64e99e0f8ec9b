"""The running system as a whole: prepare, bring up, take down, remove."""

import fcntl
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from . import database, demo, odoo, portal, python, server
from .console import say, step
from .esignet import Esignet
from .postgres import Cluster
from .server import Server
from .settings import Settings


def prepare(settings: Settings, *, tests: bool = False) -> Cluster:
    """Odoo, Python packages, configuration and a running cluster; no database yet.

    Two at once would build the same folders: the second waits for the first.

    :param tests: also install what tests and lint need
    :raise SetupError: when one of them cannot be had
    """
    with _lock(settings.cache):
        home = odoo.ensure(settings)
        python.ensure(settings, home, tests=tests)
        cluster = Cluster(settings)
        settings.run.mkdir(parents=True, exist_ok=True)
        cluster.start()
        server.write_files(settings, home, cluster)
    return cluster


def up(settings: Settings) -> None:
    """Bring the demonstration up in the background; return when it is healthy."""
    client = _bring_up(settings)
    demo.print_welcome(settings, client)
    say("It runs in the background; `make down` stops it.")


def run_demo(settings: Settings) -> None:
    """Bring the demonstration up and stay with it until Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        client = _bring_up(settings)
        demo.print_welcome(settings, client)
        say("Ctrl-C stops it.")
        with suppress(KeyboardInterrupt):
            Server(settings).wait()
    finally:
        down(settings)


def down(settings: Settings) -> None:
    """Stop what was started for this checkout, and nothing else."""
    stopped = {
        "Odoo": Server(settings).stop(),
        "the mock eSignet": Esignet(settings).stop(),
        "PostgreSQL": Cluster(settings).stop(),
    }
    names = [name for name, was_running in stopped.items() if was_running]
    say(f"Stopped: {', '.join(names) or 'nothing was running'}")


def clean(settings: Settings) -> None:
    """Stop everything below ``.run`` and remove ``.run`` and ``.cache``."""
    for one in (settings, *scratch_settings(settings)):
        down(one)
        socket = Cluster(one).socket
        if socket.parent != one.run:
            shutil.rmtree(socket, ignore_errors=True)
    for folder in (settings.run, settings.cache):
        say(f"Removing {folder}")
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)


def scratch_settings(settings: Settings) -> list[Settings]:
    """Settings of the systems that tests started below ``.run``."""
    inner = sorted(settings.run.glob("*/odoo.conf"))
    return [replace(settings, run=path.parent) for path in inner]


def _bring_up(settings: Settings) -> dict[str, str]:
    cluster = prepare(settings)
    running = Server(settings)
    fresh = False
    if not database.current(settings, cluster):
        running.stop()
        fresh = database.ensure(settings, cluster, demo=True)
    if fresh:
        demo.forget_client(settings)
        portal.forget(settings)
    client = demo.ensure_client(settings)
    portal.ensure(settings)
    esignet = Esignet(settings)
    if not esignet.current():
        esignet.stop()
        with step("mock eSignet"):
            esignet.start()
    if not running.current():
        running.stop()
        with step(f"Odoo with {settings.workers} workers"):
            running.start()
    return client


@contextmanager
def _lock(cache: Path) -> Iterator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run is installing; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
