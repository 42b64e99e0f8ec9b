"""How a call to another server fails."""


class OutgoingError(Exception):
    """A call to another server did not bring an answer that can be used.

    :param str code: for a program: ``address_invalid``, ``address_forbidden``,
        ``name_unknown``, ``unreachable``, ``tls_failed``, ``timeout``, ``broken``,
        ``redirected``, ``answer_encoded``, ``answer_too_large``
    :param str sentence: for a person, without personal data
    :param bool is_safe_to_repeat: whether the other server surely received
        nothing of the call
    """

    def __init__(self, code: str, sentence: str, is_safe_to_repeat: bool):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.is_safe_to_repeat = is_safe_to_repeat
