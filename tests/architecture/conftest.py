"""What the architecture tests look at: the files that belong to the project."""

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

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


@dataclass(frozen=True)
class Source:
    """One Python file with its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def addon(self) -> str:
        """The addon the file belongs to, "" when it belongs to none."""
        first = self.path.parts[0]
        return first if first in ADDONS else ""

    def in_room(self, room: str) -> bool:
        """Whether the file lies in a folder of the addon, such as ``core``."""
        return (
            bool(self.addon)
            and len(self.path.parts) > 2
            and (self.path.parts[1] == room)
        )

    def nodes(self, kind) -> list:
        return [node for node in ast.walk(self.tree) if isinstance(node, kind)]

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{node.lineno}"


def project_files() -> list[Path]:
    """Tracked and new files that git does not ignore, relative to the checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = [Path(name) for name in listed.split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def files() -> list[Path]:
    return project_files()


@pytest.fixture(scope="session")
def sources(files) -> list[Source]:
    python = [path for path in files if path.suffix == ".py"]
    read = [(path, (ROOT / path).read_text()) for path in python]
    return [Source(path, text, ast.parse(text)) for path, text in read]


@pytest.fixture(scope="session")
def addon_sources(sources) -> list[Source]:
    """Python of the addons without their tests."""
    return [s for s in sources if s.addon and not s.in_room("tests")]
