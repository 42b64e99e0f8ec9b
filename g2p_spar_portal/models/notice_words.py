"""The words of notices and codes, as one would say them to a person.

Short: each SMS costs, and is read on a small screen. No link to a form, no whole
number, and always what to do when it was somebody else.
"""

from datetime import datetime
from typing import NamedTuple

from babel.dates import format_date, format_skeleton

from odoo.tools import LazyTranslate

from ..core.account_text import first_words, shorten_account
from ..core.contact import PHONE
from ..core.notices import Topic
from ..core.situation import Meanwhile
from ..core.sms import CODE_SEGMENTS, NOTICE_SEGMENTS, segments
from ..core.words import (
    keep_order,
    language_name,
    locale_of,
    write_digits,
    zone_of,
)

_lt = LazyTranslate(__name__)


class Facts(NamedTuple):
    """What a notice says.

    :param account: provider and masked number after the change; of a language: its
        code
    :param before: the same before it
    :param moment: when it happened, naive UTC
    :param until: end of a hold, a wait or a link, naive UTC; none: open
    :param kind: of the contact that was set or ended, masked in ``account``
    :param meanwhile: what is paid until a change that waits is made
    :param failure: why a payment failed, one of ``core.failure.Failure``
    """

    topic: str
    channel: str
    moment: datetime
    reference: str
    account: str = ""
    before: str = ""
    until: datetime | None = None
    kind: str | None = None
    meanwhile: str = Meanwhile.NOTHING
    failure: str | None = None


class Text(NamedTuple):
    """A message: an SMS has the lines as one text and no subject."""

    subject: str
    lines: list[str]


_SUBJECTS = {
    Topic.LINK: _lt("Your benefit has an account"),
    Topic.UPDATE: _lt("Your benefit goes to another account"),
    Topic.DETAILS: _lt("Your details were changed"),
    Topic.UNLINK: _lt("Your account was removed"),
    Topic.HOLD: _lt("Payments to your account are on hold"),
    Topic.RELEASE: _lt("Payments to your account go on"),
    Topic.SUSPEND: _lt("Payments to your account are stopped"),
    Topic.REINSTATE: _lt("Payments to your account go on"),
    Topic.PROPOSED: _lt("Another account was asked for"),
    Topic.APPLIED: _lt("Your benefit goes to another account"),
    Topic.WITHDRAWN: _lt("Your account stays as it was"),
    Topic.ROLLED_BACK: _lt("Your benefit goes to another account"),
    Topic.FAILED: _lt("A payment to your account failed"),
    Topic.EXPIRED: _lt("Your account was removed"),
    Topic.ENDS: _lt("Is this still your account?"),
    Topic.ENDED: _lt("Is this still your account?"),
    Topic.CONTACT_SET: _lt("Your contact for notices was changed"),
    Topic.CONTACT_ENDED: _lt("Your contact for notices was removed"),
    Topic.LANGUAGE: _lt("We write to you in another language"),
}
_SENTENCES = {
    Topic.LINK: _lt("Your benefit goes to %(account)s."),
    Topic.UPDATE: _lt("Your benefit now goes to %(account)s, not to %(before)s."),
    Topic.DETAILS: _lt("Your name or phone for your benefit was changed."),
    Topic.UNLINK: _lt("Your account %(before)s was removed. You are not paid now."),
    Topic.HOLD: _lt("Payments to %(account)s are on hold."),
    Topic.RELEASE: _lt("Payments to %(account)s go on."),
    Topic.SUSPEND: _lt("Payments to %(account)s are stopped while we check."),
    Topic.REINSTATE: _lt("We have checked. Payments to %(account)s go on."),
    Topic.APPLIED: _lt("As asked, your benefit goes to %(account)s, not %(before)s."),
    Topic.WITHDRAWN: _lt("Your account stays: the change to %(account)s is off."),
    Topic.ROLLED_BACK: _lt(
        "Your benefit goes to %(account)s again, not to %(before)s."
    ),
    Topic.EXPIRED: _lt("Your account %(before)s ran out. You are not paid now."),
    Topic.ENDS: _lt("%(account)s is paid until %(until)s. Still yours? Say so online."),
    Topic.ENDED: _lt("%(account)s is not paid now. Still yours? Say so online."),
    Topic.LANGUAGE: _lt("Notices about your benefit now come in %(language)s."),
}
#: Of a change that waits: whether the present account is paid, and whether it is
#: known when the wait ends.
_PROPOSED = {
    (True, True): _lt("Asked for: %(account)s from %(until)s, %(before)s till then."),
    (False, True): _lt("Asked for: %(account)s from %(until)s, no money till then."),
    (True, False): _lt("Asked for: %(account)s. %(before)s is paid till staff agree."),
    (False, False): _lt("Asked for: %(account)s. No money till staff agree."),
}
#: By the codes of ``core.failure.Failure``.
_FAILED = {
    None: _lt("A payment to %(account)s failed. We send no money now."),
    "closed": _lt("%(account)s is closed, so we send no money now."),
    "deceased": _lt("We heard that the owner of %(account)s died. No money now."),
    "invalid": _lt("There is no account %(account)s. We send no money now."),
    "name_mismatch": _lt("%(account)s is not in your name. We send no money now."),
    "litigation": _lt("A court has blocked %(account)s. We send no money now."),
    "minor_turned_major": _lt(
        "The owner of %(account)s came of age. We send no money now."
    ),
}
_HOLD_UNTIL = _lt("Payments to %(account)s are on hold until %(until)s.")
_CONTACT_SENTENCES = {
    (Topic.CONTACT_SET, "phone"): _lt(
        "Your phone for benefit notices is now %(account)s."
    ),
    (Topic.CONTACT_SET, "email"): _lt(
        "Your e-mail for benefit notices is now %(account)s."
    ),
    (Topic.CONTACT_ENDED, "phone"): _lt(
        "The phone %(account)s gets no more benefit notices."
    ),
    (Topic.CONTACT_ENDED, "email"): _lt(
        "The e-mail %(account)s gets no more benefit notices."
    ),
}
_WHEN = {
    "portal": _lt("%(date)s, online. Ref %(reference)s."),
    "staff": _lt("%(date)s, by our office. Ref %(reference)s."),
    "agent": _lt("%(date)s, by a field worker. Ref %(reference)s."),
    "api": _lt("%(date)s, by a partner office. Ref %(reference)s."),
    "import": _lt("%(date)s, from a list. Ref %(reference)s."),
    "registry": _lt("%(date)s. Ref %(reference)s."),
}


