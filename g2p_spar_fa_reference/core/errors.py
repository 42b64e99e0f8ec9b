"""What can be wrong with an identifier or a financial address.

Every error is a sentence for a person and a code for a program. The sentence
never repeats the value which was refused: account numbers and identifiers do
not belong in logs.
"""


class AddressError(ValueError):
    """Base of all refusals of this package.

    :param str sentence: English sentence, with ``%(name)s`` placeholders
    :param values: what stands in the placeholders: labels and limits, never
        the refused value itself
    """

    code = "address_invalid"

    def __init__(self, sentence: str, **values: object):
        self.sentence = sentence
        self.values = values
        super().__init__(sentence % values if values else sentence)


class InvalidFormat(AddressError):
    """The text as a whole cannot be an identifier or an address."""

    code = "format_invalid"


class TooLong(InvalidFormat):
    """The text is longer than the registry stores."""

    code = "too_long"


class UnknownType(AddressError):
    """No active strategy, address type or identifier type answers to the name."""

    code = "type_unknown"


class UnknownProvider(AddressError):
    """The address names a provider which the registry does not know."""

    code = "provider_unknown"


class MissingPart(AddressError):
    """A part which the address type demands is absent or empty."""

    code = "part_missing"


class InvalidPart(AddressError):
    """One part fails its own check, for example the check digits of an IBAN."""

    code = "part_invalid"


class AmbiguousPart(AddressError):
    """The parts would not come back the same from the written address."""

    code = "part_ambiguous"


class StrategyError(ValueError):
    """A template or pattern is not usable as a strategy.

    :param str sentence: English sentence, with ``%(name)s`` placeholders
    :param values: what stands in the placeholders
    """

    code = "strategy_invalid"

    def __init__(self, sentence: str, **values: object):
        self.sentence = sentence
        self.values = values
        super().__init__(sentence % values if values else sentence)
