"""What pages say about an account, in the words of the person who owns it.

``core.situation`` and ``core.story`` decide what is to be said. The sentences of
``g2p_spar_mapper`` speak to staff; these speak to somebody whose one fear is that
the money goes to somebody else: first whether it comes, then what to do.
"""

from typing import NamedTuple

from odoo.tools import LazyTranslate

from ..core.situation import Kind
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
}

CHANNELS = {
    "api": _lt("Through another office"),
    "portal": _lt("Here, with your ID"),
    "staff": _lt("By our staff"),
    "agent": _lt("By a field worker"),
    "import": _lt("From a list of our office"),
    "registry": _lt("By itself, as its time was over"),
}


def situation_words(env, kind: Kind, day: str | None) -> dict[str, str]:
    """Say a situation in the reader's language.

    :param env: environment, for the language
    :param day: the day to know, as the language writes it
    """
    sentences = SITUATIONS[kind]
    told = {
        name: env._(getattr(sentences, name))
        for name in ("headline", "meaning", "advice")
    }
    filled = {
        name: text.replace("%s", day or "").replace("  ", " ").strip()
        for name, text in told.items()
    }
    return filled | {"tone": sentences.tone}
