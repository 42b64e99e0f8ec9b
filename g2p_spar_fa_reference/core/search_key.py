"""Finding a bank or branch by what a person types of it.

People write without accents, in small letters, the words in any order, and stop
when they see what they look for. So names are folded to plain words once, when
they are stored, and what is typed is folded the same way:

>>> fold("Banco de Crédito, Agência São João")
['banco', 'de', 'credito', 'agencia', 'sao', 'joao']
>>> search_key("Indigo Nord", "IN-01")
' indigo nord in 01 in01'
>>> patterns("nord ind")
['% nord%', '% ind%']

A word finds what begins with it: the blank in front of each word says where one
begins, and an index of trigrams uses it, for a single letter too.
"""

import unicodedata

#: Longer is no name of a branch but an accident of the clipboard.
MAX_QUERY = 60
MAX_WORDS = 5


def fold(text: str) -> list[str]:
    """Return the words of ``text`` in their plainest form.

    Accents and Arabic short vowels go; the vowel signs of Indic scripts, without
    which their words would be others, stay.

    :param text: any text
    :return: words of letters, digits and such signs only
    """
    letters = (
        char
        for char in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(char)
    )
    return "".join(char if _is_of_a_word(char) else " " for char in letters).split()


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


def search_key(*texts: str | None) -> str:
    """Return what the patterns of :func:`patterns` are looked for in.

    A code with separators is also found when it is typed in one.

    :param texts: name, code, place and so on; empty ones do not matter
    """
    words: list[str] = []
    for text in filter(None, texts):
        found = fold(text)
        words += found
        joined = "".join(found)
        if len(found) > 1 and any(char.isdigit() for char in joined):
            words.append(joined)
    return "".join(f" {word}" for word in words)


def beginning(query: str) -> str:
    """Return the pattern of keys whose first words are those of a query.

    >>> beginning("Indigo no")
    ' indigo no%'

    :param query: as for :func:`patterns`, with something to look for in it
    """
    return "".join(f" {word}" for word in _words(query)) + "%"


def patterns(query: str) -> list[str]:
    """Return patterns for SQL ``LIKE``, all of which a match fulfils.

    :param query: what a person typed; what is beyond 60 characters or five words
        is not looked at
    :return: at most five; none when there is nothing to look for
    """
    return [f"% {word}%" for word in _words(query)]


def _words(query: str) -> list[str]:
    return fold(query[:MAX_QUERY])[:MAX_WORDS]
