"""Which methods of our models can be called from outside, read from the source.

The source, and not a running system, because that tells nobody of models without
rights: those are the ones whose methods one would forget.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

PREFIX = "g2p.spar."
#: Odoo's own methods, which every model has: the table of operations is about them.
OF_EVERY_MODEL = frozenset(
    (
        *("init", "create", "write", "unlink", "copy", "copy_data", "default_get"),
        *("read", "search", "name_search", "fields_get", "get_view", "get_views"),
        *("onchange", "web_read", "web_save"),
    )
)


@dataclass
class Model:
    """What the source says of one model, in all the addons that extend it."""

    public: set[str] = field(default_factory=set)
    private: set[str] = field(default_factory=set)
    parents: set[str] = field(default_factory=set)


@cache
def read_models(root: Path) -> dict[str, Model]:
    """Every model that our addons define or extend, Odoo's among them, by name.

    :param root: folder of the addons
    """
    models: dict[str, Model] = {}
    for path in sorted(root.glob("g2p_spar_*/**/*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                _read_class(node, models)
    return models


def public_methods(root: Path, name: str) -> set[str]:
    """Methods of a model that can be called from outside, those of mixins too."""
    models = read_models(root)
    chain = list(_chain(models, name))
    public = set().union(*(models[one].public for one in chain))
    private = set().union(*(models[one].private for one in chain))
    return public - private


def private_methods(root: Path, name: str) -> set[str]:
    """Methods of a model with a public name that are closed by a decorator."""
    models = read_models(root)
    return set().union(*(models[one].private for one in _chain(models, name)))


def _chain(models: dict[str, Model], name: str) -> Iterator[str]:
    if name not in models:
        return
    yield name
    for parent in models[name].parents - {name}:
        yield from _chain(models, parent)


def _read_class(node: ast.ClassDef, models: dict[str, Model]) -> None:
    named = {
        ast.unparse(line.targets[0]): line.value
        for line in node.body
        if isinstance(line, ast.Assign)
    }
    named = {
        name: ast.literal_eval(named[name])
        for name in ("_name", "_inherit")
        if name in named
    }
    inherited = named.get("_inherit", [])
    inherited = [inherited] if isinstance(inherited, str) else inherited
    name = named.get("_name") or (inherited[0] if inherited else None)
    if name is None:
        return
    model = models.setdefault(name, Model())
    model.parents.update(inherited)
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            if one.name in OF_EVERY_MODEL:
                continue
            (model.private if _is_closed(one) else model.public).add(one.name)


def _is_closed(method: ast.FunctionDef) -> bool:
    closed = {"api.private", "property", "staticmethod", "lazy_property"}
    return any(ast.unparse(one) in closed for one in method.decorator_list)
