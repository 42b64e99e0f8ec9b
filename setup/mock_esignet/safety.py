"""Where the mock may run: on loopback, and not beside a production system."""

import ipaddress
from collections.abc import Mapping

#: Variables by which hosting platforms and Odoo addons name the kind of a system.
STAGES = ("SPAR_PRODUCTION", "RUNNING_ENV", "ODOO_STAGE", "ENVIRONMENT")
HARMLESS = {"", "0", "no", "false", "dev", "development", "test", "testing", "ci"}
#: Names under which a browser of this machine may ask for it.
HOSTS = ("127.0.0.1", "localhost", "[::1]")


class Unsafe(Exception):
    """The mock must not run here; the text says why, for a person."""


def require_safe(host: str, environ: Mapping[str, str]) -> None:
    """Check that nobody but this machine can reach the mock.

    :param host: address to listen on
    :param environ: the process's environment
    :raise Unsafe: for an address of the network, or a production system
    """
    if not _is_loopback(host):
        raise Unsafe(f"It listens on 127.0.0.1 or ::1 only, not on {host!r}.")
    for name in STAGES:
        if environ.get(name, "").strip().lower() not in HARMLESS:
            raise Unsafe(f"{name} is set: this may be a production system.")


def is_own_name(host: str) -> bool:
    """Whether a ``Host`` header names this machine; a rebound name does not."""
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name.lower() in HOSTS


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
