"""Templates of identifiers: what stands around the value says which type it is.

>>> template_ends("token:{sub}@nationalId")
('token', 'nationalId')
>>> template_ends("{id}")
(None, None)
"""

from .address import parse
from .errors import StrategyError
from .strategy import compile_strategy


def template_ends(template: str) -> tuple[str | None, str | None]:
    """Return type and provider of a template, None for any.

    :raise AddressError, StrategyError: the template is unusable, or its braces do
        not hold the whole value
    """
    names = compile_strategy(template).part_names
    address = parse(template)
    if len(names) != 1 or address.value != f"{{{names[0]}}}":
        raise StrategyError(
            "The template of an identifier has the form type:{value}@provider, with "
            "one part in braces."
        )
    return address.type, address.provider


def same_ends(first: str, second: str) -> bool:
    """Tell whether two templates recognise the same identifiers."""
    return _folded(first) == _folded(second)


def _folded(template: str) -> tuple[str, str]:
    prefix, provider = template_ends(template)
    return (prefix or "").casefold(), (provider or "").casefold()