class _Help(NamedTuple):
    """Where to turn to, as the programme has a phone and there is room for a link."""

    see: object
    call: object
    both: object


_NOT_ME = _Help(
    _lt("Not you? See %(url)s"),
    _lt("Not you? Call %(phone)s"),
    _lt("Not you? Call %(phone)s or see %(url)s"),
)
#: Of reminders: nobody did anything.
_HELP = _Help(
    _lt("See %(url)s"),
    _lt("Call %(phone)s"),
    _lt("Call %(phone)s or see %(url)s"),
)
_REMINDERS = (Topic.ENDS, Topic.ENDED)


def notice_text(env, facts: Facts, kind: str) -> Text:
    """Say what happened.

    :param env: environment with the recipient's language
    :param kind: phone or email
    """
    if kind == PHONE:
        lines = [_short_notice(env, facts)]
    else:
        days = {name: _day(env, day) for name, day in _days(facts)}
        help_line = _where_to_turn(env, facts)
        lines = [_what(env, facts, days), _when(env, facts, days), help_line]
    return Text(env._(_SUBJECTS[facts.topic]), lines)


def _short_notice(env, facts: Facts) -> str:
    """As much as goes into two SMS, what matters least left out first."""
    days = {name: _short_day(env, day) for name, day in _days(facts)}
    when = _when(env, facts, days)
    for shorter, with_link in _ways_to_say(facts):
        turn = _where_to_turn_sms(env, facts, with_link)
        text = f"{_what(env, shorter, days)} {when} {turn}"
        if segments(text) <= NOTICE_SEGMENTS:
            break
    return text


def _ways_to_say(facts: Facts):
    """A notice, whether with the link; each time with less of banks' names."""
    yield facts, True
    facts = facts._replace(before=shorten_account(facts.before, 0))
    yield facts, True
    yield facts, False
    for letters in (25, 12, 0):
        account = shorten_account(facts.account, letters)
        yield facts._replace(account=account), False


