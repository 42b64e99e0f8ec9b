"""How stored values are told to a person. Words of a language are not made here."""

from collections.abc import Mapping, Sequence


def list_info(info: object) -> list[str]:
    """Lines of what a sender said more, one an element.

    >>> list_info([{"name": "village", "value": "Baraka"}, {"lang": "sw"}])
    ['village: Baraka', 'lang: sw']

    :param info: additional information as stored, or none
    """
    if not isinstance(info, Sequence) or isinstance(info, str):
        return []
    return [_line(element) for element in info]


def _line(element: object) -> str:
    if not isinstance(element, Mapping):
        return str(element)
    if "name" in element and "value" in element:
        return f"{element['name']}: {element['value']}"
    return ", ".join(f"{name}: {value}" for name, value in element.items())


def changed_names(before: Mapping | None, after: Mapping | None) -> list[str]:
    """Names of what differs between two snapshots, in the order of their fields.

    >>> changed_names({"name": "A", "state": "active"}, {"state": "on_hold"})
    ['name', 'state']

    :param before: snapshot as in a version; none for the first
    """
    old, new = before or {}, after or {}
    names = dict.fromkeys((*old, *new))
    return [name for name in names if old.get(name) != new.get(name)]
