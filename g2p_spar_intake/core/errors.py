"""Why a file is not taken in.

A sentence may name a place in the file (line, row, column), never its content.
"""


class UnfitFile(ValueError):
    """The file is not what it should be, or breaks a limit of its kind.

    :param str sentence: English sentence, with ``%(name)s`` placeholders
    :param values: what stands in the placeholders: places and limits
    """

    code = "file_unfit"

    def __init__(self, sentence: str, **values: object):
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values
