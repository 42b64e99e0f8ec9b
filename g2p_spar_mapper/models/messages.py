"""What became of an item, as it is said to a person at a screen.

``core.reason.MESSAGES`` speaks to programs, in English and in the words of the
protocol; these sentences speak to staff and say what to do next.
"""

from odoo.tools import LazyTranslate

from ..core.commands import Outcome
from ..core.reason import Cause

_lt = LazyTranslate(__name__)

SENTENCES = {
    Cause.DONE: _lt("Done."),
    Cause.UNCHANGED: _lt("Nothing to do: it is stored like this already."),
    Cause.WAITING: _lt(
        "The change was noted and waits, as the rules of this registry demand."
    ),
    Cause.ITEM_INVALID: _lt("The line cannot be read."),
    Cause.REFERENCE_INVALID: _lt("The reference must have 1 to 99 characters."),
    Cause.REFERENCE_DUPLICATE: _lt("The same reference occurs twice."),
    Cause.ID_INVALID: _lt(
        "The ID cannot be read. Check that it is complete and of the chosen type."
    ),
    Cause.ID_NOT_ALLOWED: _lt("This type of ID may not be used here."),
    Cause.FA_INVALID: _lt(
        "The address cannot be paid. Check the account number and its other parts."
    ),
    Cause.NAME_INVALID: _lt("The name must have at most 200 characters, in one line."),
    Cause.PHONE_INVALID: _lt(
        "The phone number cannot be read. Write it with + and the country code, such"
        " as +63 917 123 4567."
    ),
    Cause.INFO_INVALID: _lt(
        "The additional information is too long or has another form than expected."
    ),
    Cause.ALREADY_LINKED: _lt(
        "This ID is linked to another address. Look it up and update it instead."
    ),
    Cause.ID_UNKNOWN: _lt("This ID is not linked. Link it instead."),
    Cause.ID_EXPIRED: _lt("The link of this ID has ended. Link it again instead."),
    Cause.FA_DIFFERS: _lt("The ID is linked to another address by now."),
    Cause.PROTECTED: _lt(
        "The link is on hold or disputed, so it cannot be changed. Release or"
        " reinstate it first."
    ),
    Cause.BUSY: _lt("Somebody else is changing this ID. Try again in a moment."),
    Cause.NOT_POSSIBLE: _lt(
        "The link is not in a state that allows this. Open it to see its state."
    ),
    Cause.CHANGE_WAITS: _lt(
        "Another change of this ID waits. Make it or give it up first."
    ),
    Cause.OWN_CHANGE: _lt(
        "You asked for this change yourself, so somebody else has to agree to it."
    ),
    Cause.FAILURE_INVALID: _lt("This is no reason for which a payment can fail."),
    Cause.CHECK_INVALID: _lt("This is no check that can be kept."),
    Cause.EVENT_INVALID: _lt("This is nothing that can happen to a payment."),
    Cause.DATE_INVALID: _lt("This is no day, or one that is still to come."),
    Cause.EVIDENCE_INVALID: _lt(
        "The evidence must have at most 200 characters, in one line."
    ),
    Cause.END_PAST: _lt("The end that you gave has come already. Choose a later one."),
    Cause.REMOTE_UNAVAILABLE: _lt(
        "The mapper that keeps IDs of this type cannot be reached. Nothing was"
        " changed. Try again later."
    ),
    Cause.REMOTE_UNCERTAIN: _lt(
        "The mapper that keeps IDs of this type did not answer. Look the ID up"
        " before you try again: the change may have been made."
    ),
    Cause.REMOTE_ID_REFUSED: _lt(
        "The mapper that keeps IDs of this type refused the ID. Look it up to see"
        " what is linked there."
    ),
    Cause.REMOTE_REFUSED: _lt(
        "The mapper that keeps IDs of this type refused the change."
    ),
}


def sentence_of(env, outcome: Outcome) -> str:
    """Say what became of an item in the user's language.

    :param env: environment, for the language
    :raise KeyError: an outcome that only a resolve can have
    """
    return env._(SENTENCES[outcome.cause])
