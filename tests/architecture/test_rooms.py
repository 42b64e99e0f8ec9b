"""The house keeps its rooms: what may import what, and what may be done where."""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What an addon may know of the others: everything to its left.
MAY_USE = {
    "g2p_spar_fa_reference": set(),
    "g2p_spar_mapper": {"g2p_spar_fa_reference"},
    "g2p_spar_intake": {"g2p_spar_fa_reference", "g2p_spar_mapper"},
    "g2p_spar_connect_api": {
        "g2p_spar_fa_reference",
        "g2p_spar_mapper",
        "g2p_spar_intake",
    },
    "g2p_spar_portal": {"g2p_spar_fa_reference", "g2p_spar_mapper"},
    "g2p_spar_consent": {
        "g2p_spar_fa_reference",
        "g2p_spar_mapper",
        "g2p_spar_connect_api",
        "g2p_spar_portal",
    },
    "g2p_spar_agent": {
        "g2p_spar_fa_reference",
        "g2p_spar_mapper",
        "g2p_spar_intake",
        "g2p_spar_portal",
    },
    "g2p_spar_report": {"g2p_spar_fa_reference", "g2p_spar_mapper"},
    "g2p_spar_watch": {"g2p_spar_fa_reference", "g2p_spar_mapper"},
    "g2p_spar_report_api": {
        "g2p_spar_fa_reference",
        "g2p_spar_mapper",
        "g2p_spar_intake",
        "g2p_spar_connect_api",
        "g2p_spar_report",
        "g2p_spar_watch",
    },
    "g2p_spar_report_portal": {
        "g2p_spar_fa_reference",
        "g2p_spar_mapper",
        "g2p_spar_portal",
        "g2p_spar_report",
    },
    "g2p_spar_retention": {"g2p_spar_fa_reference", "g2p_spar_mapper"},
}
CORE_LIBRARIES = {
    "PIL",
    "babel",
    "cryptography",
    "joserfc",
    "jsonschema_rs",
    "openpyxl",
    "orjson",
    "phonenumbers",
    "stdnum",
}
#: Parts of libraries that neither read nor write anything themselves.
CORE_PACKAGES = (
    "authlib.common.",
    "authlib.oauth2.rfc7523.",
    "authlib.oauth2.rfc7636.",
    "authlib.oidc.core.",
    "werkzeug.sansio.",
)
#: What makes calls to other servers, and the addons whose room ``outgoing`` may.
CALLING = (
    "aiohttp",
    "authlib.integrations",
    "http.client",
    "httpx",
    "requests",
    "socket",
    "urllib.request",
    "urllib3",
)
#: The first keeps the fence; the second makes a library speak through it.
FENCED = ("g2p_spar_mapper", "g2p_spar_portal")
FENCE = "g2p_spar_mapper"
#: What opens connections itself, and so only inside the fence.
CONNECTING = ("aiohttp", "http.client", "httpx", "socket", "urllib.request", "urllib3")
WRITING = {"create", "write", "unlink"}
ONE_BOUNDARY = "g2p_spar_connect_api"


def _imported(source) -> list[tuple[ast.AST, str]]:
    """Absolute names of what a file imports; relative imports are resolved."""
    found = []
    for node in source.nodes(ast.Import):
        found += [(node, alias.name) for alias in node.names]
    for node in source.nodes(ast.ImportFrom):
        module = node.module or ""
        if node.level:
            package = source.path.parts[: -node.level]
            module = ".".join(["odoo", "addons", *package, *filter(None, [module])])
        found += [(node, f"{module}.{alias.name}") for alias in node.names]
    return found


def test_core_imports_only_plain_libraries_and_core(addon_sources):
    wrong = []
    for source in (s for s in addon_sources if s.in_room("core")):
        for node, name in _imported(source):
            top = name.split(".")[0]
            plain = (
                top in sys.stdlib_module_names
                or top in CORE_LIBRARIES
                or name.startswith(CORE_PACKAGES)
            )
            core = re.match(r"odoo\.addons\.g2p_spar_\w+\.core(\.|$)", name)
            if not (plain or core):
                wrong.append(f"{source.at(node)} imports {name}")
    assert wrong == []


