"""Where everything lies, and what the user may set in the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .console import SetupError

ROOT = Path(__file__).resolve().parents[2]
ADDONS = (
    "g2p_spar_fa_reference",
    "g2p_spar_mapper",
    "g2p_spar_intake",
    "g2p_spar_connect_api",
    "g2p_spar_portal",
    "g2p_spar_consent",
    "g2p_spar_agent",
    "g2p_spar_report",
    "g2p_spar_watch",
    "g2p_spar_report_api",
    "g2p_spar_report_portal",
    "g2p_spar_retention",
)
# The port after Odoo's is the demonstration partner's, then come eSignet and mail.
HIGHEST_PORT = 65532


@dataclass(frozen=True)
class Settings:
    """One resolved set of settings; every path below is absolute.

    :param Path root: the checkout
    :param Path cache: what is downloaded or installed, the same for all databases
    :param Path run: what one running system writes: cluster, data, logs, secrets
    :param int port: HTTP port of Odoo, on 127.0.0.1
    :param int esignet_port: of the mock eSignet, which also takes text messages
    :param int mail_port: where the mock takes mails
    :param str db: database name
    :param int workers: Odoo worker processes
    :param Path|None odoo_home: an Odoo 19 of the user's own
    :param str odoo_archive: address of an Odoo 19 source archive, "" for the default
    """

    root: Path
    cache: Path
    run: Path
    port: int = 8069
    esignet_port: int = 8071
    mail_port: int = 8072
    db: str = "spar"
    workers: int = 2
    odoo_home: Path | None = None
    odoo_archive: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read ``SPAR_PORT``, ``SPAR_ESIGNET_PORT``, ``SPAR_MAIL_PORT``, ``SPAR_DB``,
        ``SPAR_WORKERS``, ``SPAR_RUN``, ``SPAR_CACHE``, ``SPAR_ODOO_ARCHIVE`` and
        ``ODOO_HOME``.

        :raise SetupError: for a port or a number of workers that is not one
        """
        home = environ.get("ODOO_HOME", "")
        port = _number(environ, "SPAR_PORT", 8069, 1, HIGHEST_PORT)
        return cls(
            root=ROOT,
            cache=_folder(environ, "SPAR_CACHE", ".cache"),
            run=_folder(environ, "SPAR_RUN", ".run"),
            port=port,
            esignet_port=_number(environ, "SPAR_ESIGNET_PORT", port + 2, 1, 65535),
            mail_port=_number(environ, "SPAR_MAIL_PORT", port + 3, 1, 65535),
            db=_database_name(environ.get("SPAR_DB", "") or "spar"),
            workers=_number(environ, "SPAR_WORKERS", 2, 0, 64),
            odoo_home=Path(home).expanduser().absolute() if home else None,
            odoo_archive=environ.get("SPAR_ODOO_ARCHIVE", ""),
        )

    @property
    def venv(self) -> Path:
        """The project's virtual environment."""
        return self.cache / "venv"

    @property
    def odoo_bin(self) -> Path:
        """Odoo's launcher inside the virtual environment."""
        return self.venv / "bin" / "odoo"

    @property
    def conf(self) -> Path:
        """Odoo's configuration file."""
        return self.run / "odoo.conf"

    @property
    def log(self) -> Path:
        """Odoo's log while it serves."""
        return self.run / "odoo.log"

    @property
    def secret_key(self) -> Path:
        """The key that seals secrets and hashes IDs; it is never in the database."""
        return self.run / "secret.key"

    @property
    def client_env(self) -> Path:
        """Base URL, id and secret of the demonstration client."""
        return self.run / "demo-client.env"

    @property
    def esignet_clients(self) -> Path:
        """The clients that the mock eSignet knows when it starts."""
        return self.run / "esignet-clients.json"

    @property
    def esignet_url(self) -> str:
        """Address of the mock eSignet, without a trailing slash."""
        return f"http://127.0.0.1:{self.esignet_port}"

    @property
    def base_url(self) -> str:
        """Address of the running system, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def addons(self) -> list[str]:
        """The suite's addons that exist in this checkout, in order of dependence."""
        return [n for n in ADDONS if (self.root / n / "__manifest__.py").exists()]


def _folder(environ: Mapping[str, str], key: str, default: str) -> Path:
    given = environ.get(key, "")
    return Path(given).expanduser().absolute() if given else ROOT / default


def _number(environ: Mapping[str, str], key: str, default: int, low: int, high: int):
    text = environ.get(key, "") or str(default)
    if text.isdecimal() and low <= int(text) <= high:
        return int(text)
    raise SetupError(
        f"{key} is {text!r}, which is not a number from {low} to {high}.",
        f"Set it to a number, for example {key}={default}.",
    )


def _database_name(name: str) -> str:
    if name.replace("_", "").isalnum() and name.isascii() and len(name) <= 63:
        return name
    raise SetupError(
        f"SPAR_DB is {name!r}, which cannot be the name of a database here.",
        "Use up to 63 letters, digits and underscores, for example SPAR_DB=spar.",
    )
