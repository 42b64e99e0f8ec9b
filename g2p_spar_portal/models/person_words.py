"""What pages say about an account, in the words of the person who owns it.

``core.situation`` and ``core.story`` decide what is to be said. The sentences of
``g2p_spar_mapper`` speak to staff; these speak to somebody whose one fear is that
the money goes to somebody else: first whether it comes, then what to do.
"""

from typing import NamedTuple

from odoo.tools import LazyTranslate

from ..core.situation import Kind, Meanwhile, Situation
from ..core.story import Event

_lt = LazyTranslate(__name__)


class Sentences(NamedTuple):
    """A situation in words; ``%s`` in them is the day to know.

    :param tone: good, warn or bad, for the colour beside the words
    :param headline: whether the money comes
    :param meaning: why
    :param advice: what to do next
    """

    tone: str
    headline: object
    meaning: object
    advice: object


SITUATIONS = {
    Kind.NONE: Sentences(
        "warn",
        _lt("You have not chosen an account yet"),
        _lt("We do not know where to send your money."),
        _lt("Choose your bank account or mobile wallet. It takes a few minutes."),
    ),
    Kind.PAID: Sentences(
        "good",
        _lt("Your money goes to this account"),
        _lt("Everything is in order."),
        _lt("You do not need to do anything."),
    ),
    Kind.PAID_UNTIL: Sentences(
        "good",
        _lt("Your money goes to this account until %s"),
        _lt("After this day we do not send money any more."),
        _lt("Choose your account again before this day. You may keep the same one."),
    ),
    Kind.PAID_LONG: Sentences(
        "good",
        _lt("Your money goes to this account until %s"),
        _lt("Everything is in order."),
        _lt("Before this day we ask you whether it is still your account."),
    ),
    Kind.ENDS: Sentences(
        "warn",
        _lt("Is this still your account?"),
        _lt("Your money goes to it until %s. After that we send no money any more."),
        _lt("If it is still yours, press the button. You need nothing else."),
    ),
    Kind.WAITING: Sentences(
        "warn",
        _lt("Your money is waiting"),
        _lt("Our staff are looking at this account. No money is lost."),
        _lt("You do not need to do anything. If it takes long, ask for help."),
    ),
    Kind.WAITING_UNTIL: Sentences(
        "warn",
        _lt("Your money is waiting until %s"),
        _lt(
            "The wait keeps your money safe. After it, your money goes to this account."
        ),
        _lt(
            "You do not need to do anything. If you did not choose this account,"
            " tell us now: press “This was not me”."
        ),
    ),
    Kind.STOPPED: Sentences(
        "bad",
        _lt("Payments are stopped"),
        _lt(
            "Somebody told us that this account may be wrong. We send no money until"
            " our staff have checked it. No money is lost."
        ),
        _lt("Our staff will check it. If you have not heard from us, ask for help."),
    ),
    Kind.OVER: Sentences(
        "bad",
        _lt("No money goes to this account any more"),
        _lt("Its time ended on %s."),
        _lt("Choose your account again. You may keep the same one."),
    ),
    Kind.GRACE: Sentences(
        "bad",
        _lt("Is this still your account?"),
        _lt("Its time ended on %s, so no money goes to it now."),
        _lt("If it is still yours, press the button, and your money comes again."),
    ),
    Kind.ENDED: Sentences(
        "warn",
        _lt("You have no account now"),
        _lt(
            "The time of the last one was over, and nobody told us that it is still"
            " yours. So we cannot send your money."
        ),
        _lt("Choose your account again. You may choose the same one."),
    ),
    Kind.REMOVED: Sentences(
        "warn",
        _lt("You have no account now"),
        _lt("The last one was removed, so we cannot send your money."),
        _lt("Choose your bank account or mobile wallet. It takes a few minutes."),
    ),
}

