"""The words of notices and codes, as one would say them to a person.

Short: each SMS costs, and is read on a small screen. No link to a form, no whole
number, and always what to do when it was somebody else.
"""

from datetime import datetime
from typing import NamedTuple

from babel.dates import format_date

from odoo.tools import LazyTranslate

from ..core.contact import PHONE
from ..core.notices import Topic
from ..core.words import locale_of, write_digits, zone_of

_lt = LazyTranslate(__name__)


class Facts(NamedTuple):
    """What a notice says.

    :param account: provider and masked number after the change
    :param before: the same before it
    :param moment: when it happened, naive UTC
    :param until: end of a hold, naive UTC; none: open
    :param kind: of the contact that was set or ended, masked in ``account``
    """

    topic: str
    channel: str
    moment: datetime
    reference: str
    account: str = ""
    before: str = ""
    until: datetime | None = None
    kind: str | None = None


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
    Topic.CONTACT_SET: _lt("Your contact for notices was changed"),
    Topic.CONTACT_ENDED: _lt("Your contact for notices was removed"),
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
}
_NOT_ME = _lt("Not you? See %(url)s")
_NOT_ME_CALL = _lt("Not you? Call %(phone)s or see %(url)s")


def notice_text(env, facts: Facts, kind: str) -> Text:
    """Say what happened.

    :param env: environment with the recipient's language
    :param kind: phone or email
    """
    lines = [_what(env, facts), _when(env, facts), _not_me(env, kind)]
    if kind == PHONE:
        lines = [" ".join(lines)]
    return Text(env._(_SUBJECTS[facts.topic]), lines)


def code_text(env, code: str, kind: str) -> Text:
    """Give somebody a code, and say what it is for."""
    programme = env["g2p.spar.portal.settings"].programme()
    lines = [
        env._(
            "%(code)s is your code for %(programme)s.", code=code, programme=programme
        ),
        env._("It works for 10 minutes. Do not tell it to anybody."),
    ]
    if kind == PHONE:
        lines = [" ".join(lines)]
    return Text(env._("Your code for %s", programme), lines)


def _say(env, sentence, **values) -> str:
    text = env._(sentence)
    return text % values


def _apart(env, text: str, mark: str = "\u2066") -> str:
    """Keep a number or name in its own order within a text from right to left.

    Without the marks an Arabic reader would see the groups of a phone number in the
    wrong order. Other languages do without: the marks would make an SMS dearer.

    :param mark: U+2066, it runs from left to right; U+2068, as its letters do
    """
    direction = env["res.lang"]._get_data(code=env.lang or "en_US").direction
    return f"{mark}{text}\u2069" if direction == "rtl" and text else text


def _what(env, facts: Facts) -> str:
    values = {
        "account": _apart(env, facts.account, "\u2068"),
        "before": _apart(env, facts.before, "\u2068"),
    }
    if facts.kind:
        return _say(env, _CONTACT_SENTENCES[facts.topic, facts.kind], **values)
    if facts.topic == Topic.HOLD and facts.until:
        return _say(env, _HOLD_UNTIL, **values, until=_day(env, facts.until))
    return _say(env, _SENTENCES[facts.topic], **values)


def _when(env, facts: Facts) -> str:
    sentence = _WHEN[facts.channel]
    return _say(
        env,
        sentence,
        date=_day(env, facts.moment),
        reference=_apart(env, facts.reference),
    )


def _not_me(env, kind: str) -> str:
    settings = env["g2p.spar.portal.settings"]
    url, phone = settings.url(), settings.help().phone
    if kind == PHONE:
        url = url.removeprefix("https://")
    if phone:
        return _say(env, _NOT_ME_CALL, phone=_apart(env, phone), url=url)
    return _say(env, _NOT_ME, url=url)


def _day(env, moment: datetime) -> str:
    """The day of a moment where the programme is."""
    lang = env.lang or "en_US"
    zone = zone_of(env["g2p.spar.portal.settings"].time_zone())
    local = moment.replace(tzinfo=zone_of("UTC")).astimezone(zone)
    return write_digits(format_date(local, "medium", locale_of(lang)), lang)
