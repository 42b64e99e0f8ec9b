"""What is said to a person who sets a phone or an e-mail address."""

from odoo.tools import LazyTranslate

from ..core.code import Verdict
from ..core.contact import PHONE
from ..core.words import write_number
from .notice_words import apart

_lt = LazyTranslate(__name__)

_UNREADABLE_PHONE = _lt(
    "We cannot read this number. Type it with the country code, such as %s."
)
_UNREADABLE_EMAIL = _lt(
    "We cannot read this e-mail address. Check it letter by letter. It must have an @."
)
_WAIT = _lt("You have asked for a code several times. Wait %s minutes, then ask again.")
_VERDICTS = {
    Verdict.WRONG: _lt(
        "This is not the right code. Look at the last message we sent you and type"
        " its 6 digits."
    ),
    Verdict.EXPIRED: _lt("This code is too old. Ask for a new one below."),
    Verdict.DEAD: _lt(
        "This code does not work any more: there were too many wrong ones. Ask for a"
        " new one below."
    ),
    Verdict.UNREADABLE: _lt("Type the 6 digits of the code, nothing else."),
}


def unreadable(env, kind: str, example: str) -> str:
    """Say that a contact cannot be read.

    :param example: a phone as one writes it in this country
    """
    if kind == PHONE:
        sentence = env._(_UNREADABLE_PHONE)
        return sentence % apart(env, example)
    return env._(_UNREADABLE_EMAIL)


def wait(env, seconds: int) -> str:
    """Say how long to wait for the next code."""
    sentence = env._(_WAIT)
    return sentence % write_number(-(-seconds // 60), env.lang or "en_US")


def verdict(env, code: Verdict) -> str:
    """Say what is wrong with a code.

    :raise KeyError: nothing is
    """
    return env._(_VERDICTS[code])


def confirmed(env, kind: str) -> str:
    """Say that a contact is in use now."""
    if kind == PHONE:
        return env._("Done. We will send an SMS to this phone when something changes.")
    return env._("Done. We will write to this address when something changes.")


def same(env, kind: str) -> str:
    """Say that a contact was in use already."""
    if kind == PHONE:
        return env._("We use this phone already. Nothing was changed.")
    return env._("We use this e-mail address already. Nothing was changed.")


def removed(env, kind: str) -> str:
    """Say that a contact is not in use any more."""
    if kind == PHONE:
        return env._("We will not use this phone any more.")
    return env._("We will not use this e-mail address any more.")