EVENTS = {
    Event.CHOSEN: _lt("An account was chosen"),
    Event.CHOSEN_AGAIN: _lt("An account was chosen again"),
    Event.CHANGED: _lt("The account was changed"),
    Event.DETAILS: _lt("Details were changed, the account stayed the same"),
    Event.REMOVED: _lt("The account was removed"),
    Event.PAUSED: _lt("Payments were put on hold"),
    Event.RESUMED: _lt("The hold ended"),
    Event.STOPPED: _lt("Payments were stopped"),
    Event.RESTORED: _lt("Payments go on"),
    Event.ASKED: _lt("Another account was asked for, the change waits"),
    Event.GIVEN_UP: _lt("The change that waited was given up"),
    Event.RENEWED: _lt("The account was confirmed for longer"),
    Event.APPLIED: _lt("The change that waited was made"),
    Event.BROUGHT_BACK: _lt("An earlier account was brought back"),
    Event.FAILED: _lt("A payment failed, so payments were stopped"),
    Event.ENDED: _lt("The time of the account was over"),
}

#: Why a payment failed, by the codes of ``core.failure.Failure``.
FAILURES = {
    "closed": _lt("The bank or wallet says: this account is closed."),
    "deceased": _lt("We were told that the owner of this account has died."),
    "invalid": _lt("The bank or wallet says: there is no such account."),
    "name_mismatch": _lt("The bank or wallet says: this account is not in your name."),
    "litigation": _lt("The bank or wallet says: a court has blocked this account."),
    "minor_turned_major": _lt("We were told that the owner of this account is of age."),
}

ASKED = _lt("Another account was asked for")
ASKED_ADVICE = _lt(
    "Did you ask for it? Then you do not need to do anything. If you did not, or have"
    " changed your mind, keep your account as it is."
)
#: When the new account is used, and what is paid until then.
NEW_FROM = _lt("The new account is used from %s on.")
NEW_WHEN_AGREED = _lt("The new account is used when our staff have agreed to it.")
UNTIL_THEN = {
    Meanwhile.PAID: _lt("Until then your money goes to your account as before."),
    Meanwhile.HELD: _lt("Until then your money waits. No money is lost."),
    Meanwhile.NOTHING: _lt("Until then we send no money."),
}
#: What became of a change that waited, by its state.
ENDINGS = {
    "applied": _lt("This change was made. Look at your account to see how it is now."),
    "withdrawn": _lt("This change was given up. The new account is not used."),
    "disputed": _lt(
        "This change was stopped, as somebody said that it is wrong. The new account"
        " is not used."
    ),
}

CHANNELS = {
    "api": _lt("Through another office"),
    "portal": _lt("Here, with your ID"),
    "staff": _lt("By our staff"),
    "agent": _lt("By a field worker"),
    "import": _lt("From a list of our office"),
    "registry": _lt("By itself, as its time was over"),
}


def situation_words(env, situation: Situation, say_moment) -> dict[str, str]:
    """Say a situation in the reader's language.

    :param env: environment, for the language
    :param say_moment: function that writes a moment as the language does
    """
    if situation.may_withdraw:
        return _words_of_change(env, situation, say_moment)
    day = situation.until and say_moment(situation.until)
    sentences = SITUATIONS[situation.kind]
    told = {
        name: env._(getattr(sentences, name))
        for name in ("headline", "meaning", "advice")
    }
    filled = {
        name: text.replace("%s", day or "").replace("  ", " ").strip()
        for name, text in told.items()
    }
    return filled | {"tone": sentences.tone}


def _words_of_change(env, situation: Situation, say_moment) -> dict[str, str]:
    day = situation.waits.due_at and say_moment(situation.waits.due_at)
    return {
        "tone": "warn",
        "headline": env._(ASKED),
        "meaning": " ".join(wait_words(env, situation.meanwhile, day)),
        "advice": env._(ASKED_ADVICE),
    }


def wait_words(env, meanwhile: Meanwhile, day: str | None) -> list[str]:
    """Say when a new account is used, and what is paid until then.

    :param day: when the wait is over, as the language writes it; none: when staff agree
    """
    when = env._(NEW_WHEN_AGREED)
    if day:
        when = env._(NEW_FROM).replace("%s", day)
    return [when, env._(UNTIL_THEN[meanwhile])]
