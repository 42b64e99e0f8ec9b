"""Rules for all files of the project: well-formed, packaged, of no machine's own."""

import ast
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".jpg", ".ico", ".gif", ".woff2", ".gz"}
# Folders of one machine, and the hosts that serve packages: both come from the
# machine's own configuration. Written in pieces, or this file would match itself.
FOREIGN = re.compile(
    "|".join(
        [
            "/" + "work/",
            "/" + "root/",
            r"(?<![\w.])/" + "tmp/",
            "py" + r"pi\.org",
            "python" + "hosted",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian\.org",
        ]
    )
)


def _manifests() -> list[Path]:
    return sorted(ROOT.glob("g2p_spar_*/__manifest__.py"))


def test_no_file_names_a_machine_or_a_package_host(files):
    wrong = []
    for path in files:
        if path.suffix in BINARY:
            continue
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
            if FOREIGN.search(line):
                wrong.append(f"{path}:{number}: {line.strip()[:80]}")
    assert wrong == []


def test_xml_is_well_formed(files):
    for path in files:
        if path.suffix in {".xml", ".svg"}:
            ElementTree.parse(ROOT / path)


def test_every_manifest_says_licence_author_and_series():
    assert _manifests()
    for path in _manifests():
        manifest = ast.literal_eval(path.read_text())
        assert manifest["license"] == "LGPL-3", path
        assert manifest["author"] == "SPAR on Odoo contributors", path
        assert manifest["version"].startswith("19.0."), path


def test_every_addon_is_packaged():
    metapackage = (ROOT / "setup/_metapackage/pyproject.toml").read_text()
    for path in _manifests():
        addon = path.parent
        assert "whool.buildapi" in (addon / "pyproject.toml").read_text()
        assert (addon / "readme" / "DESCRIPTION.md").exists()
        assert f"odoo-addon-{addon.name}==19.0.*" in metapackage


def test_every_library_of_a_manifest_is_pinned():
    texts = [ROOT / "requirements.txt", ROOT / "setup" / "requirements-odoo.txt"]
    pinned = {
        line.split("==")[0].lower()
        for text in texts
        for line in text.read_text().splitlines()
        if "==" in line
    }
    for path in _manifests():
        manifest = ast.literal_eval(path.read_text())
        needed = manifest.get("external_dependencies", {}).get("python", [])
        assert {name.lower() for name in needed} <= pinned, path


def test_no_pinned_library_is_left_over():
    needed = set()
    for path in _manifests():
        manifest = ast.literal_eval(path.read_text())
        needed |= set(manifest.get("external_dependencies", {}).get("python", []))
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    own = {line.split("==")[0] for line in lines if "==" in line}
    assert own <= needed