def test_addons_import_only_to_the_left(addon_sources):
    wrong = []
    for source in addon_sources:
        allowed = MAY_USE[source.addon] | {source.addon}
        for node, name in _imported(source):
            found = re.match(r"odoo\.addons\.(g2p_spar_\w+)", name)
            if found and found[1] not in allowed:
                wrong.append(f"{source.at(node)} imports {found[1]}")
    assert wrong == []


def test_manifests_depend_only_to_the_left():
    wrong = []
    for addon, allowed in MAY_USE.items():
        manifest = ROOT / addon / "__manifest__.py"
        if manifest.exists():
            depends = ast.literal_eval(manifest.read_text())["depends"]
            ours = {name for name in depends if name.startswith("g2p_spar_")}
            wrong += [f"{addon} depends on {name}" for name in ours - allowed]
    assert wrong == []


def test_inside_an_addon_arrows_go_from_controllers_to_core(addon_sources):
    wrong = []
    for source in addon_sources:
        forbidden = ("controllers",) if source.in_room("models") else ()
        for node, name in _imported(source):
            room = name.removeprefix(f"odoo.addons.{source.addon}.").split(".")[0]
            if name.startswith("odoo.addons.") and room in forbidden:
                wrong.append(f"{source.at(node)} imports {name}")
    assert wrong == []


def test_models_speak_no_http(addon_sources):
    wrong = []
    for source in (s for s in addon_sources if s.in_room("models")):
        if source.path.name.startswith("ir_http"):
            continue
        for node, name in _imported(source):
            if name.split(".")[0] in {"requests", "werkzeug"} or name in {
                "odoo.http.request",
                "odoo.http.Controller",
            }:
                wrong.append(f"{source.at(node)} imports {name}")
    assert wrong == []


def test_only_one_room_calls_other_servers(addon_sources):
    wrong = []
    for source in addon_sources:
        if source.addon in FENCED and source.in_room("outgoing"):
            continue
        for node, name in _imported(source):
            if any(f"{name}.".startswith(f"{library}.") for library in CALLING):
                wrong.append(f"{source.at(node)} imports {name}")
    assert wrong == []


def test_only_the_fence_opens_connections(addon_sources):
    wrong = []
    for source in (s for s in addon_sources if s.in_room("outgoing")):
        for node, name in _imported(source):
            opens = any(f"{name}.".startswith(f"{library}.") for library in CONNECTING)
            if opens and source.addon != FENCE:
                wrong.append(f"{source.at(node)} imports {name}")
    assert wrong == []


def test_controllers_write_nothing_themselves(addon_sources):
    wrong = []
    for source in (s for s in addon_sources if s.in_room("controllers")):
        for call in source.nodes(ast.Call):
            target = call.func
            written = isinstance(target, ast.Attribute) and target.attr in WRITING
            if written and "env[" in ast.unparse(target.value):
                wrong.append(f"{source.at(call)} calls {target.attr}")
    assert wrong == []


def test_every_sudo_says_why(addon_sources):
    wrong = []
    for source in addon_sources:
        for number, line in enumerate(source.lines):
            if re.search(r"\.sudo\(", line.split("#")[0]):
                around = source.lines[max(number - 1, 0) : number + 1]
                if not any("#" in text for text in around):
                    wrong.append(f"{source.path}:{number + 1}")
    assert wrong == []


def test_no_broad_except_outside_the_one_boundary(sources):
    broad = []
    for source in sources:
        for handler in source.nodes(ast.ExceptHandler):
            names = ast.unparse(handler.type) if handler.type else "BaseException"
            if re.search(r"\b(Base)?Exception\b", names):
                broad.append(source)
    assert len(broad) <= 1
    assert {source.addon for source in broad} <= {ONE_BOUNDARY}


def test_no_deprecated_json_route(addon_sources):
    wrong = []
    for source in addon_sources:
        for call in source.nodes(ast.Call):
            name = ast.unparse(call.func)
            kinds = [k.value for k in call.keywords if k.arg == "type"]
            if name.endswith("route") and any(
                isinstance(kind, ast.Constant) and kind.value == "json"
                for kind in kinds
            ):
                wrong.append(source.at(call))
    assert wrong == []
