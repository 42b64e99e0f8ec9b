"""What is said about a change of account, in words a person can act on.

``core/`` names what is wrong by a code; here are the sentences. They stand beside
the field or the button they are about, say what is wrong and how it should be, and
use no word of the trade.
"""

from odoo.tools import LazyTranslate

from odoo.addons.g2p_spar_mapper.core.reason import Cause

from ..core.words import write_number

_lt = LazyTranslate(__name__)

#: By the codes of ``core.typed.Problem``.
PROBLEMS = {
    "missing": _lt("Please fill this in."),
    "repeat_missing": _lt("Please write the number a second time here."),
    "repeat_differs": _lt(
        "The two numbers are not the same. Compare both with your paper or card."
    ),
    "too_long": _lt("This is too long: it may have %(most)s signs at most."),
    "digits_exactly": _lt("This has %(count)s digits. It must have %(least)s."),
    "digits_at_least": _lt(
        "This has %(count)s digits. It must have %(least)s or more."
    ),
    "digits_between": _lt(
        "This has %(count)s digits. It must have %(least)s to %(most)s."
    ),
    "signs_exactly": _lt(
        "This has %(count)s letters and digits. It must have %(least)s."
    ),
    "signs_at_least": _lt(
        "This has %(count)s letters and digits. It must have %(least)s or more."
    ),
    "signs_between": _lt(
        "This has %(count)s letters and digits. It must have %(least)s to %(most)s."
    ),
    "only_digits": _lt("Only digits can stand here. Take out the sign “%(sign)s”."),
    "only_letters_digits": _lt(
        "Only letters from A to Z and digits can stand here. Take out the sign"
        " “%(sign)s”."
    ),
    "form_wrong": _lt(
        "This does not look right. Write it just as it stands on your paper or card."
    ),
    "iban_length": _lt(
        "This has %(count)s letters and digits. An IBAN has 15 to 34. Compare it with"
        " your paper."
    ),
    "iban_checksum": _lt(
        "One of the letters or digits is wrong or missing. Compare it with your paper,"
        " four at a time."
    ),
    "iban_wrong": _lt(
        "This is not an IBAN. An IBAN begins with two letters and two digits. It"
        " stands on the papers of your bank."
    ),
    "phone_short": _lt("This phone number is too short. Is a digit missing?"),
    "phone_long": _lt("This phone number is too long. Is there a digit too many?"),
    "phone_wrong": _lt(
        "There is no such phone number. Write it with + and the country code in front."
    ),
    "email_no_at": _lt("An e-mail address has the sign @ in it. Here it is missing."),
    "email_wrong": _lt(
        "This is not an e-mail address. It looks like this: name@example.org"
    ),
    "hint_iban": _lt("It begins with two letters, such as GB or MR."),
    "hint_digits_exactly": _lt("It has %(least)s digits."),
    "hint_digits_between": _lt("It has %(least)s to %(most)s digits."),
    "hint_signs_exactly": _lt("It has %(least)s letters and digits."),
    "hint_signs_between": _lt("It has %(least)s to %(most)s letters and digits."),
    "not_written": _lt(
        "This cannot be used as it is written. Use only letters and digits."
    ),
}

_BROKEN = _lt(
    "The office could not take this change. Your account was not changed. Please ask"
    " the office for help."
)
_RACE = _lt(
    "Your account was changed a moment ago in another way. Look at it first, and"
    " begin again if it is not right."
)

#: By what the registry answers to a link or an update.
REFUSALS = {
    Cause.PROTECTED: _lt(
        "Your account is being checked by the office, so it cannot be changed now."
        " Your account was not changed."
    ),
    Cause.CHANGE_WAITS: _lt(
        "Another change of your account waits already. It has to be made or given up"
        " before you can ask for a new one. Nothing was changed."
    ),
    Cause.ALREADY_LINKED: _RACE,
    Cause.ID_UNKNOWN: _RACE,
    Cause.ID_EXPIRED: _RACE,
    Cause.BUSY: _lt(
        "Somebody else is working on your account at this moment. Nothing was"
        " changed. Wait a minute, then try again."
    ),
    Cause.FA_INVALID: _lt(
        "Money cannot be sent to this account as it is written. Nothing was changed."
        " Begin again and compare the number with your paper or card."
    ),
    Cause.REMOTE_UNAVAILABLE: _lt(
        "The office that keeps your account cannot be reached at the moment. Nothing"
        " was changed. Try again later."
    ),
    Cause.REMOTE_UNCERTAIN: _lt(
        "The office that keeps your account has not answered. We do not know yet"
        " whether the change was made. Look at your account again in an hour, before"
        " you try again."
    ),
    # People give no end: whatever gave it has to be put right.
    Cause.END_PAST: _BROKEN,
    Cause.REMOTE_ID_REFUSED: _BROKEN,
    Cause.REMOTE_REFUSED: _BROKEN,
    Cause.ID_INVALID: _BROKEN,
    Cause.ID_NOT_ALLOWED: _BROKEN,
    Cause.ITEM_INVALID: _BROKEN,
    Cause.REFERENCE_INVALID: _BROKEN,
    Cause.REFERENCE_DUPLICATE: _BROKEN,
    Cause.TIMESTAMP_INVALID: _BROKEN,
    Cause.NAME_INVALID: _BROKEN,
    Cause.PHONE_INVALID: _BROKEN,
    Cause.INFO_INVALID: _BROKEN,
}

#: Which text a person agrees to. Other words are another version: a test knows
#: the words of each, and what somebody agreed to can be shown years later.
CONSENT_VERSION = "1"
CONSENT = (
    _lt("This account belongs to me, or I may receive my money on it."),
    _lt("I want my benefit to be paid to this account from now on."),
    _lt(
        "The office may keep this account and give it to those who pay my benefit, for"
        " the payment only."
    ),
)


def say_problem(env, problem):
    """Say what is wrong with something typed.

    :param Problem problem: what ``core.typed`` found
    :rtype: str
    """
    values = {
        name: say_number(env, value) if isinstance(value, int) else value
        for name, value in problem.values.items()
    }
    # A lazy sentence takes its values only once it is translated.
    # pylint: disable-next=translation-not-lazy
    return env._(PROBLEMS[problem.code]) % values


def say_number(env, number):
    """Write a whole number in the digits of the reader's language.

    :rtype: str
    """
    return write_number(number, env.lang or "en_US")


def say_refusal(env, cause):
    """Say why the registry has not made the change.

    :param Cause cause: what the registry answered
    :rtype: str
    """
    return env._(REFUSALS[cause])


def say_consent(env):
    """Return the sentences a person agrees to.

    :rtype: list[str]
    """
    return [env._(sentence) for sentence in CONSENT]
