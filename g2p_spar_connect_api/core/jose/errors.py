"""Why a signature was not accepted."""


class SignatureInvalid(Exception):
    """A signature is missing, wrong, too old, or of a kind not allowed.

    The caller hears one sentence for all reasons; the reason itself is for the
    audit log.

    :param str reason: one word for programs: ``malformed``, ``algorithm``,
        ``critical``, ``unknown_key``, ``mismatch`` (it does not cover this body),
        ``wrong_key``, ``expired``, ``not_yet``, ``audience``, ``issuer``,
        ``stale``, ``replayed``, ``digest``, ``missing``, ``form``, ``sender``
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason
