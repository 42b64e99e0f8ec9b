from ..core.said import Marked


def say(env, sentence, values=None):
    """Return a sentence of the rules in the language of an environment.

    :param str sentence: marked in ``core``
    :param dict values: by name, to be filled in
    """
    told = {
        # The catalogues have it: core marks it.
        name: env._(value) if isinstance(value, Marked) else value
        for name, value in (values or {}).items()
    }
    if not isinstance(sentence, Marked):
        return str(sentence)
    return env._(sentence, **told)