def code_text(env, code: str, kind: str) -> Text:
    """Give somebody a code, and say what it is for."""
    programme = env["g2p.spar.portal.settings"].programme()
    lines = _code_lines(env, code, programme)
    if kind == PHONE:
        lines = [_short_code(env, code, programme)]
    return Text(env._("Your code for %s", programme), lines)


def _code_lines(env, code: str, programme: str) -> list[str]:
    return [
        env._(
            "%(code)s is your code for %(programme)s.", code=code, programme=programme
        ),
        env._("It works for 10 minutes. Do not tell it to anybody."),
    ]


def _short_code(env, code: str, programme: str) -> str:
    """A code in one SMS: a name that is too long for it loses its last words."""
    for letters in range(len(programme), 0, -1):
        name = first_words(programme, letters) or programme[:letters]
        text = " ".join(_code_lines(env, code, name))
        if segments(text) <= CODE_SEGMENTS:
            break
    return text


def _say(env, sentence, **values) -> str:
    text = env._(sentence)
    return text % values


def apart(env, text: str) -> str:
    """Keep a number in its own order within a message from right to left.

    :param env: environment with the recipient's language
    """
    direction = env["res.lang"]._get_data(code=env.lang or "en_US").direction
    return keep_order(text) if direction == "rtl" else text


def _what(env, facts: Facts, days: dict[str, str]) -> str:
    values = {
        "account": apart(env, facts.account),
        "before": apart(env, facts.before),
    }
    if facts.kind:
        return _say(env, _CONTACT_SENTENCES[facts.topic, facts.kind], **values)
    if facts.topic == Topic.LANGUAGE:
        values = {"language": language_name(facts.account, env.lang or "en_US")}
    if facts.topic == Topic.HOLD and facts.until:
        return _say(env, _HOLD_UNTIL, **values, until=days["until"])
    return _say(env, _sentence(facts), **values, until=days.get("until", ""))


def _sentence(facts: Facts):
    """The sentence of a topic, which may depend on more than the topic."""
    if facts.topic == Topic.PROPOSED:
        is_paid = facts.meanwhile == Meanwhile.PAID
        return _PROPOSED[is_paid, facts.until is not None]
    if facts.topic == Topic.FAILED:
        return _FAILED[facts.failure]
    return _SENTENCES[facts.topic]


def _when(env, facts: Facts, days: dict[str, str]) -> str:
    sentence = _WHEN[facts.channel]
    return _say(
        env,
        sentence,
        date=days["date"],
        reference=apart(env, facts.reference),
    )


def _where_to_turn(env, facts: Facts) -> str:
    settings = env["g2p.spar.portal.settings"]
    return _say_help(env, facts, settings.help().phone, settings.url())


def _where_to_turn_sms(env, facts: Facts, with_link: bool) -> str:
    """As :func:`_where_to_turn`, with the link only where it must or may be there."""
    settings = env["g2p.spar.portal.settings"]
    phone, url = settings.help().phone, settings.url().removeprefix("https://")
    return _say_help(env, facts, phone, url if with_link or not phone else "")


def _say_help(env, facts: Facts, phone: str, url: str) -> str:
    words = _HELP if facts.topic in _REMINDERS else _NOT_ME
    sentence = words.see if not phone else words.both if url else words.call
    return _say(env, sentence, phone=apart(env, phone), url=url)


def _days(facts: Facts):
    """The days that a notice tells, by the names that the sentences have for them."""
    yield "date", facts.moment
    if facts.until:
        yield "until", facts.until


def _day(env, moment: datetime) -> str:
    """The day of a moment where the programme is."""
    lang = env.lang or "en_US"
    text = format_date(_local(env, moment), "medium", locale_of(lang))
    return write_digits(text, lang)


def _short_day(env, moment: datetime) -> str:
    """As :func:`_day`, without the year: an SMS comes at once, each letter costs."""
    lang = env.lang or "en_US"
    text = format_skeleton("MMMd", _local(env, moment), locale=locale_of(lang))
    return write_digits(text, lang)


def _local(env, moment: datetime) -> datetime:
    zone = zone_of(env["g2p.spar.portal.settings"].time_zone())
    return moment.replace(tzinfo=zone_of("UTC")).astimezone(zone)
