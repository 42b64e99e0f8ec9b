"""Sentences of the rules: in English here, in the reader's language on a screen.

Rules know no language. They mark their sentences, so that the catalogues have them,
and name what is to be filled in; who shows one translates it (``models/said.py``).
"""

from collections.abc import Mapping


class Marked(str):
    """A sentence, or a part of one, that the catalogues have."""

    __slots__ = ()


def _lt(text: str) -> Marked:
    """Mark a text for the catalogues: their export looks for calls of this name."""
    return Marked(text)


class Said(ValueError):
    """A problem, told in a sentence that can be translated.

    :param sentence: with ``%(name)s`` where values belong
    :param values: by name; a marked one is translated too
    """

    def __init__(self, sentence: str, **values: object):
        super().__init__(fill(sentence, values))
        self.sentence, self.values = sentence, values


def fill(sentence: str, values: Mapping[str, object]) -> str:
    """Return a sentence with its values.

    >>> fill("Write %(what)s.", {"what": "more"}), fill("100 %", {})
    ('Write more.', '100 %')
    """
    return sentence % values if values else str(sentence)
