"""What the pages name is there: files, settings, menus; and the first commands work."""

import ast
import base64
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
CONFIGURE = (ROOT / "g2p_spar_portal/readme/CONFIGURE.md").read_text()
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
#: A way through the menus; Odoo's own begin with another word.
MENU = re.compile(
    r"\*((?:Payment Accounts|Portal|Registry|Reference Data|Partners)\s+[→/]\s[^*]+)\*"
)
VARIABLE = re.compile(r'environ, "(\w+)"|environ\.get\("(\w+)"')


@pytest.fixture(scope="module")
def pages(files) -> dict[Path, str]:
    """All pages, by their path in the checkout."""
    return {path: (ROOT / path).read_text() for path in files if path.suffix == ".md"}


def named(text: str, heading: str) -> set[str]:
    """What stands in backticks in the first column of the table below a heading."""
    part = re.search(rf"^{heading}.*?(?=^#|\Z)", text, re.M | re.S)[0]
    cells = re.findall(r"^\| (`[^|]*) \|", part, re.M)
    return {name for cell in cells for name in re.findall(r"`([\w.]+)`", cell)}


def test_the_readme_begins_with_what_it_is_and_two_commands():
    first = README.index("```\n")
    assert README.startswith("# SPAR on Odoo\n\nA Social Payments Account Registry.")
    assert README[first:].startswith("```\nmake demo\nmake test\n```\n")
    assert re.search(r"^demo .*test", (ROOT / "Makefile").read_text(), re.M)


def test_links_lead_somewhere(pages):
    dead = [
        f"{path}: {target}"
        for path, text in pages.items()
        for target in LINK.findall(text)
        if not (ROOT / path.parent / target).exists()
    ]
    assert dead == []


def test_rules_live_where_the_readme_says():
    part = re.search(r"^### Where each rule lives.*?(?=^#)", README, re.M | re.S)[0]
    places = [
        (ROOT / name) if name.startswith("g2p_") else name
        for row in re.findall(r"^\| .*\? \| (.*) \|$", part, re.M)
        for name in re.findall(r"(?<!\[)`([\w/.]+)`", row)
        if "/" in name
    ]
    assert len(places) > 25
    assert [p for p in places if isinstance(p, Path) and not p.exists()] == []


def test_every_variable_is_in_the_table():
    """Those that set the environment up, and the browser's."""
    text = (ROOT / "setup/spar_env/settings.py").read_text()
    read = {name for pair in VARIABLE.findall(text) for name in pair if name}
    assert read > {"SPAR_PORT", "SPAR_RUN", "ODOO_HOME"}
    begin, end = README.index("| setting |"), README.index("Where everything comes")
    told = set(re.findall(r"`(SPAR_\w+|ODOO_HOME)`", README[begin:end]))
    assert told == read | {"SPAR_CHROMIUM"}


def test_every_setting_of_the_portal_is_in_the_table():
    model = ROOT / "g2p_spar_portal/models/g2p_spar_portal_settings.py"
    read = set(re.findall(r'self\.text\("(\w+)"\)', model.read_text()))
    assert len(read) > 5
    assert read <= named(CONFIGURE, "## Settings")


def test_every_reason_of_a_failed_login_is_explained():
    page = (ROOT / "docs/connect-your-esignet.md").read_text()
    core = ROOT / "g2p_spar_portal/core"
    known = {
        key.value
        for path in (core / "oidc/errors.py", core / "login_rules.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    assert len(known) > 20
    assert named(page, "## 11") == known


def test_menus_are_named_as_they_are(files, pages):
    shown = set()
    for path in files:
        if path.suffix == ".xml" and path.parts[0].startswith("g2p_spar_"):
            tree = ElementTree.parse(ROOT / path)
            shown |= {item.get("name") for item in tree.iter("menuitem")}
            shown |= {
                field.text
                for record in tree.iter("record")
                if record.get("model", "").startswith("ir.actions.")
                for field in record.findall("field[@name='name']")
            }
    wrong = [
        f"{path}: {step}"
        for path, text in pages.items()
        for steps in MENU.findall(text)
        for step in re.split(r"\s+[→/]\s+", " ".join(steps.split()))
        if step not in shown | {"New"}
    ]
    assert wrong == []


def test_the_command_for_a_key_makes_one():
    """32 bytes, as the server reads them."""
    program = re.search(r'python3 -c "(.*)" > secret\.key', README)[1]
    made = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert len(base64.urlsafe_b64decode(made.stdout.strip())) == 32
